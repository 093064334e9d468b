"""The section `schedule` of a sweep file: what it changes, how it is changed, and what is refused."""

import os
import unittest

import numpy as np
import xarray

import qbsweep_cli as cli
from command_test_case import TS, CommandTestCase

SWEEP = """name: pulses
parameters: {interaction: dicke, N: 2, g: 0.5, m: 2, kappa: 0.1, gamma_down: 0.05, fock_dim: 9}
charging: {t_max: 4.0, samples: 9, tolerance: 1.0e-9}
schedule:
  coupling: {shape: sin2, rise: 1.0}
"""


def with_schedule(*controls):
    return SWEEP[:SWEEP.index("  coupling")] + "".join(f"  {control}\n" for control in controls)


FACTORS = "accepted: factors >= 0 of a rate"
FITS = "accepted: a shape that fits the window [0, t_max]"

# What is in the section, and how the refusal begins after the name of the file.
REFUSED = {
    "another shape": ("coupling: {shape: sin3}", ":5: schedule.coupling.shape: found sin3; accepted: constant, linear, sin2"),
    "no shape": ("coupling: {rise: 1}", ":5: schedule.coupling: found no shape; accepted: shape: constant"),
    "another control": ("gamma_down: {shape: sin2}", ":5: schedule.gamma_down: found an unknown key; accepted: coupling, drive"),
    "a number of another shape": ("coupling: {shape: sin2, width: 1}",
                                  ":5: schedule.coupling.width: found an unknown key; accepted: shape, rise or fall"),
    "a number that is missing": ("coupling: {shape: gaussian, center: 1}",
                                 ":5: schedule.coupling.width: found nothing; accepted: a number > 0"),
    "no width": ("coupling: {shape: gaussian, center: 1, width: 0}",
                 ":5: schedule.coupling.width: found 0; accepted: a number > 0"),
    "a control of nothing": ("drive: {shape: sin2}", ":5: schedule.drive: found a control of drive, which is 0; accepted: drive > 0"),
    "longer than the window": ("coupling: {shape: sin2, rise: 3, fall: 1.5}",
                               ":5: schedule.coupling: found rise + fall = 4.5 in a window of 4; " + FITS),
    "steps that end early": ("coupling: {steps: [1, 2], step: 1}",
                             ":5: schedule.coupling: found steps until t = 2 in a window of 4; " + FITS),
    "no steps": ("coupling: {steps: []}", ":5: schedule.coupling.steps: found an empty list; accepted: a list"),
    "times that go back": ("coupling: {shape: table, times: [0, 3, 2, 4], values: [1, 1, 1, 1]}",
                           ":5: schedule.coupling: found the time 2 after 3; accepted: at least two times, each above"),
    "a table that begins late": ("coupling: {shape: table, times: [1, 4], values: [1, 1]}",
                                 ":5: schedule.coupling: found times from 1 to 4 in a window of 4; " + FITS),
    "a rate below 0": ("kappa: {shape: linear, from: 1, to: -1}", ":5: schedule.kappa: found a factor of -1; " + FACTORS),
    "a rate that swings below 0": ("kappa: {shape: sine, frequency: 6}", ":5: schedule.kappa: found a factor of -"),
    "no file": ("coupling: {file: none.csv}", ":5: schedule.coupling.file: found none.csv: cannot be read, or empty; accepted: a CSV"),
    "a file without its first line": ("coupling: {file: bare.csv}", ":5: schedule.coupling.file: found bare.csv: the first line 0,1; "),
    "a file with words": ("coupling: {file: words.csv}", ":5: schedule.coupling.file: found words.csv: line 3: 1,high; accepted: a CSV"),
    "another interpolation": ("coupling: {file: bare.csv, interpolation: cubic}",
                              ":5: schedule.coupling.interpolation: found cubic; accepted: linear"),
}


class Schedules(CommandTestCase):
    def dataset(self, archive):
        return xarray.load_dataset(self.path(archive), engine="h5netcdf")

    def test_what_is_wrong_is_refused(self):
        self.write("bare.csv", "0,1\n4,1\n")
        self.write("words.csv", "time,value\n0,1\n1,high\n4,1\n")
        for name, (control, begin) in REFUSED.items():
            with self.subTest(name):
                self.write("bad.yaml", with_schedule(control))
                result = self.run_program("run", "bad.yaml", "-o", "bad.h5")
                self.assertEqual(result.returncode, 1, result.stderr)
                self.assertTrue(result.stderr.startswith("qbsweep: error: bad.yaml" + begin), result.stderr)
                self.assertEqual(result.stderr.count("\n"), 1)
                self.assertFalse(os.path.exists(self.path("bad.h5")))

    def test_a_schedule_needs_a_charging_run(self):
        self.write("bad.yaml", SWEEP.replace("charging: {t_max: 4.0, samples: 9, tolerance: 1.0e-9}", "steady_state: {}"))
        result = self.run_program("validate", "bad.yaml")
        self.assertEqual(result.returncode, 1)
        self.assertIn("found a schedule without a charging run", result.stderr)

    def test_an_axis_of_a_shape(self):
        self.write("axis.yaml", SWEEP.replace(", rise: 1.0", "") + "axes: [{name: coupling.rise, values: [0, 1, 3]}]\n")
        self.succeed("run", "axis.yaml", "-o", "axis.h5")
        axis = self.dataset("axis.h5")
        self.assertEqual(list(axis["coupling.rise"].values), [0, 1, 3])
        self.assertEqual(axis["coupling.rise"].attrs["units"], "1/omega")
        self.write("pulses.yaml", SWEEP)
        for index, rise in enumerate([0, 1, 3]):
            archive = f"rise{rise}.h5"
            self.succeed("run", "pulses.yaml", "-o", archive, "--set", f"coupling.rise={rise}")
            np.testing.assert_array_equal(self.dataset(archive).battery_energy, axis.battery_energy[index])
        # A pulse that rises at once is no schedule.
        self.write("square.yaml", SWEEP[:SWEEP.index("schedule")])
        self.succeed("run", "square.yaml", "-o", "square.h5")
        np.testing.assert_allclose(axis.battery_energy[0], self.dataset("square.h5").battery_energy, rtol=0, atol=1e-10)
        self.assertGreater(abs(axis.battery_energy[1] - axis.battery_energy[0]).max(), 0.01)

    def test_both_propagators(self):
        self.write("pulses.yaml", SWEEP)
        self.succeed("run", "pulses.yaml", "-o", "series.h5")
        series = self.dataset("series.h5")
        for name, options in ("ts.h5", TS), ("matrix.h5", ["--operator", "assembled"]):
            self.succeed("run", "pulses.yaml", "-o", name, *options)
            for quantity in "battery_energy", "ergotropy", "interaction_energy", "total_energy", "ergotropy_max":
                np.testing.assert_allclose(self.dataset(name)[quantity], series[quantity], rtol=0, atol=1e-7)

    def test_a_file_is_part_of_the_sweep(self):
        self.write("pulse.csv", "time,value\n0,0\n1,1\n4,0.5\n")
        self.write("file.yaml", with_schedule("coupling: {file: pulse.csv, interpolation: linear}"))
        self.write("table.yaml", with_schedule("coupling: {shape: table, times: [0, 1, 4], values: [0, 1, 0.5]}"))
        self.succeed("run", "file.yaml", "-o", "file.h5")
        self.succeed("run", "table.yaml", "-o", "table.h5")
        np.testing.assert_array_equal(self.dataset("file.h5").battery_energy, self.dataset("table.h5").battery_energy)
        # The same sweep, to be resumed by either; with other numbers it is another.
        self.succeed("run", "table.yaml", "-o", "file.h5")
        self.write("pulse.csv", "time,value\n0,0\n1,1\n4,0.6\n")
        result = self.run_program("run", "file.yaml", "-o", "file.h5")
        self.assertEqual(result.returncode, 1)
        self.assertIn("schedule.coupling.values", result.stderr)
        os.remove(self.path("pulse.csv"))
        self.succeed("export", "file.h5")  # by what the archive keeps


if __name__ == "__main__":
    unittest.main()
