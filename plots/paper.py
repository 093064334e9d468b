"""The figures of the paper, panel by panel as it lays them out.

python3 -m plots.paper RESULTS [-o FOLDER] [FIGURE ...]: RESULTS is the folder that
jobs/reproduce_paper.sh fills; FOLDER (default: RESULTS/figures) gets figN.png and figN.pdf.

Everything is drawn as the paper counts it, ergotropy_definition = dicke_subspace. Panels of locked
energy have the true one, `global`, as open markers on dashed lines beside it: where there is local noise it
crosses the bound.
"""

import argparse
import os
import sys

import numpy

from plots import style
from plots.archive import PaperResults, definition
from plots.command import run

NAMES = {"dicke": "Dicke", "tavis_cummings": "Tavis-Cummings"}
SHORT = {"dicke": "D", "tavis_cummings": "TC"}
N_LABEL = "number of atoms $N$"


def noise_lines(axes, points, x, y, hollow=False):
    """One line against the coordinate x for each noise set of the DataArray `y` of `points`."""
    for name, look in style.NOISE.items():
        line = y(points.sel(noise=name))
        options = {"markerfacecolor": "none", "linestyle": "--", "linewidth": 0.8} if hollow else {}
        label = "_nolegend_" if hollow else look["label"]
        axes.plot(points[x], line, color=look["color"], marker=look["marker"], label=label, **options)


def draw_bound(axes, N):
    """Eq. (9): 2 N / (N + 2), for omega_0 = 1."""
    N = numpy.linspace(float(N.min()), float(N.max()), 200)
    axes.plot(N, 2 * N / (N + 2), ":", color=style.BLACK, label="bound, Eq. (9)")


def ergotropy_panel(axes, sweep):
    noise_lines(axes, definition(sweep, "dicke_subspace"), "N", lambda p: p.ergotropy_max)
    axes.set(xlabel=N_LABEL, ylabel=r"$\mathcal{E}(\tau)\ [\omega_0]$")


def locked_panel(axes, sweep):
    for name in ("global", "dicke_subspace"):
        noise_lines(axes, definition(sweep, name), "N", lambda p: p.locked_energy_at_tau, hollow=name == "global")
    axes.plot([], [], "--", color="grey", marker="o", markerfacecolor="none", linewidth=0.8, label="open: global")
    draw_bound(axes, sweep.locked_energy_at_tau.dropna("N", how="all").N)
    axes.set(xlabel=N_LABEL, ylabel=r"locked $E_B - \mathcal{E}\ [\omega_0]$", ylim=(-0.1, None))


def time_panel(axes, sweep, scaled):
    label = r"$\sqrt{N}\,\tau\ [1/\omega_0]$" if scaled else r"time $\tau\ [1/\omega_0]$"
    noise_lines(axes, definition(sweep, "dicke_subspace"), "N",
                lambda p: p.tau * numpy.sqrt(p.N) if scaled else p.tau)
    axes.set(xlabel=N_LABEL, ylabel=label, ylim=(0, None))


def quench_panel(axes, sweep):
    noise_lines(axes, definition(sweep, "dicke_subspace"), "N", lambda p: p.quench_energy_at_tau)
    axes.set(xlabel=N_LABEL, ylabel=r"$\delta E_{\mathrm{ON}\to\mathrm{OFF}}(\tau)\ [\omega_0]$")


def detuning_panel(axes, sweep, quantity, label):
    noise_lines(axes, definition(sweep, "dicke_subspace"), "detuning_ratio", quantity)
    axes.axvline(1.0, color=style.BLACK, linewidth=0.8, linestyle=":")
    axes.set(xlabel=r"$\omega_0/\omega_c$", ylabel=label)


def detuned_ergotropy_panel(axes, sweep):
    detuning_panel(axes, sweep, lambda p: p.ergotropy_max, r"ergotropy $\mathcal{E}(\tau)\ [\omega_0]$")


def detuned_share_panel(axes, sweep):
    detuning_panel(axes, sweep, lambda p: p.ergotropy_max / p.battery_energy_max,
                   r"$\mathcal{E}(\tau)\,/\,\max_t E_B$")


def charger_panel(axes, sweep, quantity, label, logarithmic=False):
    noise_lines(axes, definition(sweep, "dicke_subspace"), "m", quantity)
    axes.set(xlabel=r"charger $m\omega_c\ [\omega_0]$", ylabel=label)
    if logarithmic:
        axes.set(xscale="log", yscale="log")
        ends = numpy.array([float(sweep.m.min()), float(sweep.m.max())])
        last = float(quantity(definition(sweep, "dicke_subspace").sel(noise="all"))[-1])
        axes.plot(ends, 0.7 * last * numpy.sqrt(ends / ends[1]), ":", color=style.BLACK, label=r"$\propto\sqrt{m}$")


def power_panel(axes, sweep):
    charger_panel(axes, sweep, lambda p: p.power_energy_max, r"power $P^{\max}\ [\omega_0^2]$", logarithmic=True)


def fig2(results):
    """Total energy from the ground state on, and that of the steady state, at the most levels there are."""
    sweep = results.sweep("fig2").isel(fock_dim=-1)
    figure, panels = style.grid(1, 1, height=3.2)
    axes = panels[0][0]
    for name, look in style.INTERACTION.items():
        points = sweep.sel(interaction=name)
        axes.plot(points.time, points.total_energy, **look)
        axes.axhline(points.steady_total_energy, linestyle="--", color=look["color"],
                     label=look["label"] + ", steady state")
    axes.set(xlabel=r"time $t\ [1/\omega_0]$", ylabel=r"total energy $\langle H\rangle\ [\omega_0]$",
             xlim=(0, float(sweep.time.max())))
    axes.legend(ncols=2, loc="center right")
    return figure


def fig3(results):
    """Battery energy per atom; below with a twentieth of the losses."""
    sweep = results.sweep("fig3")
    figure, panels = style.grid(2, 1, height=2.3, sharex=True)
    for axes, losses, name in zip(panels.flat, ("full", "twentieth"), ("top", "bottom")):
        for interaction, look in style.INTERACTION.items():
            points = sweep.sel(losses=losses, interaction=interaction)
            axes.plot(points.time, points.battery_energy / 4, **look)
        axes.set(ylabel=r"$\langle H_B\rangle/N\ [\omega_0]$", ylim=(0, 1), xlim=(0, 30))
        rates = r"$\gamma_\downarrow = 0.1$, $\kappa = 0.15$" if losses == "full" else \
            r"$\gamma_\downarrow = 0.005$, $\kappa = 0.0075$"
        style.letter(axes, name, rates)
    panels[1][0].set(xlabel=r"time $t\ [1/\omega_0]$")
    panels[0][0].legend(loc="upper right")
    return figure


def add_legend(figure, axes):
    """The four noise sets and what else `axes` shows, once for the whole figure."""
    style.legend_above(figure, axes, columns=6)


def both_interactions(sweep, axis, upper, lower):
    """Dicke on the left and Tavis-Cummings on the right, by `axis`; two kinds of panels one above the other."""
    figure, panels = style.grid(2, 2)
    for row, panel, letters in ((panels[0], upper, "ab"), (panels[1], lower, "cd")):
        for axes, name, interaction in zip(row, letters, NAMES):
            panel(axes, sweep.sel({axis: interaction}))
            style.letter(axes, name, NAMES[interaction])
    add_legend(figure, panels[1][0])
    return figure


def fig4(results):
    return both_interactions(results.sweep("fig4"), "interaction", ergotropy_panel, locked_panel)


def fig5(results):
    sweep = results.sweep("fig5")
    figure, panels = style.grid(2, 2)
    for row, scaling in enumerate(("sqrt_n", "bare")):
        for column, interaction in enumerate(NAMES):
            axes = panels[row][column]
            time_panel(axes, sweep.sel(coupling_scaling=scaling, interaction=interaction), scaled=scaling == "bare")
            coupling = r"$g/\sqrt{N}$" if scaling == "sqrt_n" else "$g$"
            style.letter(axes, "abcd"[2 * row + column], f"{NAMES[interaction]}, {coupling}")
    add_legend(figure, panels[0][0])
    return figure


def fig6(results):
    sweep = results.sweep("fig6")
    figure, panels = style.grid(1, 3)
    titles = {("tavis_cummings", "sqrt_n"): "Tavis-Cummings", ("dicke", "sqrt_n"): r"Dicke, $g/\sqrt{N}$",
              ("dicke", "bare"): "Dicke, $g$"}
    for axes, ((interaction, scaling), title), name in zip(panels.flat, titles.items(), "abc"):
        quench_panel(axes, sweep.sel(interaction=interaction, coupling_scaling=scaling))
        style.letter(axes, name, title)
    panels[0][0].set_ylim(-1, 1)
    add_legend(figure, panels[0][0])
    return figure


def fig7(results):
    return both_interactions(results.sweep("fig7"), "model", detuned_ergotropy_panel, detuned_share_panel)


def fig8(results):
    sweep = results.sweep("fig8")
    figure, panels = style.grid(1, 2, height=3.0)
    for axes, interaction, name in zip(panels.flat, NAMES, "ab"):
        power_panel(axes, sweep.sel(interaction=interaction))
        style.letter(axes, name, NAMES[interaction])
    add_legend(figure, panels[0][0])
    return figure


def fig9(results):
    """All of the above with a Fock state in the charger."""
    against_n = results.sweep("fig9")
    detuned = results.sweep("fig9_detuning")
    charged = results.sweep("fig9_charger_energy")
    figure, panels = style.rows_of_panels(["abcd", "efg", "hijk", "lmno", "pq"])

    def of(interaction, scaling="sqrt_n"):
        return against_n.sel(interaction=interaction, coupling_scaling=scaling)

    for names, interaction in (("ab", "dicke"), ("cd", "tavis_cummings")):
        ergotropy_panel(panels[names[0]], of(interaction))
        locked_panel(panels[names[1]], of(interaction))
        for name in names:
            style.letter(panels[name], name, SHORT[interaction])
    for name, interaction, scaling, title in (("e", "tavis_cummings", "sqrt_n", "TC"),
                                              ("f", "dicke", "sqrt_n", r"D, $g/\sqrt{N}$"),
                                              ("g", "dicke", "bare", "D, $g$")):
        quench_panel(panels[name], of(interaction, scaling))
        style.letter(panels[name], name, title)
    panels["e"].set_ylim(-1, 1)
    for name, interaction, scaling in (("h", "dicke", "sqrt_n"), ("i", "dicke", "bare"),
                                       ("j", "tavis_cummings", "sqrt_n"), ("k", "tavis_cummings", "bare")):
        time_panel(panels[name], of(interaction, scaling), scaled=scaling == "bare")
        style.letter(panels[name], name, SHORT[interaction] + (", $g$" if scaling == "bare" else r", $g/\sqrt{N}$"))
    for names, model in (("lm", "dicke"), ("no", "tavis_cummings")):
        detuned_ergotropy_panel(panels[names[0]], detuned.sel(model=model))
        detuned_share_panel(panels[names[1]], detuned.sel(model=model))
        for name in names:
            style.letter(panels[name], name, SHORT[model])
    for name, interaction in (("p", "dicke"), ("q", "tavis_cummings")):
        power_panel(panels[name], charged.sel(interaction=interaction))
        style.letter(panels[name], name, SHORT[interaction])
    add_legend(figure, panels["b"])
    return figure


def fig10(results):
    """The bare coupling, charging times against detuning, and the charger's energy."""
    against_n = results.sweep("fig10")
    detuned = results.sweep("fig10_detuning")
    charged = results.sweep("fig10_charger_energy")
    figure, panels = style.rows_of_panels(["abcd", "ef", "ghij"])
    for names, interaction in (("ab", "dicke"), ("cd", "tavis_cummings")):
        points = against_n.sel(interaction=interaction)
        ergotropy_panel(panels[names[0]], points)
        locked_panel(panels[names[1]], points)
        for name in names:
            style.letter(panels[name], name, SHORT[interaction] + ", $g$")
    for name, model in (("e", "dicke"), ("f", "tavis_cummings")):
        detuning_panel(panels[name], detuned.sel(model=model), lambda p: p.tau, r"time $\tau\ [1/\omega_0]$")
        style.letter(panels[name], name, SHORT[model])
    for names, interaction in (("gh", "dicke"), ("ij", "tavis_cummings")):
        points = charged.sel(interaction=interaction)
        charger_panel(panels[names[0]], points, lambda p: p.ergotropy_max, r"$\mathcal{E}(\tau)\ [\omega_0]$")
        charger_panel(panels[names[1]], points, lambda p: p.tau, r"time $\tau\ [1/\omega_0]$")
        for name in names:
            style.letter(panels[name], name, SHORT[interaction])
    add_legend(figure, panels["b"])
    return figure


FIGURES = {function.__name__: function for function in (fig2, fig3, fig4, fig5, fig6, fig7, fig8, fig9, fig10)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("results", help="the folder that jobs/reproduce_paper.sh fills")
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=f"of {', '.join(FIGURES)}; all unless given")
    parser.add_argument("-o", "--output", metavar="FOLDER", help="where the pictures go; RESULTS/figures unless given")
    arguments = parser.parse_args()
    unknown = set(arguments.figures) - set(FIGURES)
    if unknown:
        parser.error(f"{', '.join(sorted(unknown))}: no figure; there are {', '.join(FIGURES)}")
    results = PaperResults(arguments.results)
    folder = arguments.output or os.path.join(arguments.results, "figures")
    for name in arguments.figures or FIGURES:
        style.save(FIGURES[name](results), folder, name)
        print(os.path.join(folder, name + ".png"))


if __name__ == "__main__":
    sys.exit(run(main))
