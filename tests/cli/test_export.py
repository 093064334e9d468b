"""`export` prints the numbers of an archive, a line per point."""

import csv
import io
import re
import unittest

import h5py
import numpy as np

from command_test_case import DEFINITIONS, DONE, FAILED, PENDING, CommandTestCase
from small_sweeps import GRID


class Export(CommandTestCase):
    def setUp(self):
        super().setUp()
        self.write("grid.yaml", GRID)
        self.succeed("run", "grid.yaml")

    def rows(self, *options):
        return list(csv.DictReader(io.StringIO(self.succeed("export", "grid.h5", *options)), strict=True))

    def scalars(self):
        """Every column that the archive gives rise to, and its numbers at all points."""
        columns = {}
        with h5py.File(self.path("grid.h5"), "r") as file:
            for name, dataset in file.items():
                if dataset.ndim == 3 and name not in ("status", "checksum"):
                    columns[name] = dataset[()].ravel()
                elif dataset.ndim == 4 and dataset.dims[3][0].name == "/ergotropy_definition":
                    for k, definition in enumerate(DEFINITIONS):
                        columns[f"{name}_{definition}"] = dataset[..., k].ravel()
        return columns

    def test_columns(self):
        columns = self.scalars().keys()
        self.assertLess({"ergotropy_max_dicke_subspace", "tau_global", "tau_at_window_end_global",
                         "battery_energy_max", "point_g", "trace_error_max", "attempts"}, columns)
        header = list(self.rows()[0])
        self.assertEqual(header[:6], ["interaction", "noise", "kappa", "gamma_down", "N", "status"])
        self.assertCountEqual(header[6:], columns)

    def test_axes(self):
        self.assertEqual([(row["interaction"], row["noise"], row["kappa"], row["gamma_down"], row["N"])
                          for row in self.rows()],
                         [(interaction, *noise, atoms) for interaction in ("dicke", "tavis_cummings")
                          for noise in (("none, at all", "0", "0"), ('all of "it"', "0.15", "0.1"))
                          for atoms in "123"])

    def test_numbers_are_those_of_the_archive(self):
        rows = self.rows()
        self.assertEqual({row["status"] for row in rows}, {"done"})
        for name, numbers in self.scalars().items():
            np.testing.assert_array_equal([float(row[name]) for row in rows], numbers, err_msg=name)

    def test_formats(self):
        self.assertEqual(self.succeed("export", "grid.h5", "--format", "csv"),
                         self.succeed("export", "grid.h5"))
        header, *lines = self.succeed("export", "grid.h5", "--format", "table").splitlines()
        self.assertEqual(header.split()[:5],
                         ["interaction", "noise", "N", "status", "ergotropy_max_global"])
        self.assertEqual(len(lines), 12)
        # Aligned: every column begins where its title does.
        begins = [match.start() for match in re.finditer(r"\S+", header)]
        for line in lines:
            for begin in begins:
                self.assertRegex(line[begin - 2:begin + 1] if begin else line[0], r"^(  )?\S$")
        self.assertTrue(all("none, at all" in line or 'all of "it"' in line for line in lines))

    def test_points_without_numbers(self):
        with h5py.File(self.path("grid.h5"), "r") as file:
            energies = file["battery_energy_max"][()]
        energies[0, 0, :2] = np.nan
        self.edit("grid.h5", status=np.reshape([PENDING, FAILED] + 10 * [DONE], (2, 2, 3)),
                  battery_energy_max=energies)
        rows = self.rows()
        self.assertEqual([row["status"] for row in rows], ["pending", "failed"] + 10 * ["done"])
        self.assertEqual([row["battery_energy_max"] == "" for row in rows], 2 * [True] + 10 * [False])
        self.assertRegex(self.succeed("export", "grid.h5", "--format", "table"), r"1  pending .* - ")


if __name__ == "__main__":
    unittest.main()
