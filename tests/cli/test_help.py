"""What the program says of itself."""

import unittest

from command_test_case import CommandTestCase


class Program(CommandTestCase):
    def test_version(self):
        self.assertRegex(self.succeed("--version"),
                         r"^qbsweep \d+\.\d+\.\d+ \(.+\), PETSc \d+\.\d+\.\d+, SLEPc \d+\.\d+\.\d+, HDF5 \d+\.\d+\.\d+\n$")

    def test_help(self):
        text = self.succeed("--help")
        for name in "run", "plan", "validate", "status", "merge", "export", "--version":
            self.assertRegex(text, rf"(?m)^  {name} ")
        text = self.succeed("run", "--help")
        self.assertRegex(text, r"--output[^~]*PETSc options follow --\. They concern --propagator ts only, "
                         r"as in: qbsweep run .* --propagator ts -- ")
        for text in text, self.succeed("plan", "--help"):
            self.assertRegex(text, r"(?m)^ +--operator TEXT:\{assembled,matrix_free\}")
            self.assertRegex(text, r"(?m)^ +--propagator TEXT:\{chebyshev,ts\}")


if __name__ == "__main__":
    unittest.main()
