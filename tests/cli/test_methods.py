"""Every way to compute a charging run (--operator, --propagator) gives the same results."""

import os
import unittest

import numpy as np

import qbsweep_cli as cli
from archive_compare import differences
from command_test_case import PENDING, TS, CommandTestCase

# Both interactions, with and without each kind of noise, maxima within the window.
METHODS = """
name: methods
parameters: {g_over_gc: 1.0, m: 2, fock_dim: 7}
axes:
  - {name: interaction, values: [dicke, tavis_cummings]}
  - name: noise
    labels: [none, cavity, all]
    values: {kappa: [0, 0.15, 0.15], gamma_phi: [0, 0, 0.1], gamma_down: [0, 0, 0.1]}
  - {name: N, values: [1, 2]}
charging: {t_max: 6.0, samples: 4, tolerance: 1.0e-9}
"""
# What depends on the method by more than rounding and tolerance.
OF_THE_METHOD = {"trace_error_max", "fock_tail_max", "truncation_error", "wall_seconds", "operator_applications", "point_unknowns",
                 "reductions", "checksum"}  # the last is that of all bits


class Methods(CommandTestCase):
    def setUp(self):
        super().setUp()
        self.write("methods.yaml", METHODS)

    def run_by(self, archive, *options, ranks=None):
        """Runs the sweep; returns its datasets."""
        self.succeed("run", "methods.yaml", "-o", archive, *options, ranks=ranks)
        return cli.contents(self.path(archive))[0]

    def check_close(self, datasets, others):
        """The results are the same but for the tolerance."""
        self.assertEqual(datasets.keys(), others.keys())
        for name in datasets.keys() - OF_THE_METHOD:
            with self.subTest(name):
                if np.issubdtype(datasets[name].dtype, np.floating):
                    np.testing.assert_allclose(datasets[name], others[name], rtol=0, atol=1e-6)
                else:
                    np.testing.assert_array_equal(datasets[name], others[name])

    def test_all_give_the_same_results(self):
        default = self.run_by("default.h5")
        for operator in "assembled", "matrix_free":
            for propagator in "ts", "chebyshev":
                with self.subTest(operator=operator, propagator=propagator):
                    archive = f"{operator}-{propagator}.h5"
                    datasets = self.run_by(archive, "--operator", operator, "--propagator", propagator)
                    self.check_close(datasets, default)
                    same_work = np.array_equal(datasets["operator_applications"],
                                               default["operator_applications"])
                    # The assembled operator is applied to the whole state, not sector by sector.
                    self.assertEqual(same_work, (operator, propagator) == ("matrix_free", "chebyshev"))
        self.assertEqual(differences(self.path("matrix_free-chebyshev.h5"), self.path("default.h5")), [])

    def test_every_rank_uses_the_method(self):
        for options in [], ["--operator", "assembled"], TS, cli.PLAIN_PATH:
            with self.subTest(options=options):
                for ranks in None, 3:
                    self.run_by(f"{ranks}.h5", *options, ranks=ranks)
                self.assertEqual(differences(self.path("None.h5"), self.path("3.h5")), [])
                for ranks in None, 3:
                    os.remove(self.path(f"{ranks}.h5"))

    def test_a_run_goes_on_by_another_method(self):
        before = self.run_by("a.h5", *TS)
        self.edit("a.h5", status=np.where(np.arange(2).reshape(2, 1, 1) == 1, PENDING, before["status"]))
        after = self.run_by("a.h5")
        self.assertIn("sound; 12 of 12 points done", self.succeed("verify", "a.h5"))
        self.assertTrue(np.all(after["attempts"] == [[[1]], [[2]]]))
        self.check_close({name: values for name, values in after.items() if name != "attempts"},
                         {name: values for name, values in before.items() if name != "attempts"})
        np.testing.assert_array_equal(after["operator_applications"][0], before["operator_applications"][0])
        self.assertTrue(np.all(after["operator_applications"][1] != before["operator_applications"][1]))


if __name__ == "__main__":
    unittest.main()
