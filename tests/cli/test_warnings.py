"""What users are told of numbers that are not what they seem: at the end of a run, by `status` and by `merge`."""

import csv
import io
import unittest

import h5py
import numpy as np

import qbsweep_cli as cli

# N = 2 has levels enough at g = 0.1 only, and the window ends before the maximum there.
CUT_OFF = """
name: cut
parameters: {interaction: dicke, N: 2, m: 4, charger: fock, kappa: 0.1, gamma_down: 0.1, fock_dim: 24}
axes:
  - {name: g, values: [0.1, 1.5, 2.0]}
charging: {t_max: 2.0, tolerance: 1.0e-6}
"""

# Without any noise every eigenstate is a steady one.
FREE = """
name: free
parameters: {interaction: dicke, N: 1, g: 0.3, m: 1, fock_dim: 4}
axes:
  - {name: gamma_down, values: [0, 0.1]}
steady_state: {method: shift_invert}
"""


class Warnings(cli.CliTestCase):
    def lines_of_run(self, *arguments):
        """The warnings of a run, and that `status` and `merge` have them, too."""
        result = self.run_program("run", *arguments, "-o", "out.h5")
        self.assertEqual(result.returncode, 0, result.stderr)
        prefix = "qbsweep: warning: "
        lines = [line.removeprefix(prefix) for line in result.stderr.splitlines() if line.startswith(prefix)]
        self.assertEqual(result.stderr.splitlines()[-1], "qbsweep: out.h5: complete")
        status = self.succeed("status", "out.h5").splitlines()
        begin = next((i for i, line in enumerate(status) if line.startswith("warnings    ")), len(status))
        self.assertEqual([line[12:] for line in status[begin:]], lines)
        merged = self.run_program("merge", "all.h5", "out.h5")
        self.assertEqual(merged.stderr.splitlines(), [prefix + line for line in lines])
        return lines

    def table(self):
        """The table of `export`, a dictionary a row."""
        header, *rows = (line.split() for line in self.succeed("export", "out.h5", "--format", "table").splitlines())
        return [dict(zip(header, row)) for row in rows]

    def test_truncation_and_window(self):
        self.write("cut.yaml", CUT_OFF)
        truncation, window = self.lines_of_run("cut.yaml")
        errors = cli.contents(self.path("out.h5"))[0]["truncation_error"]
        above = errors > 1e-6
        self.assertTrue(above[2] and not above[0], errors)
        self.assertEqual(truncation, f"truncation_error is above charging.tolerance (1e-06) at {np.sum(above)} of 3 "
                         f"points, the largest {np.max(errors):.2g} at g={[0.1, 1.5, 2.0][np.argmax(errors)]:g}: "
                         "fock_dim: auto or more levels keep it below")
        self.assertRegex(window, r"tau\b.* the end of the window at \d of 3 points, as at g=0\.1: a longer "
                         "charging\\.t_max may show larger maxima$")
        # A table shows it as well.
        self.assertEqual([float(row["truncation_error"]) > 1e-6 for row in self.table()], list(above))
        self.assertEqual(self.table()[0]["tau_at_window_end_global"], "1")

    def test_steady_states(self):
        self.write("free.yaml", FREE)
        multiplicity = [line for line in self.lines_of_run("free.yaml") if line.startswith("steady_multiplicity")]
        self.assertEqual(len(multiplicity), 1)
        self.assertRegex(multiplicity[0], r"^steady_multiplicity is above 1 at 1 of 2 points, the largest \d+ at "
                         "gamma_down=0: the battery can come to rest in several states; ")

    def test_nothing_to_warn_of(self):
        self.write("cut.yaml", CUT_OFF)
        self.assertEqual(self.lines_of_run("cut.yaml", "--set", "g=0.5", "--set", "m=1", "--set", "charging.t_max=8"),
                         [])

    def test_of_done_points_only(self):
        self.write("cut.yaml", CUT_OFF)
        self.succeed("run", "cut.yaml", "-o", "out.h5")
        with h5py.File(self.path("out.h5"), "r+") as file:
            file["status"][...] = [1, 0, 2]
        self.assertNotIn("truncation_error", self.succeed("status", "out.h5"))
        rows = list(csv.DictReader(io.StringIO(self.succeed("export", "out.h5"))))
        self.assertGreater(float(rows[2]["truncation_error"]), 1e-6)


if __name__ == "__main__":
    unittest.main()
