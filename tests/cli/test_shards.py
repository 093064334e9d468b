"""Shards of a sweep, computed apart and merged, are the sweep; what cannot be merged is refused in one line."""

import csv
import io
import json
import os
import re
import resource
import shutil
import signal
import unittest

import h5py
import numpy as np

import qbsweep_cli as cli
from archive_compare import damaged_slots, differences, has_slots, stamp

BAD_INPUT, ENVIRONMENT, SOME_POINTS_FAILED, STOPPED_EARLY = 1, 2, 3, 75
PENDING, DONE, FAILED = 0, 1, 2

# Two interactions, with and without noise of atoms, trajectories: costs differ by a factor of 1000.
MIXED = """
name: mixed
parameters: {g_over_gc: 0.7, m_per_n: 1.0, fock_dim: paper}
axes:
  - {name: interaction, values: [dicke, tavis_cummings]}
  - name: noise
    labels: [none, cavity, all]
    values: {kappa: [0, 0.15, 0.15], gamma_phi: [0, 0, 0.1], gamma_down: [0, 0, 0.1]}
  - {name: omega_c, linspace: {from: 0.8, to: 1.2, count: 4}}
  - {name: N, range: {from: 1, to: 4, step: 1}}
charging: {samples: 11}
"""
POINTS = 2 * 3 * 4 * 4

LINE = """
name: line
parameters: {interaction: dicke, g: 0.25, m: 1, fock_dim: 5}
axes:
  - {name: N, values: [1, 2, 3, 4]}
charging: {t_max: 1.0}
"""

# The point g = 20 takes too many steps of PETSc's integrator.
UNEVEN = """
name: uneven
parameters: {interaction: tavis_cummings, N: 1, charger: fock, m: 1, fock_dim: 3}
axes:
  - {name: g, values: [0.5, 20, 1]}
charging: {t_max: 2.0, tolerance: 1.0e-6}
"""
FEW_STEPS = ["--propagator", "ts", "--", "-ts_max_steps", "60"]

HELP = "(qbsweep run --help lists what is accepted)"
NAMES = "accepted: a name for the merged archive, new or that of an earlier merge"


class ShardTestCase(cli.CliTestCase):
    def check(self, code, output, *arguments, **options):
        """The program ends with `code` and prints `output`."""
        result = self.run_program(*arguments, **options)
        self.assertEqual((result.returncode, result.stdout), (code, output), result.stderr)
        return result.stderr

    def refuse(self, code, message, *arguments, **options):
        """The program ends with `code` and `message` as its one line, and changes no file. "..." in the
        message stands for any text."""
        before = {name: self.read(name) for name in os.listdir(self.folder)}
        error = self.check(code, "", *arguments, **options)
        pattern = "qbsweep: error: " + ".*".join(map(re.escape, message.split("..."))) + "\n"
        self.assertRegex(error, f"^{pattern}$")
        self.assertEqual({name: self.read(name) for name in os.listdir(self.folder)}, before)

    def run_shards(self, sweep, count, name, *arguments, code=0):
        """Runs every shard in turn; returns the names of their archives."""
        archives = []
        for number in range(1, count + 1):
            archives.append(f"{name}.shard-{number}-of-{count}.h5")
            result = self.run_program("run", sweep, "--shard", f"{number}/{count}", *arguments)
            self.assertIn(result.returncode, (0, code), result.stderr)
        return archives

    def edit(self, archive, **values):
        """Writes whole datasets of an archive."""
        with h5py.File(self.path(archive), "r+") as file:
            for name, value in values.items():
                file[name][...] = value


class Shards(ShardTestCase):
    def test_merged_shards_are_the_sweep(self):
        self.write("mixed.yaml", MIXED)
        self.succeed("run", "mixed.yaml", "-o", "plain.h5", ranks=2)
        shards = self.run_shards("mixed.yaml", 4, "mixed")
        self.assertEqual(sorted(os.listdir(self.folder)), sorted([*shards, "mixed.yaml", "plain.h5"]))

        with h5py.File(self.path("plain.h5")) as plain:
            work = plain["point_unknowns"][()] * plain["operator_applications"][()]
        done = [cli.status_of(self.path(shard)) == DONE for shard in shards]
        np.testing.assert_array_equal(np.sum(done, axis=0), 1)  # disjoint and complete
        self.assertEqual([np.sum(mine) for mine in done], [POINTS // 4] * 4)
        works = [np.sum(work[mine]) for mine in done]
        self.assertLess(max(works), 1.3 * min(works))

        self.check(0, f"all.h5: {POINTS} of {POINTS} points done, 0 failed, 0 pending\n",
                   "merge", "all.h5", *shards)
        self.assertEqual(differences(self.path("plain.h5"), self.path("all.h5")), [])
        self.assertIn(f"all.h5: 0 of {POINTS} points to compute",
                      self.check(0, "", "run", "mixed.yaml", "-o", "all.h5"))
        self.assertEqual(differences(self.path("plain.h5"), self.path("all.h5")), [])
        self.assertEqual(*(self.rows_without_timings(name) for name in ("plain.h5", "all.h5")))
        self.assertEqual(sorted(os.listdir(self.folder)), sorted([*shards, "mixed.yaml", "plain.h5", "all.h5"]))

    def rows_without_timings(self, archive):
        return [{column: cell for column, cell in row.items() if column != "wall_seconds"}
                for row in csv.DictReader(io.StringIO(self.succeed("export", archive)))]

    def test_any_number_of_shards(self):
        self.write("line.yaml", LINE)
        self.succeed("run", "line.yaml", "-o", "plain.h5")
        for count in 1, 3, 6:  # of six two have nothing to do
            shards = self.run_shards("line.yaml", count, "line")
            self.check(0, f"all{count}.h5: 4 of 4 points done, 0 failed, 0 pending\n",
                       "merge", f"all{count}.h5", *shards)
            self.assertEqual(differences(self.path("plain.h5"), self.path(f"all{count}.h5")), [])

    def test_only_its_own_points_count(self):
        self.write("line.yaml", LINE)
        error = self.check(0, "", "run", "line.yaml", "--shard", "1/2", ranks=2)
        self.assertIn("line.shard-1-of-2.h5: 2 of 2 points of shard 1/2 to compute on 2 ranks\n", error)
        self.assertIn("\n2/2 points done after ", error)
        shard = "line.shard-1-of-2.h5"
        self.assertEqual(cli.contents(self.path(shard))[1]["shard"], "1/2")
        self.assertIn(f"{shard}: 2 of 2 points of shard 1/2 done, 0 failed, 0 pending\n",
                      self.succeed("status", shard))
        whole = self.read(shard)
        self.assertIn(f"{shard}: 0 of 2 points of shard 1/2 to compute",
                      self.check(0, "", "run", "line.yaml", "--shard", "1/2"))
        self.assertEqual(self.read(shard), whole)
        self.edit(shard, status=PENDING)
        self.assertIn(f"{shard}: 0 of 2 points of shard 1/2 done, 0 failed, 2 pending\n",
                      self.succeed("status", shard))
        # A name of one's own.
        self.succeed("run", "line.yaml", "--shard", "1/2", "-o", "own.h5")
        self.write(shard, whole)
        self.assertEqual(differences(self.path("own.h5"), self.path(shard)), [])

    def test_bad_shards(self):
        self.write("line.yaml", LINE)
        for text in "0/4", "5/4", "2", "a/b", "1/0", "-1/4", "1/4/4", "1/2x":
            self.refuse(BAD_INPUT, f"--shard: found {text}; accepted: i/n with i from 1 to n, as in 2/4 {HELP}",
                        "run", "line.yaml", f"--shard={text}")
        self.refuse(BAD_INPUT, "--shard: found nothing; accepted: i/n with i from 1 to n, as in 2/4 " + HELP,
                    "run", "line.yaml", "--shard", "")
        self.refuse(BAD_INPUT, f"--shard: found no value; accepted: one {HELP}", "run", "line.yaml", "--shard")

    def test_archives_of_other_shards(self):
        self.write("line.yaml", LINE)
        self.succeed("run", "line.yaml", "-o", "plain.h5")
        self.succeed("run", "line.yaml", "--shard", "2/4", "-o", "shard.h5")
        for ranks in None, 3:
            self.refuse(BAD_INPUT, "shard.h5 is for shard 2/4 of its sweep, and --shard 2/3 was given; "
                        "give --shard 2/4, or another -o",
                        "run", "line.yaml", "-o", "shard.h5", "--shard", "2/3", ranks=ranks)
        self.refuse(BAD_INPUT, "shard.h5 is for shard 2/4 of its sweep, and no --shard was given; "
                    "give --shard 2/4, or another -o", "run", "line.yaml", "-o", "shard.h5")
        self.refuse(BAD_INPUT, "plain.h5 is for all points of its sweep, and --shard 2/4 was given; "
                    "leave it out, or give another -o", "run", "line.yaml", "-o", "plain.h5", "--shard", "2/4")
        with h5py.File(self.path("shard.h5"), "r+") as file:
            file.attrs["shard"] = "5/4"
        self.refuse(BAD_INPUT, "shard.h5 is damaged: what it says of its sweep is not what it was made with; "
                    "`qbsweep run` with its sweep file keeps what is whole of it",
                    "status", "shard.h5")


class Merge(ShardTestCase):
    def setUp(self):
        super().setUp()
        self.write("line.yaml", LINE)
        self.succeed("run", "line.yaml")  # line.h5

    def part(self, name, done):
        """line.h5 with only these points done, and with timings of its own."""
        shutil.copy(self.path("line.h5"), self.path(name))
        with h5py.File(self.path(name), "r+") as file:
            missing = [point for point in range(4) if point not in done]
            for dataset in filter(lambda dataset: has_slots(dataset, file["status"]), file.values()):
                values = dataset[()]
                values[missing] = np.nan if values.dtype.kind == "f" else 0
                dataset[...] = values
            file["wall_seconds"][list(done)] = 1.0 + len(name)
            file["attempts"][list(done)] = 1 + len(done)
            stamp(file)
        return name

    def test_parts_of_any_kind(self):
        parts = [self.part("half.h5", [0, 1]), self.part("overlap.h5", [1, 2])]
        line = "some.h5: 3 of 4 points done, 0 failed, 1 pending\n"
        self.check(STOPPED_EARLY, line, "merge", "some.h5", *parts)
        np.testing.assert_array_equal(cli.status_of(self.path("some.h5")), [DONE, DONE, DONE, PENDING])
        self.assertIn(line, self.succeed("status", "some.h5"))
        # The merged archive is a part like any other, and `run` resumes it.
        self.check(STOPPED_EARLY, line.replace("some", "more"), "merge", "more.h5", "some.h5", *parts)
        self.assertIn("more.h5: 1 of 4 points to compute", self.check(0, "", "run", "line.yaml", "-o", "more.h5"))
        self.assertEqual(differences(self.path("line.h5"), self.path("more.h5")), [])
        self.check(0, "all.h5: 4 of 4 points done, 0 failed, 0 pending\n", "merge", "all.h5", "some.h5", "line.h5")
        self.assertEqual(differences(self.path("line.h5"), self.path("all.h5")), [])

    def test_an_earlier_merge_is_added_to(self):
        """What an array of jobs does when it is submitted again."""
        self.write("uneven.yaml", UNEVEN)
        shards = self.run_shards("uneven.yaml", 2, "uneven", *FEW_STEPS, code=SOME_POINTS_FAILED)
        self.check(SOME_POINTS_FAILED, "all.h5: 2 of 3 points done, 1 failed, 0 pending\n",
                   "merge", "all.h5", *shards)
        self.run_shards("uneven.yaml", 2, "uneven", "--propagator", "ts")
        for _ in range(2):
            self.check(0, "all.h5: 3 of 3 points done, 0 failed, 0 pending\n", "merge", "all.h5", *shards)
            self.assertFalse(os.path.exists(self.path("all.h5.failures.jsonl")))

    def test_under_a_launcher(self):
        self.check(0, "all.h5: 4 of 4 points done, 0 failed, 0 pending\n", "merge", "all.h5", "line.h5", ranks=3)
        self.assertEqual(differences(self.path("line.h5"), self.path("all.h5")), [])

    def test_part_that_is_being_written(self):
        self.write("mixed.yaml", MIXED.replace("count: 4", "count: 60"))
        growing = self.path("growing.h5")
        process = self.start_program("run", "mixed.yaml", "-o", growing, *cli.PLAIN_PATH, ranks=2)
        merged = []
        for more in range(3):
            least = cli.done_count(self.path(merged[-1])) if merged else 0
            cli.wait_until(lambda enough=least: cli.done_count(growing) > enough, "more points")
            merged.append(f"all{more}.h5")
            result = self.run_program("merge", merged[-1], "growing.h5")
            self.assertEqual(result.returncode, STOPPED_EARLY, result.stderr)
            self.assertGreater(cli.done_count(self.path(merged[-1])), least)
        process.send_signal(signal.SIGUSR1)
        self.assertEqual(process.wait(cli.PATIENCE), STOPPED_EARLY)
        for archive in merged:
            self.assertEqual(damaged_slots(self.path(archive), growing), [])

    def test_failed_points(self):
        self.write("uneven.yaml", UNEVEN)
        shards = self.run_shards("uneven.yaml", 2, "uneven", *FEW_STEPS, code=SOME_POINTS_FAILED)
        self.check(SOME_POINTS_FAILED, "all.h5: 2 of 3 points done, 1 failed, 0 pending\n",
                   "merge", "all.h5", *shards)
        np.testing.assert_array_equal(cli.status_of(self.path("all.h5")), [DONE, FAILED, DONE])
        logs = [self.read(f"{name}.failures.jsonl") for name in shards
                if os.path.exists(self.path(f"{name}.failures.jsonl"))]
        self.assertEqual([self.read("all.h5.failures.jsonl")], logs)
        self.assertEqual(json.loads(logs[0])["point"], 1)
        self.assertIn("failures    all.h5.failures.jsonl says why", self.succeed("status", "all.h5"))
        # Done elsewhere, it is done; a log that an earlier archive of the name left goes.
        self.succeed("run", "uneven.yaml", "-o", "mended.h5", "--propagator", "ts")
        self.write("whole.h5.failures.jsonl", logs[0])
        self.check(0, "whole.h5: 3 of 3 points done, 0 failed, 0 pending\n",
                   "merge", "whole.h5", "all.h5", "mended.h5")
        self.assertFalse(os.path.exists(self.path("whole.h5.failures.jsonl")))
        # A run resumes the merged archive as any other.
        self.assertIn("all.h5: 1 of 3 points to compute",
                      self.check(0, "", "run", "uneven.yaml", "-o", "all.h5", "--propagator", "ts"))
        self.assertEqual(differences(self.path("mended.h5"), self.path("all.h5")), [])
        self.assertFalse(os.path.exists(self.path("all.h5.failures.jsonl")))

    def test_results_that_differ(self):
        self.part("first.h5", [0])
        self.part("other.h5", [1, 2])
        for dataset, index, value in (("battery_energy_max", 2, 0.5), ("tau", (2, 1), np.nan),
                                      ("point_unknowns", 2, 7), ("tau_at_window_end", (2, 0), 5)):
            self.part("changed.h5", [2, 3])
            with h5py.File(self.path("changed.h5"), "r+") as file:
                before = file[dataset][index]
                file[dataset][index] = value
                stamp(file)
            definition = {2: "", (2, 0): "[global]", (2, 1): "[permutation_invariant]"}[index]
            self.refuse(BAD_INPUT, "the point N=3 is done in other.h5 and in changed.h5 with different numbers: "
                        f"{dataset}{definition} is {str(before).removesuffix('.0')} and {value}; accepted: parts that agree",
                        "merge", "all.h5", "first.h5", "other.h5", "changed.h5")

    def test_refusals(self):
        self.succeed("run", "line.yaml", "-o", "other.h5", "--set", "kappa=0.2", "--set", "charging.samples=3")
        self.succeed("run", "line.yaml", "-o", "shard.h5", "--shard", "1/2")
        self.write("text.h5", "no archive")
        self.write("torn.h5", self.read("line.h5")[:20000])
        os.symlink("line.h5", self.path("link.h5"))
        for message, arguments in (
                ("found no PART.h5; accepted: qbsweep merge OUT.h5 PART.h5 ... [OPTIONS] (qbsweep merge --help lists what is "
                 "accepted)", ["all.h5"]),
                ("found no OUT.h5; accepted: qbsweep merge OUT.h5 PART.h5 ... [OPTIONS] (qbsweep merge --help lists what is "
                 "accepted)", []),
                ("PART.h5: found nothing; accepted: a path (qbsweep merge --help lists what is accepted)",
                 ["all.h5", ""]),
                ("nowhere.h5 does not exist; accepted is an archive of qbsweep",
                 ["all.h5", "line.h5", "nowhere.h5"]),
                ("text.h5 is not an HDF5 file; accepted is an archive of qbsweep",
                 ["all.h5", "line.h5", "text.h5"]),
                ("torn.h5 is a damaged HDF5 file: truncated file: ...", ["all.h5", "torn.h5"]),
                ("other.h5 belongs to another sweep than line.h5: charging.samples, kappa differ; "
                 "accepted: parts of one sweep", ["all.h5", "line.h5", "other.h5"]),
                ("line.h5 is given twice; accepted: every part once",
                 ["all.h5", "line.h5", "other.h5", "line.h5"]),
                ("line.h5 and ./line.h5 are the same file; accepted: every part once",
                 ["all.h5", "line.h5", "./line.h5"]),
                ("line.h5 and link.h5 are the same file; accepted: every part once",
                 ["all.h5", "line.h5", "link.h5"]),
                (f"line.h5 is one of the parts; {NAMES}", ["line.h5", "line.h5"]),
                (f"link.h5 is one of the parts; {NAMES}", ["link.h5", "line.h5"]),
                (f"shard.h5 is the archive of shard 1/2; {NAMES}", ["shard.h5", "line.h5"]),
                ("text.h5 is not an HDF5 file; accepted is an archive of qbsweep", ["text.h5", "line.h5"]),
                ("line.h5 belongs to another sweep than other.h5: charging.samples, kappa differ; "
                 "accepted: parts of one sweep", ["other.h5", "line.h5"])):
            with self.subTest(arguments=arguments):
                self.refuse(BAD_INPUT, message, "merge", *arguments)
        self.refuse(ENVIRONMENT, "cannot create nowhere/all.h5: folder nowhere: No such file or directory",
                    "merge", "nowhere/all.h5", "line.h5")
        self.refuse(BAD_INPUT, "line.h5 is given twice; accepted: every part once",
                    "merge", "all.h5", "line.h5", "line.h5", ranks=3)

    def test_disk_that_takes_no_more(self):
        self.refuse(ENVIRONMENT, "cannot create all.h5: ... KiB are needed: File too large",
                    "merge", "all.h5", "line.h5",
                    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (30000, 30000)))


if __name__ == "__main__":
    unittest.main()
