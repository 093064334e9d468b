"""Archives of earlier format versions (tests/archives/README.md) are opened, exported, continued and merged."""

import csv
import io
import os
import shutil
import unittest

import h5py
import numpy as np

import archive_compare
import qbsweep_cli as cli

ARCHIVES = os.path.join(cli.SOURCE_DIR, "tests", "archives")

# Where the solvers get better, numbers move within the tolerances of these sweeps, which are 1e-6 and more.
AGREEMENT = 1e-4


class OlderArchives(cli.CliTestCase):
    version = 3

    def setUp(self):
        super().setUp()
        for name in os.listdir(ARCHIVES):
            shutil.copy(os.path.join(ARCHIVES, name), self.folder)
            if name.endswith(".h5"):
                self.make_older(self.path(name))

    def make_older(self, archive):
        with h5py.File(archive, "r") as file:
            self.assertEqual(file.attrs["format_version"], 3)

    def rows(self, archive):
        return list(csv.DictReader(io.StringIO(self.succeed("export", archive))))

    def test_they_are_read(self):
        for name, done, points in ("finished", 4, 4), ("steady", 2, 2), ("half", 2, 3):
            with self.subTest(name):
                self.assertIn(f"{done} of {points} points done", self.succeed("status", f"{name}.h5"))
                rows = self.rows(f"{name}.h5")
                self.assertEqual([row["status"] for row in rows].count("done"), done)
                self.assertIn(f"format version {self.version} has no checksums",
                              self.succeed("verify", f"{name}.h5"))
                with h5py.File(self.path(f"{name}.h5"), "r") as file:
                    stored = file["battery_energy_max"][()].ravel()
                np.testing.assert_array_equal(
                    [float(row["battery_energy_max"] or "nan") for row in rows], stored)

    def test_complete_ones_have_nothing_to_compute(self):
        for name in "finished", "steady":
            before = cli.contents(self.path(f"{name}.h5"))
            result = self.run_program("run", f"{name}.yaml", ranks=2)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn(f"{name}.h5: 0 of ", result.stderr)
            np.testing.assert_equal(cli.contents(self.path(f"{name}.h5")), before)

    def test_they_keep_the_default_that_they_were_made_with(self):
        result = self.run_program("run", "finished.yaml")
        self.assertIn("finished.h5: made when fock_dim=paper was the default, and keeps it", result.stderr)
        # Who asks for something else, also for today's default, has another sweep.
        for value in "auto", "6":
            result = self.run_program("run", "finished.yaml", "--set", f"fock_dim={value}")
            self.assertEqual(result.returncode, 1)
            self.assertIn("belongs to another sweep: fock_dim differs", result.stderr)
        # Who says it has no need to be told.
        result = self.run_program("run", "finished.yaml", "--set", "fock_dim=paper")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn("default", result.stderr)

    def test_half_finished_ones_are_continued(self):
        """Also on several ranks, to which the default of the archive must be told."""
        with h5py.File(self.path("half.h5"), "r") as file:
            before = {name: dataset[()] for name, dataset in file.items()}
        done = before["status"] == archive_compare.DONE
        result = self.run_program("run", "half.yaml", ranks=2)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("1 of 3 points to compute", result.stderr)
        self.succeed("run", "half.yaml", "--set", "fock_dim=paper", "-o", "anew.h5")
        with h5py.File(self.path("half.h5"), "r") as file, h5py.File(self.path("anew.h5"), "r") as anew:
            self.assertEqual(set(file), set(before))
            self.assertEqual(set(file["status"][()]), {archive_compare.DONE})
            for name in "ergotropy_max", "tau", "battery_energy_max", "point_fock_dim", "wall_seconds":
                np.testing.assert_array_equal(file[name][()][done], before[name][done])
            for name in "ergotropy_max", "battery_energy_max", "point_fock_dim":
                np.testing.assert_allclose(file[name], anew[name], rtol=0, atol=AGREEMENT)
        self.assertFalse(os.path.exists(self.path("half.h5.checkpoint-1")))

    def test_shards_are_merged_into_an_archive_of_today(self):
        self.succeed("merge", "whole.h5", "shards.shard-1-of-2.h5", "shards.shard-2-of-2.h5")
        self.assertIn("sound; 3 of 3 points done", self.succeed("verify", "whole.h5"))
        with h5py.File(self.path("whole.h5"), "r") as whole:
            self.assertEqual(whole.attrs["format_version"], 5)
            for part in "shards.shard-1-of-2.h5", "shards.shard-2-of-2.h5":
                with h5py.File(self.path(part), "r") as file:
                    done = file["status"][()] == archive_compare.DONE
                    for name in "ergotropy_max", "tau", "wall_seconds":
                        np.testing.assert_array_equal(whole[name][()][done], file[name][()][done])
        self.assertIn("0 of 3 points to compute", self.run_program("run", "shards.yaml", "-o", "whole.h5").stderr)

    def test_a_merged_archive_keeps_the_default_of_its_parts(self):
        self.succeed("merge", "whole.h5", "finished.h5")
        result = self.run_program("run", "finished.yaml", "--set", "fock_dim=paper", "-o", "whole.h5")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("0 of 4 points to compute", result.stderr)
        self.assertEqual(self.run_program("run", "finished.yaml", "-o", "whole.h5").returncode, 1)

    def test_they_go_with_archives_of_today(self):
        self.succeed("merge", "copy.h5", "finished.h5")
        self.succeed("merge", "both.h5", "finished.h5", "copy.h5")
        self.assertEqual(archive_compare.differences(self.path("copy.h5"), self.path("both.h5")), [])


class OfVersion2(OlderArchives):
    version = 2

    def make_older(self, archive):
        with h5py.File(archive, "r+") as file:
            del file["progress"]
            file.attrs.modify("format_version", np.int32(2))


if __name__ == "__main__":
    unittest.main()
