"""With `fock_dim: auto` every point has as many Fock levels as it needs."""

import csv
import io
import unittest

import numpy as np

import qbsweep_cli as cli
from archive_compare import differences
from command_test_case import CommandTestCase
from small_sweeps import LINE


class AutomaticFockLevels(CommandTestCase):
    """A coherent charger of one photon, of which the paper's five levels cut 0.4 %."""

    def setUp(self):
        super().setUp()
        self.write("line.yaml", LINE.replace("fock_dim: 5", "fock_dim: auto"))

    def test_run_status_export(self):
        self.check_run(0, "line.h5: complete", "line.yaml")
        self.assertIn("line.h5: 4 of 4 points done, 0 failed, 0 pending\n", self.succeed("status", "line.h5"))
        datasets, _ = cli.contents(self.path("line.h5"))
        rows = list(csv.DictReader(io.StringIO(self.succeed("export", "line.h5"))))
        self.assertEqual([int(row["point_fock_dim"]) for row in rows], datasets["point_fock_dim"].tolist())
        self.assertEqual([int(row["reductions"]) for row in rows], datasets["reductions"].tolist())
        self.assertTrue(np.all(datasets["point_fock_dim"] > 5))
        self.assertTrue(np.all(datasets["coherent_weight_cut"] < 1e-8))

        self.succeed("run", "line.yaml", "-o", "many.h5", "--set", "fock_dim=40")
        many, _ = cli.contents(self.path("many.h5"))
        for name in "ergotropy_max", "battery_energy_at_tau", "battery_energy_max", "power_energy_max":
            np.testing.assert_allclose(datasets[name], many[name], rtol=0, atol=1e-7, err_msg=name)
        np.testing.assert_allclose(datasets["tau"], many["tau"], rtol=1e-6)

    def test_on_an_axis_beside_numbers(self):
        self.succeed("run", "line.yaml", "--set", "N=2", "--set", "fock_dim=[paper,auto,7]")
        rows = list(csv.DictReader(io.StringIO(self.succeed("export", "line.h5"))))
        self.assertEqual([row["fock_dim"] for row in rows], ["paper", "auto", "7"])
        levels = [int(row["point_fock_dim"]) for row in rows]
        self.assertEqual((levels[0], levels[2]), (5, 7))
        self.assertGreater(levels[1], 5)

    def test_resumes_with_the_same_word_only(self):
        self.succeed("run", "line.yaml")
        self.make_pending("line.h5", 2)
        for value in "paper", "5":
            result = self.run_program("run", "line.yaml", "--set", f"fock_dim={value}")
            self.assertEqual(result.returncode, 1)
            self.assertIn("line.h5 belongs to another sweep: fock_dim differs", result.stderr)
        self.succeed("run", "line.yaml", "-o", "whole.h5")
        self.check_run(0, "line.h5: complete", "line.yaml")
        self.assertEqual(differences(self.path("line.h5"), self.path("whole.h5")), [])


if __name__ == "__main__":
    unittest.main()
