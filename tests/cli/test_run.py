"""What `run` makes of a good sweep file."""

import os
import re
import shutil
import unittest

import h5py
import numpy as np

import qbsweep_cli as cli
from archive_compare import differences
from command_test_case import DONE, TS, CommandTestCase
from small_sweeps import GRID, LINE

# The same sweep: other comments, order of keys, spelling of numbers, description, name.
SAME_GRID = """
charging: {samples: 3, t_max: 2}
description: >
  the same in other words
axes:   # outermost first
  - values: [dicke, tavis_cummings]
    name: interaction
  - values: {gamma_down: [0.0, 1.0e-1], kappa: [0.0, 15e-2]}
    labels: ["none, at all", 'all of "it"']
    name: noise
  - name: N
    range: {from: 1, to: 3, step: 1}
parameters: {fock_dim: 5, m: 1.0, g: 0.250, omega_0: 1.0}
name: grid
"""


class Run(CommandTestCase):
    def test_default_name(self):
        os.mkdir(self.path("inputs"))
        self.write("inputs/anything.yaml", LINE)
        self.check_run(0, "line.h5: complete", "inputs/anything.yaml")
        self.assertEqual(sorted(os.listdir(self.folder)), ["inputs", "line.h5"])
        self.assertEqual(os.listdir(self.path("inputs")), ["anything.yaml"])
        self.check_run(0, "other.h5: complete", "inputs/anything.yaml", "--set", "name=other")

    def test_without_axes(self):
        self.write("line.yaml", LINE)
        self.check_run(0, "line.h5: complete", "line.yaml", "--set", "N=2")
        header, row = self.succeed("export", "line.h5").splitlines()
        self.assertTrue(header.startswith("status,ergotropy_max_global,"))
        self.assertTrue(row.startswith("done,"))

    def test_again(self):
        self.write("line.yaml", LINE)
        self.assertIn("line.h5: 4 of 4 points to compute on 1 rank\n",
                      self.check_run(0, "line.h5: complete", "line.yaml"))
        os.rename(self.path("line.h5"), self.path("first.h5"))
        self.succeed("run", "line.yaml")
        before = self.read("line.h5")
        self.assertIn("line.h5: 0 of 4 points to compute on 1 rank\n",
                      self.check_run(0, "line.h5: complete", "line.yaml"))
        self.assertEqual(self.read("line.h5"), before)
        self.make_pending("line.h5", 3)
        self.assertIn("line.h5: 3 of 4 points to compute on 1 rank\n",
                      self.check_run(0, "line.h5: complete", "line.yaml"))
        self.assertEqual(differences(self.path("first.h5"), self.path("line.h5")), [])

    def test_same_sweep_in_other_words(self):
        self.write("grid.yaml", GRID)
        self.write("same.yaml", SAME_GRID)
        self.succeed("run", "grid.yaml")
        self.assertIn("grid.h5: 0 of 12 points to compute",
                      self.check_run(0, "grid.h5: complete", "same.yaml"))
        self.assertEqual(cli.contents(self.path("grid.h5"))[1]["sweep_file"], GRID)

    def make_format_3(self, archive, sweep_file):
        """Makes an archive one of the format before checksums; its sweep file takes the place of an equal one."""
        with h5py.File(self.path(archive), "r+") as file:
            for name in "sweep_checksum", "metadata_checksum":
                del file.attrs[name]
            since_4 = [name for name in file if re.fullmatch("checksum|tau_.+_max_at_window_end", name)]
            self.assertEqual(len(since_4), 4)
            for name in since_4:
                del file[name]
            file.attrs["sweep_file"] = sweep_file
            file.attrs.modify("format_version", np.int32(3))

    def test_axis_values_of_an_older_archive_stay(self):
        """Older programs stored linspace with its rounding errors: the sweep file means those values there."""
        text = LINE.replace("N, values: [1, 2, 3, 4]", "kappa, linspace: {from: 0, to: 0.15, count: 5}")
        text = text.replace("{interaction", "{N: 1, interaction")
        self.write("line.yaml", text)
        self.write("then.yaml", text.replace("linspace: {from: 0, to: 0.15, count: 5}",
                                             "values: [0, 0.0375, 0.075, 0.11249999999999999, 0.15]"))
        self.succeed("run", "then.yaml")
        shutil.copy(self.path("line.h5"), self.path("whole.h5"))
        self.make_pending("line.h5", 3)
        for name in "line.h5", "whole.h5":
            self.make_format_3(name, text)
        result = self.run_program("run", "line.yaml", ranks=2)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("line.h5: 3 of 5 points to compute", result.stderr)
        self.assertEqual(differences(self.path("whole.h5"), self.path("line.h5")), [])
        self.assertTrue(np.all(cli.status_of(self.path("line.h5")) == DONE))
        self.assertIn("0.11249999999999999,done,", self.succeed("export", "line.h5"))
        self.succeed("run", "line.yaml", "-o", "new.h5")
        self.assertIn("\n0.1125,done,", self.succeed("export", "new.h5"))

    def test_sweep_file_from_the_standard_input(self):
        self.write("line.yaml", LINE)
        with open(self.path("line.yaml"), encoding="utf-8") as file:
            self.succeed("run", "/dev/stdin", stdin=file)
        self.assertEqual(cli.contents(self.path("line.h5"))[1]["sweep_file"], LINE)

    def test_petsc_options_reach_the_integrator(self):
        self.write("line.yaml", LINE)
        self.check_run(0, "a.h5: complete", "line.yaml", "-o", "a.h5", *TS)
        self.check_run(0, "b.h5: complete", "line.yaml", "-o", "b.h5", *TS, "--", "-ts_rk_type", "8vr")
        datasets, _ = cli.contents(self.path("a.h5"))
        others, _ = cli.contents(self.path("b.h5"))
        self.assertTrue(np.all(datasets["operator_applications"] != others["operator_applications"]))
        np.testing.assert_allclose(datasets["tau"], others["tau"], rtol=1e-5)

    def test_misspelt_petsc_option(self):
        self.write("line.yaml", LINE)
        self.check_run(0, "warning: the PETSc option -ts_tipe was not used",
                       "line.yaml", *TS, "--", "-ts_tipe", "rk")

    def test_petsc_option_without_its_integrator(self):
        self.write("line.yaml", LINE)
        self.check_run(0, "warning: the PETSc option -ts_rk_type was not used",
                       "line.yaml", "--", "-ts_rk_type", "8vr")


if __name__ == "__main__":
    unittest.main()
