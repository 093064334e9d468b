"""The commands that compute nothing foretell what `run` would do with a sweep file."""

import glob
import os
import unittest

import qbsweep_cli as cli
from command_test_case import CommandTestCase
from small_sweeps import GRID, LINE, unknowns


class ValidateAndPlan(CommandTestCase):
    def test_shipped_sweep_files_are_acceptable(self):
        inputs = sorted(glob.glob(os.path.join(cli.SOURCE_DIR, "inputs", "*.yaml")))
        self.assertTrue(inputs)
        for path in inputs:
            with self.subTest(path):
                self.assertRegex(self.succeed("validate", path), r": acceptable, \d+ points: ")

    def test_validate_counts_the_points(self):
        self.write("grid.yaml", GRID)
        self.assertEqual(self.succeed("validate", "grid.yaml"),
                         "grid.yaml: acceptable, 12 points: interaction 2 x noise 2 x N 3\n")
        self.assertEqual(self.succeed("validate", "grid.yaml", "--set", "N=2", "--set", "interaction=dicke"),
                         "grid.yaml: acceptable, 2 points: noise 2\n")

    def test_validate_refuses_what_run_would(self):
        self.write("line.yaml", LINE)
        self.succeed("run", "line.yaml", "-o", "out.h5", "--set", "N=[1, 2]", "--shard", "1/2")
        whole = self.read("out.h5")
        same = ["line.yaml", "-o", "out.h5", "--set", "N=[1, 2]", "--shard", "1/2"]
        for arguments in (same, [*same, "--operator", "assembled", "--time-limit", "1h", "--", "-ts_type", "rk"],
                          ["line.yaml", "-o", "new.h5"]):
            self.assertRegex(self.succeed("validate", *arguments), r"^line\.yaml: acceptable, \d points: N \d\n$")
        for arguments, in_vain in ((["line.yaml", "-o", "out.h5"], ""), (same[:-2], ""),
                                   ([*same, "--operator", "dense"], ""), ([*same, "--set", "m=2"], ""),
                                   (["line.yaml", "-o", "line.yaml"],
                                    "; nothing of it could be saved by this sweep file: move it away, or "
                                    "give another -o")):  # which only run tries
            refusals = [self.run_program(command, *arguments) for command in ("validate", "run")]
            self.assertEqual([refusal.returncode for refusal in refusals], [1, 1], arguments)
            self.assertEqual(refusals[0].stderr.replace("validate --help", "run --help").replace("\n", f"{in_vain}\n"),
                             refusals[1].stderr)
        self.assertEqual(self.read("out.h5"), whole)

    def test_plan_knows_the_unknowns(self):
        self.write("line.yaml", LINE)
        text = self.succeed("plan", "line.yaml", "--set", "gamma_down=0.1", "--set", "N=[1,3,8,15]")
        self.assertIn("line: 4 points: N 4\n", text)
        self.assertRegex(text, rf"(?m)^unknowns +{unknowns(1, 5)} to {unknowns(15, 5)}$")
        for atoms in 1, 3, 8, 15:
            self.assertRegex(text, rf"(?m) {unknowns(atoms, 5)} unknowns  N={atoms}$")
        self.assertRegex(text, r"(?m)^memory +up to \d.* for each rank, \d.* available here$")
        self.assertRegex(text, r"(?m)^time +about \d")

    def test_plan_counts_only_what_is_reached(self):
        self.write("line.yaml", LINE)
        text = self.succeed("plan", "line.yaml", "--set", "kappa=0.1", "--set", "m=2", "--set",
                            "fock_dim=paper")
        for atoms in 1, 2, 3, 4:
            self.assertRegex(text, rf"(?m) {((atoms + 1) * 9) ** 2} unknowns  N={atoms}$")

    def test_plan_takes_methods_and_automatic_levels(self):
        self.write("line.yaml", LINE)
        for options in cli.PLAIN_PATH, ["--set", "fock_dim=auto"], ["--set", "fock_dim=[paper,auto,9]"]:
            self.assertRegex(self.succeed("plan", "line.yaml", *options), r"(?m)^unknowns +\d+ to \d+$")

    def test_plan_names_points_that_will_be_refused(self):
        self.write("line.yaml", LINE)
        for fock_dim in "6", "auto":
            text = self.succeed("plan", "line.yaml", "--set", "charging.t_max=1e9", "--set", f"fock_dim={fock_dim}")
            self.assertRegex(text, r"(?m)^refused +4 of 4 points, as N=1: in the charging window t_max = "
                                   r"1000000000 the fastest motion turns through ")
            self.assertRegex(text, r"(?m)^time +about \d+\.\d s ")
        self.assertNotIn("refused", self.succeed("plan", "line.yaml"))

    def test_validate_looks_at_the_folder(self):
        self.write("line.yaml", LINE)
        self.succeed("validate", "line.yaml", "-o", "out.h5")
        result = self.run_program("validate", "line.yaml", "-o", "nowhere/out.h5")
        self.assertEqual((result.returncode, result.stderr),
                         (2, "qbsweep: error: cannot create nowhere/out.h5: folder nowhere: No such file or directory\n"))

    def test_nothing_is_computed_or_created(self):
        self.write("large.yaml", LINE)
        # It would take years.
        text = self.succeed("plan", "large.yaml", "--set", "N=[60,61]", "--set", "fock_dim=4000", "--set",
                            "gamma_phi=0.1")
        self.assertIn(f" {unknowns(61, 4000)}\n", text)
        self.succeed("validate", "large.yaml")
        self.assertEqual(os.listdir(self.folder), ["large.yaml"])


if __name__ == "__main__":
    unittest.main()
