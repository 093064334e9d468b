"""A sweep whose every process is killed with SIGKILL at random moments and started again loses no point
that was done, and ends with the numbers of a sweep that nobody disturbed.

QBSWEEP_KILLS says how many kills at least (default 6)."""

import collections
import glob
import os
import random
import signal
import time
import unittest

import numpy as np

import qbsweep_cli as cli
from archive_compare import damaged_slots, differences
from job_processes import job_processes

KILLS = int(os.environ.get("QBSWEEP_KILLS", "6"))
SEED = 20240517

PENDING, DONE, FAILED = 0, 1, 2

# Points of a few milliseconds to tenths of a second each.
POINTS = 54
SWEEP = """
name: killed
parameters: {interaction: dicke, gamma_phi: 0.1, gamma_down: 0.1, m_per_n: 1.0, fock_dim: paper}
axes:
  - {name: kappa, values: [0, 0.1, 0.2]}
  - {name: N, values: [2, 3, 4]}
  - {name: g, linspace: {from: 0.1, to: 0.6, count: 6}}
charging: {t_max: 10.0, samples: 7, tolerance: 1.0e-8}
"""

# The first point takes a second, the others none.
ONE_LONG = """
name: one_long
parameters: {interaction: dicke, kappa: 0.15, gamma_phi: 0.1, gamma_down: 0.1, g: 0.25, m_per_n: 1.0, fock_dim: paper}
axes:
  - {name: N, values: [5, 1, 2]}
charging: {t_max: 20.0, samples: 7, tolerance: 1.0e-10}
"""


class KillTestCase(cli.CliTestCase):
    archive_name = "out.h5"

    def setUp(self):
        super().setUp()
        self.archive = self.path(self.archive_name)
        # What killed jobs leave of MPI's own, in shared memory and elsewhere, goes with the folder.
        os.mkdir(self.path("mpi"))
        self.environment = dict(cli.ENVIRONMENT, TMPDIR=self.path("mpi"),
                                OMPI_MCA_btl_vader_backing_directory=self.path("mpi"))

    def compute_reference(self, sweep_text, ranks):
        self.sweep = [self.write("sweep.yaml", sweep_text), *cli.PLAIN_PATH]
        self.reference = self.path("reference.h5")
        self.succeed("run", *self.sweep, "-o", self.reference, ranks=ranks)

    def start_job(self, ranks):
        return self.start(cli.command("run", *self.sweep, "-o", self.archive, ranks=ranks),
                          env=self.environment, start_new_session=True)

    def kill_job(self, job, order=lambda pids: None):
        """Finds mpirun and all ranks, then kills one after the other. False if the job ended before."""
        pids = job_processes(job.pid)
        order(pids)
        self.kill_each(pids)
        # And what was just being started.
        cli.wait_until(lambda: not self.kill_each(job_processes(job.pid)), "a killed job is gone")
        return job.wait() == -signal.SIGKILL

    @staticmethod
    def kill_each(pids):
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # ranks end by themselves when mpirun does
        return pids

    def status(self):
        return cli.status_of(self.archive)

    def under_way_in_two_kills(self):
        """The points one of which the next run will not compute, and those given up before."""
        if not os.path.exists(self.archive):
            return np.zeros(0, dtype=bool)
        attempts = cli.contents(self.archive)[0]["attempts"]
        return (self.status() == FAILED) | (self.status() == PENDING) & (attempts >= 2)

    def complete(self, ranks):
        """Runs the sweep to its end; again if a point was given up, for then the next run tries it."""
        suspected = self.under_way_in_two_kills()
        pending = self.status() == PENDING if os.path.exists(self.archive) else suspected
        result = self.run_program("run", *self.sweep, "-o", self.archive, ranks=ranks)
        if suspected.any() and pending.any():
            self.assertEqual(result.returncode, 3, result.stderr)
            failed = self.status() == FAILED
            self.assertTrue(np.all(suspected[failed]), "points given up that were not under way")
            self.assertTrue(np.all(failed | (self.status() == DONE)))
            result = self.run_program("run", *self.sweep, "-o", self.archive, ranks=ranks)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(differences(self.archive, self.reference), [])
        self.assertEqual(glob.glob(self.archive + "*"), [self.archive], "something was left behind")


class RandomKills(KillTestCase):
    """Kills while the job starts, while it creates the archive and while it computes."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        self.kills = collections.Counter()  # by what they met
        self.compute_reference(SWEEP, ranks=2)

    def wait_for_creation(self, job):
        """Until the archive is being created or there, without a pause."""
        end = time.monotonic() + cli.PATIENCE
        while job.poll() is None and time.monotonic() < end:
            if glob.glob(self.archive + "*"):
                return

    def wait_for_work(self, job, done_before):
        """Until some more points are done."""
        target = self.random.randint(done_before, POINTS)
        cli.wait_until(lambda: job.poll() is not None
                       or os.path.exists(self.archive) and cli.done_count(self.archive) >= target,
                       f"{target} points are done")

    def wait_for_a_moment_to_kill(self, job, done_before):
        first = not os.path.exists(self.archive)
        moment = self.random.choice(["start", "creation", "work", "work"] if first
                                    else ["start", "work", "work", "work"])
        if moment == "start":
            time.sleep(self.random.uniform(0.0, 0.6))
        elif moment == "creation":
            self.wait_for_creation(job)
            time.sleep(self.random.uniform(0.0, 0.01))
        else:
            self.wait_for_work(job, done_before)
            time.sleep(self.random.uniform(0.0, 0.3))

    def check_archive(self, done_before):
        """What a kill left: nothing under the archive's name, or an archive whose done slots are whole.
        Returns the slots done."""
        done = self.status() == DONE if os.path.exists(self.archive) else None
        if done is not None:
            met = "all done" if done.all() else "some done" if done.any() else "none done"
        else:
            met = "creating" if os.path.exists(self.archive + ".creating") else "no archive yet"
        print(met)
        self.kills[met] += 1

        if done is None:
            self.assertIsNone(done_before, "the archive is gone")
            return None
        self.assertEqual(damaged_slots(self.archive, self.reference), [])
        if done_before is not None:
            self.assertTrue(np.all(done[done_before]), "points that were done are not any more")
        return done

    def kill_one_sweep(self, kills):
        """Kills a sweep several times, then lets it come to its end."""
        done = None
        for _ in range(kills):
            ranks = self.random.randint(1, 4)
            print(f"kill {self.kills.total() + 1}: {ranks} ranks, ", end="")
            job = self.start_job(ranks)
            self.wait_for_a_moment_to_kill(job, 0 if done is None else int(done.sum()))
            if not self.kill_job(job, order=self.random.shuffle):
                print("which ended before")
                self.assertIn(job.returncode, (0, 3))
                break
            done = self.check_archive(done)
            if done is not None and done.all():
                break
        self.complete(ranks=self.random.randint(1, 4))
        for path in glob.glob(self.archive + "*"):
            os.remove(path)

    def test_kills(self):
        print(f"seed {SEED}")
        while self.kills.total() < KILLS or self.kills["some done"] == 0:
            self.kill_one_sweep(min(max(KILLS - self.kills.total(), 1), self.random.randint(2, 5)))
        print(f"{self.kills.total()} kills: {dict(self.kills)}")


class Leftovers(KillTestCase):
    def test_a_half_created_archive_is_replaced(self):
        self.compute_reference(SWEEP.replace("[2, 3, 4]", "[1]"), ranks=1)
        whole = self.read("reference.h5")
        self.write(self.archive_name + ".creating", whole[:len(whole) // 2])
        self.complete(ranks=2)

    def test_a_point_under_way_in_two_kills_is_given_up_and_tried_again_by_the_next_run(self):
        self.compute_reference(ONE_LONG, ranks=1)
        long_point = np.array([True, False, False])
        for attempt in 1, 2:
            job = self.start_job(ranks=attempt)
            cli.wait_until(lambda: os.path.exists(self.archive) and
                           cli.contents(self.archive)[0]["attempts"][0] == attempt,
                           f"the long point is started for the {attempt}. time")
            self.assertTrue(self.kill_job(job))
            self.assertEqual(self.status()[0], PENDING)
        np.testing.assert_array_equal(self.under_way_in_two_kills(), long_point)

        result = self.run_program("run", *self.sweep, "-o", self.archive)
        self.assertEqual(result.returncode, 3, result.stderr)
        np.testing.assert_array_equal(self.status(), np.where(long_point, FAILED, DONE))
        self.assertEqual(damaged_slots(self.archive, self.reference), [])
        with open(self.archive + ".failures.jsonl", encoding="utf-8") as log:
            self.assertIn("the job died 2 times while this point was computed", log.read())

        self.complete(ranks=1)


if __name__ == "__main__":
    unittest.main()
