"""Pictures of what changes in time: switching, drives, storage.

    python3 -m plots.protocols switching|driven|storage ARCHIVE [-o FOLDER]

draws NAME.png and NAME.pdf of the archive that inputs/NAME.yaml makes."""

import argparse
import sys

import yaml

from plots import style
from plots.archive import definition, open_archive
from plots.command import Refused, run


def switching(sweep):
    """Ergotropy, work of switching and heat at the end of the window, against the rise of the coupling."""
    sweep = definition(sweep, "global").isel(sample=-1)
    rise = sweep["coupling.rise"].values
    figure, panels = style.grid(1, 3, height=2.6, sharex=True)
    for interaction, look in style.INTERACTION.items():
        for noise, dashes, filled in (("none", "-", True), ("all", "--", False)):
            point = sweep.sel(interaction=interaction, noise=noise)
            label = f"{look['label']}, {'no noise' if noise == 'none' else 'noise'}"
            shown = {"color": look["color"], "linestyle": dashes, "marker": "o", "label": label,
                     "markerfacecolor": look["color"] if filled else "none"}
            panels[0][0].plot(rise, point.ergotropy / point.N_atoms, **shown)
            # What the fall has not switched off yet is switched off at once.
            panels[0][1].plot(rise, point.work_switching - point.interaction_energy, **shown)
            panels[0][2].plot(rise, point.heat_cavity + point.heat_atoms, **shown)
    panels[0][0].set_ylabel(r"$\mathcal{E}(t_\mathrm{max})\,/\,(N\omega_0)$")
    panels[0][1].set_ylabel(r"$W_\mathrm{sw}\,/\,\omega_0$")
    panels[0][2].set_ylabel(r"$(Q_\mathrm{c} + Q_\mathrm{a})\,/\,\omega_0$")
    for axes, name, title in zip(panels[0], "abc", ("ergotropy", "work of switching", "heat")):
        style.letter(axes, name, title)
        axes.set_xlabel(r"rise and fall $\times\,\omega_0$")
    style.legend_above(figure, panels[0][0], columns=2)
    return figure


def driven(sweep):
    """Ergotropy against the frequency of the drive: the largest of a charging run, and in the steady state."""
    sweep = definition(sweep, "global")
    figure, panels = style.grid(1, 2, height=2.8, sharex=True, sharey=True)
    for drive, look in zip(sweep.drive.values, style.series_styles(sweep.sizes["drive"])):
        point = sweep.sel(drive=drive)
        panels[0][0].plot(sweep.omega_d, point.ergotropy_max / point.N_atoms, label=f"drive {drive:g}", **look)
        panels[0][1].plot(sweep.omega_d, point.steady_ergotropy / point.N_atoms, label=f"drive {drive:g}", **look)
    style.letter(panels[0][0], "a", "largest while charging")
    style.letter(panels[0][1], "b", "steady state")
    panels[0][0].set_ylabel(r"$\mathcal{E}\,/\,(N\omega_0)$")
    for axes in panels[0]:
        axes.set_xlabel(r"$\omega_\mathrm{d}\,/\,\omega_0$")
    style.legend_above(figure, panels[0][0], columns=3)
    return figure


def storage(sweep):
    """The time after which half of the ergotropy is lost, times gamma_down; and how it is lost."""
    sweep = definition(sweep, "global")
    figure, panels = style.grid(1, 2, height=2.8)
    middle = sweep.gamma_down.values[sweep.sizes["gamma_down"] // 2]
    for N, look in zip(sweep.N.values, style.series_styles(sweep.sizes["N"])):
        for interaction, dashes in (("dicke", "-"), ("tavis_cummings", "--")):
            point = sweep.sel(N=N, interaction=interaction)
            label = f"$N = {N}$" if interaction == "dicke" else None
            panels[0][0].plot(sweep.gamma_down, point.storage_half_life * sweep.gamma_down,
                              **{**look, "linestyle": dashes}, label=label)
            kept = point.sel(gamma_down=middle)
            panels[0][1].plot(kept.storage_time * middle, kept.storage_ergotropy / kept.storage_ergotropy[0],
                              color=look["color"], linestyle=dashes)
    panels[0][0].set_xscale("log")
    panels[0][0].set_xlabel(r"$\gamma_\downarrow\,/\,\omega_0$")
    panels[0][0].set_ylabel(r"half-life $\times\ \gamma_\downarrow$")
    panels[0][1].set_xlim(0, 1)
    panels[0][1].axhline(0.5, color=style.BLACK, linewidth=0.8)
    panels[0][1].set_xlabel(r"time stored $\times\ \gamma_\downarrow$")
    panels[0][1].set_ylabel(r"$\mathcal{E}\,/\,\mathcal{E}(\tau)$")
    style.letter(panels[0][0], "a", "Dicke; dashed: Tavis-Cummings")
    style.letter(panels[0][1], "b", rf"$\gamma_\downarrow = {middle:.2g}\,\omega_0$")
    style.legend_above(figure, panels[0][0], columns=4)
    return figure


PICTURES = {"switching": switching, "driven": driven, "storage": storage}


def number_of_atoms(sweep):
    """N along its axis, or the one number of the sweep file."""
    if "N" in sweep.coords:
        return sweep.N
    return yaml.safe_load(sweep.attrs["sweep_file"])["parameters"]["N"]


def main():
    parser = argparse.ArgumentParser(description="Pictures of what changes in time.")
    parser.add_argument("picture", choices=PICTURES)
    parser.add_argument("archive", metavar="ARCHIVE")
    parser.add_argument("-o", "--output", default=".", metavar="FOLDER")
    options = parser.parse_args()
    sweep = open_archive(options.archive)
    if sweep.attrs.get("sweep_name") != options.picture:
        raise Refused(f"{options.archive} is not made of inputs/{options.picture}.yaml")
    sweep = sweep.assign(N_atoms=number_of_atoms(sweep))
    style.save(PICTURES[options.picture](sweep), options.output, options.picture)


if __name__ == "__main__":
    sys.exit(run(main))
