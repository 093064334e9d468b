"""Reading archives: what to copy into scripts of one's own."""

import glob
import os

import xarray


def open_archive(path):
    """The whole sweep in `path` as an xarray Dataset, read into memory.

    Dimensions are the axes of the sweep, `ergotropy_definition` and, with trajectories, `sample`;
    numbers of points that are not done are NaN.
    """
    with xarray.open_dataset(path, engine="h5netcdf") as sweep:
        return sweep.load()


def definition(sweep, name):
    """The part of the sweep that belongs to one way to count ergotropy: `global`,
    `permutation_invariant` or `dicke_subspace`."""
    return sweep.sel(ergotropy_definition=name)


def joined(sweeps):
    """One Dataset of several sweeps over the same axes with different values, such as one that was
    extended by another: points in none of them are NaN, points in more than one the first one's."""
    whole, *rest = sweeps
    for sweep in rest:
        whole = whole.combine_first(sweep)
    return whole


class PaperResults:
    """The archives that jobs/reproduce_paper.sh makes, in one folder.

    `converged` holds every figure with converged Fock levels, and for larger N the points that Figs. 4, 5, 6 and 10
    have in common (coherent_*.h5) and those of Fig. 9 (fock_*.h5); `paper` the input files as they are, with the
    4 m + 1 levels of the paper.
    """

    LARGER_N = {"fig4": "coherent", "fig5": "coherent", "fig6": "coherent", "fig10": "coherent", "fig9": "fock"}
    SCALING = {"fig4": "sqrt_n", "fig10": "bare"}  # of those that have one alone

    def __init__(self, folder):
        self.folder = folder

    def path(self, name, levels="converged"):
        return os.path.join(self.folder, levels, name + ".h5")

    def larger(self, name):
        """The archives with the points of inputs/NAME.yaml beyond its largest N, as far as they are there."""
        if name not in self.LARGER_N:
            return []
        return sorted(glob.glob(self.path(self.LARGER_N[name] + "_*")))

    def sweep(self, name, levels="converged"):
        """Of inputs/NAME.yaml, with the points for larger N if `levels` is converged."""
        sweeps = [open_archive(self.path(name, levels))]
        for path in self.larger(name) if levels == "converged" else []:
            sweep = open_archive(path)
            if name not in self.SCALING:
                sweeps.append(sweep)
            elif self.SCALING[name] in sweep.coupling_scaling:
                sweeps.append(sweep.sel(coupling_scaling=self.SCALING[name], drop=True))
        return joined(sweeps)
