"""An archive opens, as it is, in what physicists plot with: xarray with both of its engines, h5dump."""

import os
import subprocess
import tempfile
import unittest
import warnings

import numpy as np
import xarray

SMALL = """
name: small
description: opened by other programs
parameters: {g: 0.25, m: 1, fock_dim: 6}
axes:
  - {name: interaction, values: [dicke, tavis_cummings]}
  - name: noise
    labels: [none, "all \u00b5"]
    values: {kappa: [0, 0.15], gamma_down: [0, 0.1]}
  - {name: N, values: [1, 2, 3]}
charging: {t_max: 2.0, samples: 5}
"""

ONE = """
name: one
parameters: {interaction: dicke, N: 1, g: 0.25, m: 1, fock_dim: 6}
charging: {t_max: 2.0}
"""

# Steady states beside charges from two starts, of which one has a ground state.
STEADY = """
name: steady
parameters: {N: 2, g_over_gc: 2, m: 1, fock_dim: 8, gamma_down: 0.1, gamma_phi: 0.1}
axes:
  - {name: interaction, values: [dicke, tavis_cummings]}
  - {name: initial_state, values: [charged_cavity, ground_state]}
charging: {t_max: 2.0, samples: 3}
steady_state: {gap: true}
"""

folder = tempfile.TemporaryDirectory()


def path_of(sweep, ending):
    return os.path.join(folder.name, {SMALL: "small", ONE: "one", STEADY: "steady"}[sweep] + ending)


def setUpModule():
    for sweep in SMALL, ONE, STEADY:
        with open(path_of(sweep, ".yaml"), "w", encoding="utf-8") as file:
            file.write(sweep)
        subprocess.run([os.environ["QBSWEEP"], "run", path_of(sweep, ".yaml"),
                        "-o", path_of(sweep, ".h5")], check=True, stdout=subprocess.DEVNULL)


def tearDownModule():
    folder.cleanup()


def open_archive(sweep, engine):
    with warnings.catch_warnings():
        warnings.simplefilter("error", xarray.SerializationWarning)
        with xarray.open_dataset(path_of(sweep, ".h5"), engine=engine) as dataset:
            return dataset.load()


class WithEngine:
    """What must hold with every engine of xarray; the classes below say which."""

    def open(self, sweep):
        return open_archive(sweep, self.engine)

    def test_dimensions_have_names_and_coordinates(self):
        dataset = self.open(SMALL)
        self.assertEqual(dict(dataset.sizes),
                         {"interaction": 2, "noise": 2, "N": 3, "ergotropy_definition": 3,
                          "sample": 5})
        self.assertEqual(dataset.status.dims, ("interaction", "noise", "N"))
        self.assertEqual(dataset.tau.dims,
                         ("interaction", "noise", "N", "ergotropy_definition"))
        self.assertEqual(dataset.ergotropy.dims,
                         ("interaction", "noise", "N", "ergotropy_definition", "sample"))
        self.assertEqual(list(dataset.interaction.values), ["dicke", "tavis_cummings"])
        self.assertEqual(list(dataset.noise.values), ["none", "all \u00b5"])
        self.assertEqual(list(dataset.N.values), [1, 2, 3])
        self.assertEqual(list(dataset.ergotropy_definition.values),
                         ["global", "permutation_invariant", "dicke_subspace"])
        self.assertEqual(list(dataset.sample.values), [0, 1, 2, 3, 4])

    def test_zipped_parameters_and_times_are_coordinates(self):
        dataset = self.open(SMALL)
        self.assertEqual(dataset.kappa.dims, ("noise",))
        self.assertEqual(list(dataset.tau.coords["kappa"].values), [0, 0.15])
        self.assertEqual(list(dataset.tau.coords["gamma_down"].values), [0, 0.1])
        trajectory = dataset.battery_energy.sel(interaction="dicke", noise="none", N=2)
        np.testing.assert_allclose(trajectory.coords["time"], np.linspace(0, 2, 5))

    def test_numbers(self):
        dataset = self.open(SMALL)
        self.assertEqual(dataset.status.dtype, np.int8)
        self.assertEqual(dataset.attempts.dtype, np.int32)
        self.assertEqual(dataset.point_unknowns.dtype, np.int64)
        self.assertTrue((dataset.status == 1).all())
        self.assertTrue((dataset.point_g == 0.25).all())
        self.assertTrue((dataset.point_fock_dim == 6).all())
        for name in dataset.data_vars:
            self.assertTrue(np.isfinite(dataset[name]).all(), name)

    def test_reductions_are_flags(self):
        reductions = self.open(SMALL).reductions
        self.assertEqual(reductions.dtype, np.int32)
        self.assertEqual(reductions.dims, ("interaction", "noise", "N"))
        self.assertEqual(reductions.attrs["flag_masks"].dtype, np.int32)
        masks = dict(zip(reductions.attrs["flag_meanings"].split(" "), reductions.attrs["flag_masks"],
                         strict=True))
        self.assertEqual(masks, {"symmetric_subspace": 1, "state_vector": 2, "even_parity": 4,
                                 "excitation_sectors": 8, "bounded_excitations": 16, "real_state": 32})
        # With local noise Dicke from a coherent state is left as it is, Tavis-Cummings is not.
        noisy = reductions.sel(noise="all \u00b5")
        self.assertTrue((noisy.sel(interaction="dicke") == 0).all())
        self.assertTrue((noisy.sel(interaction="tavis_cummings") & masks["excitation_sectors"] != 0).all())
        self.assertTrue((noisy & masks["symmetric_subspace"] == 0).all())
        self.assertTrue((reductions.sel(noise="none") & masks["symmetric_subspace"] != 0).all())

    def test_steady_states_and_ground_states(self):
        dataset = self.open(STEADY)
        axes = ("interaction", "initial_state")
        for name in ("steady_battery_energy", "steady_photon_number", "steady_total_energy",
                     "steady_error", "steady_residual", "liouvillian_gap", "steady_fock_tail", "ground_energy",
                     "ground_state_j"):
            self.assertEqual(dataset[name].dims, axes, name)
            self.assertEqual(dataset[name].dtype, np.float64, name)
        self.assertEqual(dataset.steady_ergotropy.dims, (*axes, "ergotropy_definition"))
        self.assertTrue((dataset.steady_multiplicity == 1).all())
        self.assertTrue((dataset.steady_fock_dim == 8).all())
        self.assertTrue((dataset.steady_error < 1e-9).all())
        self.assertTrue((dataset.liouvillian_gap > 0).all())
        vacuum = dataset.sel(interaction="tavis_cummings")
        self.assertTrue((abs(vacuum.steady_total_energy) < 1e-9).all())

        for name, values, meanings in (
                ("steady_method", [1, 2, 3], "shift_invert propagator gmres"),
                ("ground_state_parity", [-1, 1], "odd even")):
            attributes = dataset[name].attrs
            self.assertEqual(dataset[name].dtype, np.int32)
            self.assertEqual(attributes["flag_values"].dtype, np.int32)
            self.assertEqual(list(attributes["flag_values"]), values)
            self.assertEqual(attributes["flag_meanings"], meanings)
        self.assertTrue(np.isin(dataset.steady_method, [1, 2, 3]).all())

        charged, ground = (dataset.sel(initial_state=start) for start in ("charged_cavity", "ground_state"))
        for name in "ground_energy", "ground_state_j":
            self.assertTrue(np.isnan(charged[name]).all(), name)
        self.assertTrue((charged.ground_state_parity == 0).all())
        self.assertTrue((ground.ground_state_j == 1).all())
        self.assertTrue(np.isin(ground.ground_state_parity, [-1, 1]).all())
        np.testing.assert_allclose(ground.total_energy.isel(sample=0), ground.ground_energy, atol=1e-8)

    def test_units_and_names_are_on_everything(self):
        for sweep in SMALL, STEADY:
            dataset = self.open(sweep)
            for name in dataset.variables:
                self.assertIn("units", dataset[name].attrs, name)
                self.assertIn("long_name", dataset[name].attrs, name)
        self.assertEqual(dataset.tau.attrs["units"], "1/omega")
        self.assertEqual(dataset.ergotropy_max.attrs["units"], "omega")
        self.assertEqual(dataset.power_energy_max.attrs["units"], "omega^2")

    def test_it_says_where_it_comes_from(self):
        dataset = self.open(SMALL)
        self.assertEqual(dataset.attrs["format"], "qbsweep-archive")
        self.assertEqual(dataset.attrs["format_version"], 5)
        self.assertEqual(dataset.attrs["sweep_file"], SMALL)
        self.assertEqual(dataset.attrs["description"], "opened by other programs")
        self.assertRegex(dataset.attrs["sweep_meaning_hash"], "^fnv1a64:[0-9a-f]{16}$")

    def test_a_sweep_without_axes(self):
        dataset = self.open(ONE)
        self.assertEqual(dict(dataset.sizes), {"ergotropy_definition": 3})
        self.assertEqual(dataset.status.dims, ())
        self.assertEqual(dataset.status.item(), 1)
        self.assertEqual(dataset.tau.dims, ("ergotropy_definition",))
        self.assertNotIn("time", dataset.variables)


class H5netcdf(WithEngine, unittest.TestCase):
    engine = "h5netcdf"


class Netcdf4(WithEngine, unittest.TestCase):
    engine = "netcdf4"


class Both(unittest.TestCase):
    def test_engines_see_the_same(self):
        for sweep in SMALL, ONE, STEADY:
            self.assertTrue(open_archive(sweep, "h5netcdf").identical(
                open_archive(sweep, "netcdf4")))

    def test_h5dump(self):
        dump = subprocess.run(["h5dump", "-A", path_of(SMALL, ".h5")], check=True,
                              capture_output=True, text=True)
        self.assertIn('DATASET "ergotropy_max"', dump.stdout)
        self.assertIn('ATTRIBUTE "DIMENSION_LIST"', dump.stdout)


if __name__ == "__main__":
    unittest.main()
