"""What `status` prints of an archive that no run is writing."""

import os
import re
import unittest

import numpy as np

import qbsweep_cli as cli
from command_test_case import DONE, FAILED, PENDING, CommandTestCase
from small_sweeps import LINE


class Status(CommandTestCase):
    def setUp(self):
        super().setUp()
        self.write("line.yaml", LINE)
        self.succeed("run", "line.yaml")

    def warnings(self, done):
        """The line on the few levels of the first points, a regular expression."""
        if done == 0:
            return ""
        errors = cli.contents(self.path("line.h5"))[0]["truncation_error"][:done]
        self.assertTrue(np.all(errors > 1e-8))
        worst = np.argmax(errors)
        return re.escape(f"warnings    truncation_error is above charging.tolerance (1e-08) at {done} of 4 points, "
                         f"the largest {errors[worst]:.2g} at N={worst + 1}: "
                         "fock_dim: auto or more levels keep it below\n")

    def test_complete(self):
        self.assertRegex(self.succeed("status", "line.h5"),
                         r"^line\.h5: 4 of 4 points done, 0 failed, 0 pending\n"
                         r"run         no run is writing it\n"
                         rf"time spent  \S+ s of one core\n{self.warnings(4)}$")

    def test_complete_without_warnings(self):
        self.succeed("run", "line.yaml", "-o", "enough.h5", "--set", "fock_dim=40")
        self.assertRegex(self.succeed("status", "enough.h5"),
                         r"^enough\.h5: 4 of 4 points done, 0 failed, 0 pending\n"
                         r"run         no run is writing it\n"
                         r"time spent  \S+ s of one core\n$")

    def test_partly_done(self):
        for pending in 1, 4:
            self.make_pending("line.h5", pending)
            self.assertRegex(self.succeed("status", "line.h5"),
                             rf"^line\.h5: {4 - pending} of 4 points done, 0 failed, {pending} pending\n"
                             r"run         no run is writing it\n"
                             r"time spent  \S+ s of one core\ntime left   about \S+ s of one core\n"
                             rf"{self.warnings(4 - pending)}$")

    def test_failed(self):
        self.edit("line.h5", status=[DONE, FAILED, PENDING, FAILED])
        text = self.succeed("status", "line.h5")
        self.assertIn("line.h5: 1 of 4 points done, 2 failed, 1 pending\n", text)
        self.assertIn("failures    line.h5.failures.jsonl says why; run the sweep again to retry them\n",
                      text)

    def test_does_not_touch_the_archive(self):
        before = self.read("line.h5")
        self.succeed("status", "line.h5")
        self.succeed("export", "line.h5")
        self.assertEqual(self.read("line.h5"), before)
        self.assertEqual(sorted(os.listdir(self.folder)), ["line.h5", "line.yaml"])


if __name__ == "__main__":
    unittest.main()
