"""Locked energy per spin against N, for the three ergotropies, with the limit N -> infinity.

    python3 -m plots.locked_energy ARCHIVE [ARCHIVE ...] [-o FOLDER] [--name NAME] [--at-window-end]

draws NAME.png and NAME.pdf: a column of panels for every interaction and charger in the archives, a row for
every set of noise; archives of the same batteries with other N extend one another. The numbers, with an
extrapolation to N -> infinity, are printed as Markdown tables.

The energies are those at the largest ergotropy of each definition; with --at-window-end those at the fixed
time t_max, the last sample of the trajectories."""

import argparse
import itertools
import json
import math
import sys
from dataclasses import astuple, dataclass

import numpy as np
import yaml

from plots import mean_field, style
from plots.archive import open_archive
from plots.command import Refused, run

# Where two definitions agree, the smaller marker is seen inside the larger one.
DEFINITIONS = {
    "global": {"color": style.BLUE, "marker": "o", "markersize": 4, "zorder": 4},
    "permutation_invariant": {"color": style.ORANGE, "marker": "s", "markersize": 7.5, "markerfacecolor": "none",
                              "zorder": 2},
    "dicke_subspace": {"color": style.GREEN, "marker": "^", "markersize": 7.5, "markerfacecolor": "none",
                       "zorder": 3},
}
NAMES = {("tavis_cummings", "coherent"): "TC, coherent", ("tavis_cummings", "fock"): "TC, Fock",
         ("dicke", "coherent"): "Dicke, coherent", ("dicke", "fock"): "Dicke, Fock"}
TICKS = (2, 5, 10, 20, 50, 100, 200)
LOCAL_NOISE = ("gamma_down", "gamma_phi")

DONE = 1  # of the dataset `status`

# Fewer spins are left out of the extrapolation.
FIT_FROM = 12


@dataclass
class Series:
    """Batteries that differ in N alone."""
    parameters: dict  # as in a sweep file, without N
    noise: str
    N: np.ndarray
    locked: dict  # of every definition: locked energy per spin, in units of omega_0
    limit: mean_field.Charge

    @property
    def battery(self):
        return NAMES[self.parameters["interaction"], self.parameters["charger"]]

    @property
    def locked_in_the_limit(self):
        """Per spin, in units of omega_0. Rounding leaves a sign to a zero."""
        return abs(self.limit.locked_energy) / self.parameters.get("omega_0", 1.0)

    @property
    def has_local_noise(self):
        return any(self.parameters.get(rate, 0.0) for rate in LOCAL_NOISE)


def parameters_of(archive, point):
    """What a sweep file would call the parameters of a point; g, omega_c and m / N as resolved."""
    known = dict(yaml.safe_load(archive.attrs["sweep_file"])["parameters"])
    for override in json.loads(archive.attrs["sweep_overrides"]):
        key, _, value = override.partition("=")
        known[key] = yaml.safe_load(value)
    for name, value in point.coords.items():
        if value.ndim == 0:
            known[name] = value.item()
    known.setdefault("charger", "coherent")
    return {**known, "g": float(point.point_g), "omega_c": float(point.point_omega_c),
            "m_per_n": float(point.point_m) / float(point.N)}


def battery_of(parameters):
    """The same battery in the limit N -> infinity."""
    names = ("interaction", "g", "kappa", "gamma_down", "gamma_phi", "m_per_n", "omega_0", "omega_c", "charger")
    return mean_field.Battery(**{name: parameters[name] for name in names if name in parameters})


def limit_of(parameters, t_max, at_window_end):
    """What such a battery holds at the largest ergotropy, or at t_max."""
    battery = battery_of(parameters)
    if at_window_end:
        return mean_field.charge_at(battery, mean_field.evolve(battery, t_max), t_max)
    return mean_field.charge(battery, t_max)


def series_of(archive, at_window_end):
    """The series of an archive whose axes are N, `noise` and perhaps interaction and charger."""
    if at_window_end:
        last = archive.isel(sample=-1)
        locked_energy = last.battery_energy - last.ergotropy
    else:
        locked_energy = archive.locked_energy_at_tau
    archive = archive.assign(locked=locked_energy / archive.N)
    others = [axis for axis in archive.status.dims if axis != "N"]
    found = []
    for place in itertools.product(*(range(archive.sizes[axis]) for axis in others)):
        points = archive.isel(dict(zip(others, place)))
        points = points.isel(N=points.status.values == DONE)
        if points.sizes["N"] == 0:
            continue
        parameters = parameters_of(archive, points.isel(N=-1))
        if parameters.get("coupling_scaling", "sqrt_n") != "sqrt_n":
            raise Refused("the limit of many spins is that of coupling_scaling: sqrt_n")
        t_max = float(points.time.max()) if at_window_end else None
        locked = {name: points.locked.sel(ergotropy_definition=name).values / parameters.get("omega_0", 1.0)
                  for name in DEFINITIONS}
        found.append(Series(parameters, parameters["noise"], points.N.values, locked,
                            limit_of(parameters, t_max, at_window_end)))
    return found


def differ_in_nothing_but_N(one, other):
    """But for rounding, which in the limit depends on where in memory numbers lie."""
    return (all(x == y if isinstance(x, str) else math.isclose(x, y, rel_tol=1e-12)
                for x, y in zip(astuple(battery_of(one.parameters)), astuple(battery_of(other.parameters))))
            and math.isclose(one.limit.battery_energy, other.limit.battery_energy,
                             rel_tol=100 * mean_field.TOLERANCE))


def merged(all_series):
    """One series of several that differ in nothing but their N, such as a sweep and its extension."""
    whole = {}
    for series in all_series:
        known = whole.setdefault((series.battery, series.noise), series)
        if known is series:
            continue
        if not differ_in_nothing_but_N(known, series):
            raise Refused(f"{series.battery}, {series.noise}: the archives are of different batteries")
        N, first = np.unique(np.concatenate([known.N, series.N]), return_index=True)
        known.locked = {name: np.concatenate([known.locked[name], series.locked[name]])[first]
                        for name in DEFINITIONS}
        known.N = N
    return list(whole.values())


def fitted_limit(N, values, powers, entropy_of_phase):
    """The constant f of values = f + sum of c_p N^p by least squares.

    With `entropy_of_phase` the term (ln N)/(2 N beta), beta = ln((1 - f)/f), comes on top: the battery's
    entropy is larger by (ln N)/2, and 1/beta is the energy in units of omega_0 that a unit of entropy costs in
    the passive state, which is thermal with the excited population f."""
    columns = np.stack([N ** p for p in (0.0, *powers)], axis=1)
    f, before = values[-1], None
    while before is None or abs(f - before) > 1e-12:
        before = f
        logarithm = np.log(N) / (2.0 * N * np.log((1.0 - f) / f)) if entropy_of_phase else 0.0
        f = np.linalg.lstsq(columns, values - logarithm, rcond=None)[0][0]
    return f


def extrapolated(series, definition):
    """The locked energy per spin for N -> infinity, and how far it moves when the largest, the smallest or
    the two smallest N are left out; None if there are too few.

    Around mean field everything is a series in 1/N. A Fock charger makes the battery's state a mixture over
    phases: (ln N)/2 more entropy in the whole, and some sqrt(N) levels to spread over in every block."""
    powers, entropy_of_phase = (-1.0, -2.0), False
    if series.parameters["charger"] == "fock":
        if definition == "global":
            entropy_of_phase = True
        else:
            powers = (-0.5, -1.0, -1.5)
    used = series.N >= FIT_FROM
    N, values = series.N[used].astype(float), series.locked[definition][used]
    if N.size < len(powers) + 4:
        return None
    whole, *others = (fitted_limit(N[part], values[part], powers, entropy_of_phase)
                      for part in (slice(None), slice(None, -1), slice(1, None), slice(2, None)))
    return whole, max(abs(other - whole) for other in others)


def print_tables(all_series):
    """A table for every series: locked energy in units of omega_0, then per spin with the limits."""
    for series in all_series:
        print(f"\n{series.battery}, {series.noise}: locked energy / omega_0")
        print("\n| N | `global` | `permutation_invariant` | `dicke_subspace` | 2N/(N+2) | `global` per spin |")
        print("| ---: | ---: | ---: | ---: | ---: | ---: |")
        for k, N in enumerate(series.N):
            energies = " | ".join(f"{N * series.locked[name][k]:.4f}" for name in DEFINITIONS)
            print(f"| {N} | {energies} | {2.0 * N / (N + 2):.4f} | {series.locked['global'][k]:.5f} |")
        print(f"\nN -> infinity, per spin: mean field {series.locked_in_the_limit:.6f} at t = "
              f"{series.limit.tau:.5f}")
        for name in "global", "permutation_invariant":
            found = extrapolated(series, name) if series.has_local_noise else None
            if found:
                print(f"  extrapolated {name}: {found[0]:.6f} +- {found[1]:.6f}")


def draw_panel(axes, series):
    """Locked energy per spin against N, between the paper's bound and the limit of many spins."""
    for definition, look in DEFINITIONS.items():
        axes.plot(series.N, series.locked[definition], label=definition, **look)
    axes.axhline(series.locked_in_the_limit, color=style.BLACK, linestyle="--", zorder=1,
                 label=r"mean field, $N \to \infty$")
    N = np.geomspace(series.N[0], series.N[-1], 200)
    axes.plot(N, 2.0 / (N + 2.0), color=style.PINK, linestyle=":", linewidth=2.2, zorder=1,
              label="the paper's bound, $2/(N+2)$")
    axes.set_xscale("log")
    axes.set_xticks(TICKS)
    axes.get_xaxis().set_major_formatter("{x:g}")
    axes.minorticks_off()


def draw(all_series, folder, name):
    """The picture."""
    columns = list(dict.fromkeys(series.battery for series in all_series))
    rows = list(dict.fromkeys(series.noise for series in all_series))
    figure, panels = style.grid(len(rows), len(columns), height=2.1, sharex="col", sharey=True)
    for series in all_series:
        row, column = rows.index(series.noise), columns.index(series.battery)
        draw_panel(panels[row][column], series)
        noise = style.NOISE.get(series.noise, {"label": series.noise})["label"]
        style.letter(panels[row][column], "abcdefghijklmnop"[row * len(columns) + column],
                     f"{series.battery}, {noise}")
    for column in range(len(columns)):
        in_column = [series.N for series in all_series if columns.index(series.battery) == column]
        panels[0][column].set_xlim(0.9 * min(N[0] for N in in_column), 1.1 * max(N[-1] for N in in_column))
        panels[-1][column].set_xlabel("number of spins $N$")
    panels[0][0].set_ylim(-0.015, 1.05 * max(values.max() for series in all_series
                                             for values in series.locked.values()))
    for axes in panels[:, 0]:
        axes.set_ylabel(r"$(E_B - \mathcal{E})\, /\, (N \omega_0)$")
    style.legend_above(figure, panels[0][0], columns=3)
    style.save(figure, folder, name)


def main():
    parser = argparse.ArgumentParser(description="Locked energy per spin against N.")
    parser.add_argument("archives", nargs="+", metavar="ARCHIVE")
    parser.add_argument("-o", "--output", default=".", metavar="FOLDER")
    parser.add_argument("--name", default="locked_energy")
    parser.add_argument("--at-window-end", action="store_true",
                        help="at the time t_max instead of at the largest ergotropy")
    options = parser.parse_args()
    found = merged(series for path in options.archives
                   for series in series_of(open_archive(path), options.at_window_end))
    print_tables(found)
    draw(found, options.output, options.name)


if __name__ == "__main__":
    sys.exit(run(main))
