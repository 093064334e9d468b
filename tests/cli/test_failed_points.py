"""What becomes of a sweep in which a point fails."""

import csv
import io
import os
import unittest

import qbsweep_cli as cli
from archive_compare import differences
from command_test_case import DONE, FAILED, PENDING, SOME_POINTS_FAILED, TS, CommandTestCase

# The point g = 20 takes 184 steps of PETSc's integrator, the others up to 20.
ONE_FAST_POINT = """
name: uneven
parameters: {interaction: tavis_cummings, N: 1, charger: fock, m: 1, fock_dim: 3}
axes:
  - {name: g, values: [0.5, 20, 1]}
charging: {t_max: 2.0, tolerance: 1.0e-6}
"""
FEW_STEPS = [*TS, "--", "-ts_max_steps", "60"]


class Failures(CommandTestCase):
    def setUp(self):
        super().setUp()
        self.write("uneven.yaml", ONE_FAST_POINT)
        self.says_why = ("uneven.h5: complete, but 1 point failed; uneven.h5.failures.jsonl says why")

    def check_one_failure(self, message):
        self.assertEqual(list(cli.status_of(self.path("uneven.h5"))), [DONE, FAILED, DONE])
        (failure,) = self.failures("uneven.h5")
        self.assertEqual((failure["point"], failure["where"]), (1, "g=20"))
        self.assertRegex(failure["message"], message)
        self.assertRegex(failure["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_other_points_go_on_and_a_further_run_retries(self):
        for _ in range(2):
            self.check_run(SOME_POINTS_FAILED, self.says_why, "uneven.yaml", *FEW_STEPS)
            self.check_one_failure(r"^the integration stopped at t = 0\.\d+ before t_max = 2: ")
        _, failed, _ = csv.DictReader(io.StringIO(self.succeed("export", "uneven.h5")))
        self.assertEqual((failed["g"], failed["status"], failed["tau_global"]), ("20", "failed", ""))

        self.assertIn("uneven.h5: 1 of 3 points to compute",
                      self.check_run(0, "uneven.h5: complete", "uneven.yaml", *TS))
        self.assertEqual(sorted(os.listdir(self.folder)), ["uneven.h5", "uneven.yaml"])
        self.check_run(0, "whole.h5: complete", "uneven.yaml", "-o", "whole.h5", *TS)
        self.assertEqual(differences(self.path("uneven.h5"), self.path("whole.h5")), [])

    def test_every_rank_reports(self):
        result = self.run_program("run", "uneven.yaml", *FEW_STEPS, ranks=3)
        self.assertEqual(result.returncode, SOME_POINTS_FAILED, result.stderr)
        self.check_one_failure("^the integration stopped")

    def test_point_that_took_the_job_down_twice(self):
        self.succeed("run", "uneven.yaml")
        whole = self.read("uneven.h5")
        self.edit("uneven.h5", status=[DONE, PENDING, DONE], attempts=[1, 2, 1])
        self.assertIn("uneven.h5: 0 of 3 points to compute",
                      self.check_run(SOME_POINTS_FAILED, self.says_why, "uneven.yaml"))
        self.check_one_failure("^the job died 2 times while this point was computed "
                               r"\(killed from outside or its node was lost; the point needs about ")
        self.check_run(0, "uneven.h5: complete", "uneven.yaml")
        self.assertEqual(sorted(os.listdir(self.folder)), ["uneven.h5", "uneven.yaml"])
        self.write("whole.h5", whole)
        self.assertEqual(differences(self.path("uneven.h5"), self.path("whole.h5")), [])
        self.assertEqual(list(cli.contents(self.path("uneven.h5"))[0]["attempts"]), [1, 1, 1])

    def test_point_that_took_the_job_down_once_is_tried_again(self):
        self.succeed("run", "uneven.yaml")
        self.edit("uneven.h5", status=[DONE, PENDING, DONE], attempts=[1, 1, 1])
        self.check_run(0, "uneven.h5: complete", "uneven.yaml")
        self.assertEqual(list(cli.contents(self.path("uneven.h5"))[0]["attempts"]), [1, 2, 1])


if __name__ == "__main__":
    unittest.main()
