"""plots/locked_energy.py: limits of series whose limits are known; a sweep and its extension make one picture."""

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import numpy as np

SOURCE_DIR = os.path.abspath(os.environ["QBSWEEP_SOURCE_DIR"])
sys.path.insert(0, SOURCE_DIR)

from plots import locked_energy, mean_field  # noqa: E402: the checkout is on the path only now

N = np.array([12.0, 20.0, 40.0, 80.0, 160.0, 200.0])


class Limits(unittest.TestCase):
    def test_powers(self):
        found = locked_energy.fitted_limit(N, 0.2 + 0.3 / N - 0.7 / N ** 2, (-1.0, -2.0), False)
        self.assertAlmostEqual(found, 0.2, delta=1e-12)

    def test_the_entropy_of_the_phase_is_given_by_the_limit_itself(self):
        beta = np.log(0.8 / 0.2)
        found = locked_energy.fitted_limit(N, 0.2 + np.log(N) / (2 * beta * N) + 0.3 / N, (-1.0, -2.0), True)
        self.assertAlmostEqual(found, 0.2, delta=1e-9)


class Merging(unittest.TestCase):
    def series(self, sizes, rounding=0.0, **parameters):
        parameters = {"interaction": "dicke", "charger": "fock", "g": 0.5, **parameters}
        limit = mean_field.Charge(2.0, 1.0 + rounding, 1.0, 0.0)
        locked = {name: np.array(sizes) / 10 for name in locked_energy.DEFINITIONS}
        return locked_energy.Series(parameters, "none", np.array(sizes), locked, limit)

    def test_sizes_are_put_together(self):
        whole, = locked_energy.merged([self.series([2, 4]), self.series([4, 6], rounding=1e-15)])
        np.testing.assert_array_equal(whole.N, [2, 4, 6])
        for locked in whole.locked.values():
            np.testing.assert_array_equal(locked, [0.2, 0.4, 0.6])

    def test_other_batteries_and_times_are_refused(self):
        for other in self.series([6], g=0.5001), self.series([6], rounding=1e-6):
            with self.assertRaisesRegex(ValueError, "of different batteries"):
                locked_energy.merged([self.series([2, 4]), other])


class Pictures(unittest.TestCase):
    def test_a_sweep_and_its_extension(self):
        with tempfile.TemporaryDirectory(prefix="qbsweep-test-") as folder:
            archives = []
            for sizes in "[2,4]", "[4,6]":
                archives.append(os.path.join(folder, f"{len(archives)}.h5"))
                subprocess.run([os.environ["QBSWEEP"], "run",
                                os.path.join(SOURCE_DIR, "inputs", "locked_energy_fock.yaml"),
                                "--set", f"N={sizes}", "-o", archives[-1]],
                               check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            printed = io.StringIO()
            with mock.patch.object(sys, "argv", ["locked_energy", *archives, "-o", folder]), \
                    contextlib.redirect_stdout(printed):
                locked_energy.main()
            for ending in ".png", ".pdf":
                self.assertGreater(os.path.getsize(os.path.join(folder, "locked_energy" + ending)), 1000)
        # Three sets of noise with three N each, once; of N = 4 with all noise what docs/three-ergotropies.md has.
        rows = [line for line in printed.getvalue().splitlines() if line.startswith(("| 2 ", "| 4 ", "| 6 "))]
        self.assertEqual(len(rows), 9)
        self.assertEqual(rows[7], "| 4 | 1.1585 | 1.3658 | 0.9888 | 1.3333 | 0.28964 |")


if __name__ == "__main__":
    unittest.main()
