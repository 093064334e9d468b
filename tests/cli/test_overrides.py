"""--set takes the place of what a sweep file says."""

import json
import os
import unittest

import h5py

import qbsweep_cli as cli
from command_test_case import CommandTestCase
from small_sweeps import LINE


class Set(CommandTestCase):
    def setUp(self):
        super().setUp()
        self.write("line.yaml", LINE)

    def coordinates(self, archive):
        with h5py.File(self.path(archive), "r") as file:
            return {scale[0].name[1:]: scale[0][()].tolist() for scale in file["status"].dims}

    def test_parameters_and_axes(self):
        for overrides, coordinates in (
                ([], {"N": [1, 2, 3, 4]}),
                (["N=2"], {}),
                (["N=[2,1]"], {"N": [2, 1]}),
                (["N=[1,2]", "kappa=[0,0.1]"], {"N": [1, 2], "kappa": [0, 0.1]}),
                (["g_over_gc=[0.5]", "N=1"], {"g_over_gc": [0.5]})):
            with self.subTest(overrides=overrides):
                self.succeed("run", "line.yaml", *(word for override in overrides
                                                   for word in ("--set", override)))
                self.assertEqual(self.coordinates("line.h5"), coordinates)
                attributes = cli.contents(self.path("line.h5"))[1]
                self.assertEqual(attributes["sweep_file"], LINE)
                self.assertEqual(json.loads(attributes["sweep_overrides"]), overrides)
                os.remove(self.path("line.h5"))

    def test_numbers_are_those_that_were_set(self):
        self.succeed("run", "line.yaml", "--set", "g=0.125", "--set", "fock_dim=7", "--set", "omega_c=2")
        datasets, _ = cli.contents(self.path("line.h5"))
        self.assertEqual(set(datasets["point_g"]), {0.125})
        self.assertEqual(set(datasets["point_fock_dim"]), {7})
        self.assertEqual(set(datasets["point_omega_c"]), {2.0})

    def test_resume_needs_the_same_meaning(self):
        self.succeed("run", "line.yaml", "--set", "kappa=0.1")
        before = self.read("line.h5")
        for overrides, differs in ((["kappa=0.2"], "kappa differs"), ([], "kappa differs"),
                                   (["kappa=0.1", "N=[1,2]"], "N differs"),
                                   (["kappa=[0.1]"], "axes differs"),
                                   (["charging.tolerance=1e-6"], "charging.tolerance, kappa differ")):
            with self.subTest(overrides=overrides):
                result = self.run_program("run", "line.yaml", *(word for override in overrides
                                                                for word in ("--set", override)))
                self.assertEqual(result.returncode, 1)
                self.assertIn(f"line.h5 belongs to another sweep: {differs} from this sweep file",
                              result.stderr)
        self.assertEqual(self.read("line.h5"), before)
        # Set on the command line or written in the file: the meaning is the same.
        self.write("line.yaml", LINE.replace("fock_dim: 5", "fock_dim: 5, kappa: 1e-1"))
        self.check_run(0, "line.h5: complete", "line.yaml")


if __name__ == "__main__":
    unittest.main()
