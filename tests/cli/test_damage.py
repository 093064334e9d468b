"""Damage to archives, checkpoints and notes: never taken for results, always told, and never without an end.

As a program, test_damage.py Random with QBSWEEP_DAMAGES=1000 in the environment does so many random ones; the suite
does a few."""

import csv
import io
import json
import os
import random
import re
import resource
import shutil
import unittest

import h5py
import numpy as np

import archive_compare
import qbsweep_cli as cli

DAMAGED = 4

SECONDS = 10  # of processor time, for any command on any damaged file

SWEEP = """name: sweep
parameters: {g: 0.25, m: 1, fock_dim: 4}
axes:
  - {name: interaction, values: [dicke, tavis_cummings]}
  - name: noise
    labels: [none, all]
    values: {kappa: [0, 0.15], gamma_down: [0, 0.1]}
  - {name: N, values: [1, 2]}
charging: {t_max: 2.0, samples: 5, tolerance: 1.0e-6}
"""

LONG = """name: long
parameters: {interaction: dicke, N: 2, g: 0.5, m: 1, kappa: 0.1, gamma_phi: 0.1, fock_dim: 6}
charging: {t_max: 40000.0, tolerance: 1.0e-6}
"""


def flip_bit(data, random_number):
    at = random_number.randrange(len(data))
    data[at] ^= 1 << random_number.randrange(8)
    return f"bit flipped in byte {at}"


def flip_bits(data, random_number):
    return "; ".join(flip_bit(data, random_number) for _ in range(random_number.choice((3, 20))))


def zero(data, random_number):
    size = random_number.choice((1, 8, 64, 512, 4096))
    at = random_number.randrange(len(data))
    data[at:at + size] = bytes(len(data[at:at + size]))
    return f"{size} bytes from {at} zeroed"


def copy(data, random_number):
    size = random_number.choice((8, 64, 512, 4096))
    source, target = (random_number.randrange(max(1, len(data) - size)) for _ in range(2))
    data[target:target + size] = data[source:source + size]
    return f"{size} bytes from {source} copied to {target}"


def truncate(data, random_number):
    left = random_number.randrange(len(data))
    del data[left:]
    return f"{left} bytes left"


KINDS = (flip_bit, flip_bit, flip_bits, zero, zero, copy, copy, truncate)


class DamageTestCase(cli.CliTestCase):
    def make_archives(self):
        """whole.h5, and half.h5 with half of its points."""
        self.write("sweep.yaml", SWEEP)
        self.succeed("run", "sweep.yaml", "-o", "whole.h5")
        self.succeed("run", "sweep.yaml", "--shard", "1/2", "-o", "shard.h5")
        self.assertEqual(self.run_program("merge", "half.h5", "shard.h5").returncode, 75)

    def limited(self, *arguments):
        """Runs the program, which has SECONDS of processor time and is to end with at most one line of error."""
        result = self.run_program(*arguments, errors="replace", preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_CPU, (SECONDS, SECONDS)))
        self.assertIn(result.returncode, (0, 1, 2, DAMAGED, 75), f"{arguments}: {result.stderr}")
        if result.returncode in (1, 2):
            self.assertRegex(result.stderr, r"(?m)^qbsweep: error: .+\n\Z", arguments)
        return result

    def rows(self, text):
        """What `export` printed, without what may differ."""
        return [{name: value for name, value in row.items() if name not in ("wall_seconds", "attempts")}
                for row in csv.DictReader(io.StringIO(text))]

    def edit(self, archive, name, change):
        with h5py.File(self.path(archive), "r+") as file:
            file[name][...] = change(file[name][()])


class Archives(DamageTestCase):
    def setUp(self):
        super().setUp()
        self.make_archives()
        shutil.copy(self.path("whole.h5"), self.path("bad.h5"))

    def expect_mended(self, computed, added=()):
        """added: the datasets that others put into bad.h5, which stay there"""
        result = self.run_program("run", "sweep.yaml", "-o", "bad.h5")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(f"{computed} of 8 points to compute", result.stderr)
        self.assertIn("sound; 8 of 8 points done", self.succeed("verify", "bad.h5"))
        self.assertEqual(archive_compare.damaged_slots(self.path("bad.h5"), self.path("whole.h5")),
                         [f"dataset {name} is in one of them only" for name in added])
        return result.stderr

    def test_sound_archives(self):
        self.assertEqual(self.succeed("verify", "whole.h5"), "whole.h5: sound; 8 of 8 points done\n")
        self.assertEqual(self.succeed("verify", "half.h5"), "half.h5: sound; 4 of 8 points done\n")
        self.assertEqual(self.succeed("verify", "shard.h5"), "shard.h5: sound; 4 of 8 points done\n")

    def test_a_number_of_every_dataset(self):
        with h5py.File(self.path("whole.h5"), "r") as file:
            status = file["status"]
            names = [name for name in file if archive_compare.has_slots(file[name], status)
                     and name not in ("status", "attempts", "checksum")]
            shapes = {name: file[name].shape for name in names}
        self.assertIn("ergotropy", names)
        for name in names:
            with self.subTest(name):
                shutil.copy(self.path("whole.h5"), self.path("bad.h5"))
                last = (1, 1, 0) + (-1,) * (len(shapes[name]) - 3)

                def change(values, last=last):
                    values[last] += 1
                    return values
                self.edit("bad.h5", name, change)
                result = self.run_program("verify", "bad.h5")
                self.assertEqual(result.returncode, DAMAGED)
                self.assertEqual(result.stdout.splitlines(), [
                    "bad.h5: interaction=tavis_cummings, noise=all, N=1: damaged: its numbers are not those that "
                    "were written",
                    "bad.h5: damaged; 1 of 8 points are, 7 are done and sound; `qbsweep run` with its sweep file "
                    "keeps these and computes the others again"])

    def test_everyone_tells_and_run_computes_again(self):
        self.edit("bad.h5", "tau", lambda tau: np.where(np.arange(tau.size).reshape(tau.shape) == 4, 0.5, tau))
        where = "interaction=dicke, noise=none, N=2"
        result = self.run_program("export", "bad.h5")
        self.assertEqual(result.returncode, DAMAGED)
        self.assertIn(f"bad.h5: {where} is damaged", result.stderr)
        row = self.rows(result.stdout)[1]
        self.assertEqual((row["status"], row["tau_global"], row["battery_energy_max"]), ("damaged", "", ""))
        result = self.run_program("merge", "merged.h5", "bad.h5")
        self.assertEqual(result.returncode, 75)
        self.assertEqual(result.stdout, "merged.h5: 7 of 8 points done, 0 failed, 1 pending\n")
        self.assertIn(f"bad.h5: {where} is damaged and left out", result.stderr)
        # What is whole in another part is taken from there.
        self.succeed("merge", "both.h5", "bad.h5", "whole.h5")
        self.assertEqual(archive_compare.damaged_slots(self.path("both.h5"), self.path("whole.h5")), [])
        self.assertIn(f"bad.h5: {where} is damaged and computed again", self.expect_mended(1))

    def test_a_point_in_the_place_of_another(self):
        self.edit("bad.h5", "status", lambda status: status)
        with h5py.File(self.path("bad.h5"), "r+") as file:
            for dataset in file.values():
                if archive_compare.has_slots(dataset, file["status"]):
                    dataset[0, 0, 1] = dataset[0, 0, 0]
        self.expect_mended(1)

    def test_marks(self):
        """Of a point that is whole the mark alone was damaged: nothing is computed."""
        for mark in 0, 2, 77:
            with self.subTest(mark):
                shutil.copy(self.path("whole.h5"), self.path("bad.h5"))
                self.edit("bad.h5", "status", lambda status, mark=mark: np.full_like(status, mark))
                self.assertIn("whole, but not marked done", self.run_program("verify", "bad.h5").stdout)
                self.expect_mended(0)

    def test_points_marked_done_that_are_not(self):
        shutil.copy(self.path("half.h5"), self.path("bad.h5"))
        self.edit("bad.h5", "status", np.ones_like)
        self.assertIn("bad.h5: damaged; 4 of 8 points are", self.run_program("verify", "bad.h5").stdout)
        self.expect_mended(4)

    def test_numbers_of_starts(self):
        """A point is given up that took the job down twice; what a damaged number says is not believed."""
        shutil.copy(self.path("half.h5"), self.path("bad.h5"))
        self.edit("bad.h5", "attempts", lambda attempts: np.full_like(attempts, 7))
        self.assertIn("its number of starts", self.run_program("verify", "bad.h5").stdout)
        self.expect_mended(4)

    def test_what_is_said_of_the_sweep(self):
        """A digit of the sweep file that the archive keeps."""
        data = self.read("bad.h5").replace(b"kappa: [0, 0.15]", b"kappa: [0, 0.45]")
        self.assertNotEqual(data, self.read("bad.h5"))
        self.write("bad.h5", data)
        for command, code in ((["status", "bad.h5"], 1), (["export", "bad.h5"], 1),
                              (["merge", "merged.h5", "bad.h5"], 1), (["verify", "bad.h5"], DAMAGED)):
            result = self.limited(*command)
            self.assertEqual(result.returncode, code)
            self.assertEqual(result.stderr, "qbsweep: error: bad.h5 is damaged: what it says of its sweep is not what "
                             "it was made with; `qbsweep run` with its sweep file keeps what is whole of it\n")
        self.expect_rescued(8)

    def expect_rescued(self, whole):
        before = self.read("bad.h5")
        stderr = self.expect_mended(8 - whole)
        self.assertIn(f"{whole} of 8 points are whole and kept, and the damaged file is now bad.h5.damaged", stderr)
        self.assertEqual(self.read("bad.h5.damaged"), before)
        os.remove(self.path("bad.h5.damaged"))

    def test_coordinates_and_attributes(self):
        with h5py.File(self.path("whole.h5"), "r") as file:
            kappa = file["kappa"].id.get_offset()
        data = bytearray(self.read("bad.h5"))
        data[kappa + 15] ^= 1
        self.write("bad.h5", bytes(data))
        self.assertIn("coordinates or places of datasets are not", self.run_program("verify", "bad.h5").stdout)
        self.expect_rescued(8)
        data = self.read("bad.h5").replace(b"time of the largest ergotropy;", b"time of the longest ergotropy;")
        self.assertNotEqual(data, self.read("bad.h5"))
        self.write("bad.h5", data)
        self.assertEqual(self.run_program("verify", "bad.h5").returncode, DAMAGED)

    def test_what_others_add_is_no_damage(self):
        with h5py.File(self.path("bad.h5"), "r+") as file:
            file.attrs["seen_by"] = "me"
            file["tau"].attrs["remark"] = "as expected"
            file["mine"] = np.arange(3)
        self.assertIn("sound", self.succeed("verify", "bad.h5"))
        self.expect_mended(0, added=["mine"])

    def test_metadata_that_cannot_be_read_at_all(self):
        for size in 8, 512:  # the signature; all that leads to the datasets
            with self.subTest(size):
                self.write("bad.h5", bytes(size) + self.read("whole.h5")[size:])
                for command in "status", "export", "verify":  # it may be anything
                    self.assertEqual(self.limited(command, "bad.h5").returncode, 1)
                self.expect_rescued(8)

    def test_truncated(self):
        whole = self.read("whole.h5")
        with h5py.File(self.path("whole.h5"), "r") as file:
            end = max(dataset.id.get_offset() for name, dataset in file.items() if name != "checksum")
        self.write("bad.h5", whole[:end])
        result = self.limited("verify", "bad.h5")
        self.assertRegex(result.stderr, "truncated file.*; `qbsweep run` with its sweep file keeps what is whole of it")

    def test_what_is_no_archive_stays_as_it_is(self):
        self.write("bad.h5", "something of mine\n")
        result = self.limited("run", "sweep.yaml", "-o", "bad.h5")
        self.assertEqual(result.returncode, 1)
        self.assertIn("bad.h5 is not an HDF5 file", result.stderr)
        self.assertEqual(self.read("bad.h5"), b"something of mine\n")
        self.assertFalse(os.path.exists(self.path("bad.h5.damaged")))

    def test_copies_by_other_programs(self):
        import xarray
        with xarray.open_dataset(self.path("whole.h5"), engine="h5netcdf") as dataset:
            dataset.load().to_netcdf(self.path("copy.nc"), engine="h5netcdf")
        for command in "status", "export", "verify":
            result = self.limited(command, "copy.nc")
            self.assertEqual(result.returncode, 1)
            self.assertEqual(result.stderr, "qbsweep: error: copy.nc was written by xarray or another netCDF program, as "
                             "a copy of an archive or a part of it; accepted is the archive itself\n")

    def test_an_archive_in_the_place_of_a_sweep_file(self):
        result = self.limited("run", "whole.h5")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr, "qbsweep: error: whole.h5: found an HDF5 file, as archives are; accepted: a sweep "
                         "file (YAML); `qbsweep run SWEEP.yaml -o OUT.h5` resumes an archive\n")


class Notes(DamageTestCase):
    def test_a_damaged_line_is_told_and_left_out(self):
        self.write("sweep.yaml", SWEEP)
        self.succeed("run", "sweep.yaml", "-o", "out.h5")
        line = {"message": "no", "point": 3, "time": "2024-05-17T08:30:00Z", "where": "N=1"}
        self.write("out.h5.failures.jsonl", json.dumps(line) + "\n" + '{"point":4,"checksum":17}\n')
        result = self.run_program("verify", "out.h5")
        self.assertEqual(result.returncode, DAMAGED)
        self.assertIn("out.h5.failures.jsonl: line 2 is damaged and left out\n", result.stdout)
        self.write("out.h5.run.json", '{"hosts": [], "job": "')
        result = self.run_program("run", "sweep.yaml", "-o", "out.h5")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("out.h5.failures.jsonl: line 2 is damaged and left out\n", result.stderr)
        self.assertIn("out.h5.run.json: line 1 is damaged and left out\n", result.stderr)


class Random(DamageTestCase):
    """Seeded damages anywhere in whole and half-finished archives and in checkpoints."""

    damages = int(os.environ.get("QBSWEEP_DAMAGES", "16"))
    seed = int(os.environ.get("QBSWEEP_SEED", "1"))

    def numbers(self, count):
        """From 0 on; says how far it is, where that takes long."""
        for number in range(count):
            if count > 100 and number % 25 == 0:
                print(f"{number} of {count}", flush=True)
            yield number

    def test_archives(self):
        self.make_archives()
        good = self.rows(self.succeed("export", "whole.h5"))
        ends = {"sound": 0, "mended": 0, "rescued": 0, "refused": 0}
        for number in self.numbers(self.damages * 7 // 8):
            random_number = random.Random(self.seed * 1_000_000 + number)
            source = random_number.choice(("whole.h5", "half.h5"))
            data = bytearray(self.read(source))
            done = random_number.choice(KINDS)(data, random_number)
            with self.subTest(number=number, source=source, done=done):
                for name in os.listdir(self.folder):
                    if name.startswith("bad.h5"):
                        os.remove(self.path(name))
                self.write("bad.h5", bytes(data))
                ends[self.check_archive(source, good)] += 1
        print(f"{self.damages * 7 // 8} damaged archives: {ends}")

    def check_archive(self, source, good):
        self.limited("status", "bad.h5")
        exported = self.limited("export", "bad.h5")
        for row, right in zip(self.rows(exported.stdout), good):
            if row["status"] == "done":
                self.assertEqual(row, right)
        verified = self.limited("verify", "bad.h5")
        if verified.returncode == 0:
            self.assertEqual(archive_compare.damaged_slots(self.path("bad.h5"), self.path("whole.h5")), [])
            self.assertEqual(cli.status_of(self.path("bad.h5")).tolist(), cli.status_of(self.path(source)).tolist())
        else:
            self.assertIn(verified.returncode, (1, DAMAGED))
        result = self.limited("run", "sweep.yaml", "-o", "bad.h5")
        if result.returncode != 0:
            # Not even the marks and numbers of one point are left where they were.
            self.assertIn("nothing of it could be saved by this sweep file", result.stderr)
            return "refused"
        self.assertEqual(archive_compare.damaged_slots(self.path("bad.h5"), self.path("whole.h5")), [])
        self.assertEqual(set(cli.status_of(self.path("bad.h5")).ravel()), {archive_compare.DONE})
        self.succeed("verify", "bad.h5")
        return ("rescued" if os.path.exists(self.path("bad.h5.damaged"))
                else "sound" if verified.returncode == 0 else "mended")

    def test_checkpoints(self):
        self.write("long.yaml", LONG)
        self.succeed("run", "long.yaml", "-o", "good.h5")
        for _ in range(20):
            process = self.start_program("run", "long.yaml", "-o", "saved.h5", "--checkpoint-every", "0.2")
            cli.wait_until(lambda: process.poll() is not None
                           or os.path.exists(self.path("saved.h5.checkpoint-0")), "no checkpoint")
            process.kill()
            process.wait()
            if os.path.exists(self.path("saved.h5.checkpoint-0")):
                break
        saved = self.read("saved.h5.checkpoint-0")
        for number in self.numbers(max(2, self.damages // 8)):
            random_number = random.Random(self.seed * 1_000_000 + 500_000 + number)
            data = bytearray(saved)
            done = random_number.choice(KINDS)(data, random_number)
            with self.subTest(number=number, done=done):
                for name in os.listdir(self.folder):
                    if name.startswith("bad.h5"):
                        os.remove(self.path(name))
                shutil.copy(self.path("saved.h5"), self.path("bad.h5"))
                self.write("bad.h5.checkpoint-0", bytes(data))
                result = self.run_program("run", "long.yaml", "-o", "bad.h5", preexec_fn=lambda: resource.setrlimit(
                    resource.RLIMIT_CPU, (6 * SECONDS, 6 * SECONDS)))
                self.assertEqual(result.returncode, 0, result.stderr)
                if bytes(data) != saved:
                    self.assertRegex(result.stderr, "bad.h5.checkpoint-0 is damaged or of another computation")
                self.assertEqual(archive_compare.damaged_slots(self.path("bad.h5"), self.path("good.h5")), [])


if __name__ == "__main__":
    unittest.main()
