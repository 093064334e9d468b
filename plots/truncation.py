"""What the paper's 4 m + 1 Fock levels change: the largest difference to converged levels, for each figure.

python3 -m plots.truncation RESULTS [--markdown]: RESULTS is the folder that jobs/reproduce_paper.sh fills.
"""

import argparse
import sys

import numpy

from plots.archive import PaperResults, definition
from plots.command import run

# What each figure shows of its sweeps.
SHOWN = {
    "fig3": ["battery_energy"],
    "fig4": ["ergotropy_max", "locked_energy_at_tau"],
    "fig5": ["tau"],
    "fig6": ["quench_energy_at_tau"],
    "fig7": ["ergotropy_max", "battery_energy_max"],
    "fig8": ["power_energy_max"],
    "fig9": ["ergotropy_max", "locked_energy_at_tau", "quench_energy_at_tau", "tau"],
    "fig9_detuning": ["ergotropy_max", "battery_energy_max"],
    "fig9_charger_energy": ["power_energy_max"],
    "fig10": ["ergotropy_max", "locked_energy_at_tau"],
    "fig10_detuning": ["tau"],
    "fig10_charger_energy": ["ergotropy_max", "tau"],
}


def interaction_axis(sweep):
    """The axis that tells Dicke from Tavis-Cummings."""
    return "interaction" if "interaction" in sweep.dims else "model"


def where(point, axes):
    """A point in words: its value on each axis."""
    texts = [f"{value:g}" if isinstance(value, float) else str(value) for value in
             (point[axis].values.item() for axis in axes)]
    return ", ".join(f"{axis} = {text}" for axis, text in zip(axes, texts))


def largest_difference(paper, converged):
    """The largest |paper - converged| of two DataArrays over the points of both, what was converged there,
    and the point."""
    paper, converged = (array.transpose(*paper.dims) for array in
                        (paper, converged.reindex_like(paper)))
    difference = numpy.abs(paper - converged)
    at = difference.argmax(difference.dims)
    return float(difference.isel(at)), float(converged.isel(at)), difference.isel(at)


def rows(results):
    """(figure, dataset, interaction, difference, converged value there, where) of all that is shown."""
    for figure, datasets in SHOWN.items():
        paper = definition(results.sweep(figure, "paper"), "dicke_subspace")
        converged = definition(results.sweep(figure), "dicke_subspace")
        axis = interaction_axis(paper)
        for dataset in datasets:
            for name in paper[axis].values:
                one = paper[dataset].sel({axis: name})
                other = converged[dataset].sel({axis: name})
                difference, value, point = largest_difference(one, other)
                axes = [dim for dim in one.dims if dim != "sample"]
                yield figure, dataset, str(name), difference, value, where(point, axes)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("results", help="the folder that jobs/reproduce_paper.sh fills")
    parser.add_argument("--markdown", action="store_true", help="as a table for a README")
    arguments = parser.parse_args()
    line = "| {} | `{}` | {} | {} | {} | {} |" if arguments.markdown else "{:21} {:21} {:15} {:>10} {:>10}  {}"
    print(line.format("figure", "dataset", "interaction", "difference", "of", "at").replace("`", ""))
    if arguments.markdown:
        print("| --- | --- | --- | ---: | ---: | --- |")
    for figure, dataset, name, difference, value, place in rows(PaperResults(arguments.results)):
        print(line.format(figure, dataset, name, f"{difference:.2g}", f"{value:.4g}", place))


if __name__ == "__main__":
    sys.exit(run(main))
