"""Reading archives: what to copy into scripts of one's own."""

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

    `converged` holds every figure with fock_dim = auto, to the largest N; `paper` with the 4 m + 1
    levels of the paper, to the N of the input file.
    """

    def __init__(self, folder):
        self.folder = folder

    def path(self, name, levels="converged"):
        return os.path.join(self.folder, levels, name + ".h5")

    def sweep(self, name, levels="converged"):
        """Of inputs/NAME.yaml; with NAME_large.h5, the points beyond its largest N, where that is
        there."""
        paths = [self.path(name, levels), self.path(name + "_large", levels)]
        return joined([open_archive(path) for path in paths if path == paths[0] or os.path.exists(path)])
