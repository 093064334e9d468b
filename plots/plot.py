"""A picture of any archive: one dataset, one axis as x, others as series and panels.

python3 -m plots.plot ARCHIVE DATASET [-x AXIS] [--series AXIS] [--panels AXIS] [--select AXIS=VALUE ...]
                      [--log x|y|xy] [-o FILE]

  python3 -m plots.plot fig4.h5 ergotropy_max -x N --select ergotropy_definition=global
  python3 -m plots.plot fig3.h5 battery_energy -x time

What is not named is taken in the order of the sweep: its last axis with more than one value as x (time for a
trajectory), then series, then panels. FILE (default: DATASET.png) may end in any format of matplotlib.
"""

import argparse
import sys
import textwrap

import numpy

from plots import style
from plots.archive import open_archive
from plots.command import Refused, run

# As many letters as fit along the side of a panel, and along its width where it has no neighbour. Longer labels would
# reach into the legend.
LONGEST_Y_LABEL = 32
LONGEST_X_LABEL = 80


def picked(sweep, selections):
    """The sweep at AXIS=VALUE, for each of them."""
    for selection in selections:
        axis, _, value = selection.partition("=")
        if axis not in sweep.dims:
            raise Refused(f"--select {selection}: no axis {axis}; there are {', '.join(map(str, sweep.dims))}")
        values = sweep[axis].values
        texts = [str(known) for known in values]
        if value in texts:
            sweep = sweep.isel({axis: texts.index(value)})
            continue
        try:
            sweep = sweep.isel({axis: list(values).index(float(value))})
        except ValueError:
            raise Refused(f"--select {selection}: {axis} has {', '.join(texts)}") from None
    return sweep


def roles(data, x, series, panels):
    """Which dimension of `data` is x, which makes series and which panels (None: none does)."""
    if x == "time":
        x = "sample"
    asked = [name for name in (x, series, panels) if name]
    for name in asked:
        if name not in data.dims:
            raise Refused(f"{data.name} has no axis {name}; it has {', '.join(data.dims)}")
    free = [dim for dim in data.dims if dim not in asked]
    if not x:
        x = "sample" if "sample" in free else next((dim for dim in reversed(free) if dim != "ergotropy_definition"),
                                                   None)
        if x is None:
            raise Refused(f"{data.name} has no axis left to draw it against")
        free.remove(x)
    if not series and free:
        series = free.pop(-1)
    if not panels and free:
        panels = free.pop(-1)
    if free:
        raise Refused(f"{data.name} has more axes than a picture: give --select {free[0]}=VALUE "
                     f"({', '.join(str(value) for value in data[free[0]].values)})")
    return x, series, panels


def axis_label(values, longest):
    """What is drawn along an axis, in lines of at most `longest` letters."""
    name = values.attrs.get("long_name", values.name)
    units = values.attrs.get("units", "1")
    return textwrap.fill(name if units == "1" else f"{name} [{units}]", longest)


def abscissa(sweep, line, x):
    """Numbers along x: the coordinate, the time of a trajectory, or 0, 1, ... for words."""
    if x == "sample":
        return line.time
    return line[x] if numpy.issubdtype(sweep[x].dtype, numpy.number) else numpy.arange(line.sizes[x])


def draw(sweep, dataset, x=None, series=None, panels=None, log=""):
    """The picture of a dataset of an opened archive; raises Refused."""
    if dataset not in sweep.data_vars:
        raise Refused(f"no dataset {dataset}; there are {', '.join(sorted(map(str, sweep.data_vars)))}")
    x, series, panels = roles(sweep[dataset].squeeze(), x, series, panels)
    points = sweep.squeeze()
    titles = points[panels].values if panels else [None]
    columns = min(len(titles), 2)
    figure, grid = style.grid(-(-len(titles) // columns), columns, height=2.8, sharex=True)
    for spare in grid.flat[len(titles):]:
        spare.remove()
    for lowest in grid.flat[max(len(titles) - columns, 0):len(titles)]:
        lowest.tick_params(labelbottom=True)  # also above a panel that is spared
    for axes, title in zip(grid.flat, titles):
        panel = points.sel({panels: title}) if panels else points
        names = panel[series].values if series else [None]
        for name, look in zip(names, style.series_styles(len(names))):
            line = panel.sel({series: name}) if series else panel
            axes.plot(abscissa(sweep, line, x), line[dataset], label=f"{series} = {name}" if series else None,
                      **(look | {"marker": ""} if x == "sample" else look))
        if x != "sample" and not numpy.issubdtype(sweep[x].dtype, numpy.number):
            axes.set_xticks(range(points.sizes[x]), points[x].values)
        axes.set(xlabel=axis_label(sweep.time if x == "sample" else sweep[x], LONGEST_X_LABEL // columns),
                 ylabel=axis_label(sweep[dataset], LONGEST_Y_LABEL))
        axes.set(**{f"{axis}scale": "log" for axis in log})
        if title is not None:
            axes.set_title(f"{panels} = {title}", loc="left")
    if series:
        style.legend_above(figure, grid[0][0], columns=4)
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive")
    parser.add_argument("dataset")
    parser.add_argument("-x", metavar="AXIS")
    parser.add_argument("--series", metavar="AXIS")
    parser.add_argument("--panels", metavar="AXIS")
    parser.add_argument("--select", metavar="AXIS=VALUE", action="append", default=[])
    parser.add_argument("--log", choices=["x", "y", "xy"], default="")
    parser.add_argument("-o", "--output", metavar="FILE")
    arguments = parser.parse_args()
    try:
        sweep = picked(open_archive(arguments.archive), arguments.select)
        figure = draw(sweep, arguments.dataset, arguments.x, arguments.series, arguments.panels, arguments.log)
    except Refused as error:
        raise Refused(f"{arguments.archive}: {error}") from error
    figure.savefig(arguments.output or arguments.dataset + ".png", dpi=110)


if __name__ == "__main__":
    sys.exit(run(main))
