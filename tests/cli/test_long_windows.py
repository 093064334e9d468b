"""Long windows with noise: every number within ten tolerances of what PETSc's integrators find.

QBSWEEP_LONG_WINDOWS=all also compares scans over both interactions and all kinds of noise (half an hour)."""

import json
import os
import unittest

import numpy as np

import long_windows
import qbsweep_cli as cli

FACTOR = 10  # so many tolerances a number may be off
TOLERANCE = 1e-8
SOME_POINTS_FAILED = 3
HOURS = 7200.0  # of patience

WHOLE_SCANS = os.environ.get("QBSWEEP_LONG_WINDOWS") == "all"


class LongWindows(cli.CliTestCase):
    def run_sweep(self, name, text, *options):
        """What a sweep finds, and the reasons of the points that failed by their number."""
        archive = name + ".h5"
        result = self.run_program("run", self.write(name + ".yaml", text), "-o", archive, *options, timeout=HOURS)
        self.assertIn(result.returncode, (0, SOME_POINTS_FAILED), result.stderr)
        reasons = {}
        if result.returncode == SOME_POINTS_FAILED:
            for line in self.read(archive + ".failures.jsonl").splitlines():
                note = json.loads(line)
                reasons[note["point"]] = f"{note['where']}: {note['message']}"
        return long_windows.figures_of(self.path(archive)), reasons


class ShortForm(LongWindows):
    """Points that failed or were wrong as long as the bound did not say how far rounding is carried along."""

    def check(self, parameters, right, tolerance, fock_dim=None):
        with self.subTest(**parameters | ({"fock_dim": fock_dim} if fock_dim else {}), tolerance=tolerance):
            found, reasons = self.run_sweep("point", long_windows.point_text(parameters, tolerance, fock_dim))
            os.remove(self.path("point.h5"))
            self.assertEqual(list(reasons.values()), [])
            error, name = long_windows.worst_errors(found, right)
            self.assertLessEqual(error, FACTOR * tolerance, str(name))

    def test_points(self):
        reference = long_windows.references()
        for parameters in long_windows.SHORT_FORM:
            for tolerance in 1e-4, TOLERANCE:
                self.check(parameters, reference(parameters), tolerance)
        for tolerance in 1e-4, TOLERANCE:
            self.check(long_windows.LONGEST, reference(long_windows.LONGEST), tolerance, fock_dim="auto")


@unittest.skipUnless(WHOLE_SCANS, "takes half an hour; QBSWEEP_LONG_WINDOWS=all does it")
class Scans(LongWindows):
    def scan(self, interaction, atoms, tolerance, *options):
        text = long_windows.SCAN.format(interaction=interaction, atoms=atoms, tolerance=tolerance)
        return self.run_sweep(f"{interaction}{len(atoms)}-{tolerance}{''.join(options)}", text, *options)

    def check(self, scan, right, what):
        """No point failed, and none is off."""
        found, reasons = scan
        errors, names = long_windows.worst_errors(found, right)
        done = found["status"] == long_windows.DONE
        off = [f"point {index}: {names[index]} by {errors[index]:.2g}"
               for index in map(tuple, np.argwhere(done & ~(errors <= FACTOR * TOLERANCE)))]
        print(f"{what}: {done.size} points, {len(reasons)} failed, {len(off)} off; the largest error of the "
              f"others {np.max(errors, initial=0, where=errors <= FACTOR * TOLERANCE):.2g}", flush=True)
        self.assertEqual(off + list(reasons.values()), [])

    def compare_with_ts(self, interaction, atoms):
        right, reasons = self.scan(interaction, atoms, TOLERANCE / 10, *cli.PLAIN_PATH)
        self.assertEqual(reasons, {})
        self.check(self.scan(interaction, atoms, TOLERANCE), right, f"{interaction}, N {atoms}, ts")

    def test_dicke(self):
        self.compare_with_ts("dicke", [2, 4])

    def test_tavis_cummings(self):
        self.compare_with_ts("tavis_cummings", [2, 4])

    def test_larger_tavis_cummings(self):
        """By many more digits, for which steps are shorter; PETSc's integrators would take hours."""
        right, reasons = self.scan("tavis_cummings", [8], 1e-12)
        self.assertEqual(list(reasons.values()), [])
        self.check(self.scan("tavis_cummings", [8], TOLERANCE), right, "tavis_cummings, N [8], more digits")

    def test_larger_tavis_cummings_by_ts(self):
        reference = long_windows.references()
        for parameters in long_windows.LARGE:
            with self.subTest(**parameters):
                scan = self.run_sweep("point", long_windows.point_text(parameters, TOLERANCE))
                os.remove(self.path("point.h5"))
                self.check(scan, reference(parameters), "tavis_cummings, N 8, ts")


if __name__ == "__main__":
    unittest.main()
