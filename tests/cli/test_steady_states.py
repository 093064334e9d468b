"""What the commands do with sweeps that ask for steady states."""

import csv
import io
import unittest

import h5py
import numpy as np

import qbsweep_cli as cli
from archive_compare import differences
from command_test_case import DEFINITIONS, SOME_POINTS_FAILED, CommandTestCase
from small_sweeps import unknowns

# A Dicke battery beyond the critical coupling, from both starts, and what both settle in.
STEADY = """
name: steady
parameters: {interaction: dicke, N: 2, g_over_gc: 2, m: 1, kappa: 0.15, gamma_down: 0.1, gamma_phi: 0.5}
axes:
  - {name: initial_state, values: [charged_cavity, ground_state]}
  - {name: fock_dim, values: [12, 16]}
charging: {t_max: 3.0, samples: 4}
steady_state: {gap: true}
"""

# The same without a charging run: no photon number is needed, no window.
STEADY_ONLY = """
name: only
parameters: {N: 2, fock_dim: 8, kappa: 0.15, gamma_down: 0.1}
axes:
  - {name: interaction, values: [dicke, tavis_cummings]}
  - {name: g_over_gc, values: [0, 0.5, 1.5]}
steady_state: {}
"""


class SteadyStates(CommandTestCase):
    def setUp(self):
        super().setUp()
        self.write("steady.yaml", STEADY)
        self.write("only.yaml", STEADY_ONLY)

    def rows(self, archive):
        return list(csv.DictReader(io.StringIO(self.succeed("export", archive)), strict=True))

    def test_beside_charges(self):
        self.check_run(0, "steady.h5: complete", "steady.yaml")
        datasets, _ = cli.contents(self.path("steady.h5"))
        # The steady state forgets where the charging run began.
        for name in "steady_battery_energy", "steady_total_energy", "liouvillian_gap", "steady_ergotropy":
            np.testing.assert_allclose(datasets[name][0], datasets[name][1], rtol=0, atol=1e-8, err_msg=name)
        self.assertTrue(np.all(datasets["steady_error"] < 1e-9))
        self.assertTrue(np.all(datasets["steady_multiplicity"] == 1))
        self.assertEqual(datasets["steady_fock_dim"].tolist(), [[12, 16], [12, 16]])
        # The charging run from the ground state begins with its energy, at which the other does not.
        self.assertTrue(np.all(np.isnan(datasets["ground_energy"][0])))
        np.testing.assert_allclose(datasets["total_energy"][1, :, 0], datasets["ground_energy"][1], atol=1e-8)
        self.assertTrue(np.all(datasets["total_energy"][0, :, 0] > 0.9))
        self.assertTrue(np.all(datasets["ground_energy"][1] < -1))
        self.assertTrue(np.all(datasets["steady_total_energy"] > datasets["ground_energy"][1]))

    def test_columns(self):
        self.succeed("run", "steady.yaml")
        rows = self.rows("steady.h5")
        self.assertEqual([(row["initial_state"], row["fock_dim"]) for row in rows],
                         [("charged_cavity", "12"), ("charged_cavity", "16"), ("ground_state", "12"),
                          ("ground_state", "16")])
        self.assertLess({"tau_global", "steady_battery_energy", "steady_photon_number", "steady_total_energy",
                         *(f"steady_ergotropy_{definition}" for definition in DEFINITIONS),
                         "steady_residual", "steady_multiplicity", "liouvillian_gap", "steady_method",
                         "steady_fock_dim", "ground_energy", "ground_state_j", "ground_state_parity"},
                        rows[0].keys())
        self.assertEqual([row["ground_energy"] == "" for row in rows], [True, True, False, False])
        self.assertEqual({row["ground_state_j"] for row in rows[2:]}, {"1"})
        header, *lines = self.succeed("export", "steady.h5", "--format", "table").splitlines()
        self.assertLess({"steady_total_energy", "steady_ergotropy_global", "liouvillian_gap", "ground_energy"},
                        set(header.split()))
        self.assertEqual(len(lines), 4)

    def test_without_charges(self):
        self.check_run(0, "only.h5: complete", "only.yaml")
        datasets, _ = cli.contents(self.path("only.h5"))
        for name in "tau", "battery_energy_max", "point_fock_dim", "liouvillian_gap", "ground_energy":
            self.assertNotIn(name, datasets)
        # Tavis-Cummings settles in the vacuum, and so does Dicke without a coupling.
        np.testing.assert_allclose(datasets["steady_total_energy"][1], 0, atol=1e-9)
        np.testing.assert_allclose(datasets["steady_photon_number"][:, 0], 0, atol=1e-9)
        self.assertTrue(np.all(datasets["steady_battery_energy"][0, 1:] > 1e-3))
        self.assertIn("only.h5: 6 of 6 points done", self.succeed("status", "only.h5"))
        self.assertEqual(len(self.rows("only.h5")), 6)

    def test_methods_agree_and_are_recorded(self):
        found = {}
        for number, method in enumerate(("shift_invert", "propagator", "gmres"), 1):
            self.succeed("run", "only.yaml", "-o", f"{method}.h5", "--set", f"steady_state.method={method}")
            found[method], _ = cli.contents(self.path(f"{method}.h5"))
            self.assertTrue(np.all(found[method]["steady_method"] == number))
        for method in "propagator", "gmres":
            for name in "steady_battery_energy", "steady_photon_number", "steady_total_energy":
                np.testing.assert_allclose(found[method][name], found["shift_invert"][name], rtol=0, atol=1e-7)

    def test_resume(self):
        self.succeed("run", "steady.yaml", "-o", "whole.h5")
        self.succeed("run", "steady.yaml")
        with h5py.File(self.path("steady.h5"), "r+") as file:
            for name in "status", "attempts":
                file[name][1] = 0
            for name in "wall_seconds", "steady_total_energy", "ground_energy":
                file[name][1] = np.nan
        self.assertIn("steady.h5: 2 of 4 points to compute",
                      self.check_run(0, "steady.h5: complete", "steady.yaml"))
        self.assertEqual(differences(self.path("whole.h5"), self.path("steady.h5")), [])
        before = self.read("steady.h5")
        for key, value in (("method", "gmres"), ("gap", "false"), ("tolerance", "1e-8")):
            result = self.run_program("run", "steady.yaml", "--set", f"steady_state.{key}={value}")
            self.assertEqual(result.returncode, 1)
            self.assertIn(f"steady.h5 belongs to another sweep: steady_state.{key} differs from this sweep",
                          result.stderr)
        self.assertEqual(self.read("steady.h5"), before)

    def test_automatic_levels_are_chosen_by_each(self):
        self.succeed("run", "steady.yaml", "--set", "fock_dim=auto", "--set", "charging.tolerance=1e-3")
        datasets, _ = cli.contents(self.path("steady.h5"))
        self.assertTrue(np.all(datasets["steady_fock_dim"] > datasets["point_fock_dim"]))
        self.assertTrue(np.all(datasets["steady_truncation_error"] < 1e-6))

    def test_plan(self):
        text = self.succeed("plan", "only.yaml", "--set", "N=[1,3]")
        self.assertRegex(text, rf"(?m)^unknowns +{unknowns(1, 8)} to {unknowns(3, 8)}$")
        self.assertNotIn("operator applications", text)
        self.assertRegex(text, r"(?m)^memory +up to \d.* for each rank, \d.* available here$")
        both = self.succeed("plan", "steady.yaml")
        self.assertRegex(both, r"(?m)^operator applications  about \d+ to \d+ for the charging run$")

    def test_solve_that_does_not_converge(self):
        """Rounding of so large an energy alone is above the tolerance; the other point is computed."""
        overrides = ["--set", "interaction=tavis_cummings", "--set", "g_over_gc=0.5", "--set", "omega_0=[1,1e4]",
                     "--set", "steady_state.tolerance=1e-13"]
        result = self.run_program("run", "only.yaml", *overrides)
        self.assertEqual(result.returncode, SOME_POINTS_FAILED, result.stderr)
        (failure,) = self.failures("only.h5")
        self.assertEqual((failure["point"], failure["where"]), (1, "omega_0=10000"))
        # Every method was tried, and says how far it came.
        self.assertRegex(failure["message"], r"^no steady state with 8 Fock levels: shift_invert: the error of its "
                         r"energies is about \d\.\de-1\d and 1\.0e-13 is required; \|\|L rho\|\| / \|\|rho\|\| went "
                         r"from .*; (gmres|propagator): .*; (gmres|propagator): ")
        done, failed = self.rows("only.h5")
        self.assertEqual((done["status"], failed["status"]), ("done", "failed"))
        self.assertEqual((failed["steady_residual"], failed["steady_multiplicity"]), ("", "0"))

    def test_states_that_are_not_unique(self):
        """Dephasing alone keeps every photon number apart; that is a result, not a failure."""
        self.succeed("run", "only.yaml", "--set", "kappa=0", "--set", "gamma_down=0", "--set", "gamma_phi=0.1")
        for row in self.rows("only.h5"):
            self.assertEqual(row["status"], "done")
            self.assertGreater(int(row["steady_multiplicity"]), 1)
            self.assertEqual((row["steady_total_energy"], row["steady_ergotropy_global"]), ("", ""))


if __name__ == "__main__":
    unittest.main()
