"""One run at a time writes an archive: a second one is refused, and what a dead one left is no obstacle."""

import json
import os
import signal
import threading
import unittest

import qbsweep_cli as cli
from archive_compare import differences

# Seconds of work: enough to be stopped in the middle of it.
SWEEP = """
name: locked
parameters: {interaction: dicke, kappa: 0.15, gamma_phi: 0.1, gamma_down: 0.1, g: 0.25, m_per_n: 1.0, fock_dim: paper}
axes:
  - {name: N, values: [4, 5, 3, 2, 1]}
charging: {t_max: 40.0, samples: 7, tolerance: 1.0e-9}
"""
ENVIRONMENT, STOPPED = 2, 75


class LockTestCase(cli.CliTestCase):
    def setUp(self):
        super().setUp()
        self.write("sweep.yaml", SWEEP)
        self.run_it = ["run", "sweep.yaml", "-o", "out.h5", *cli.PLAIN_PATH]

    def record(self):
        """What the lock file says; None while there is none that is whole."""
        try:
            return json.loads(self.read("out.h5.lock"))
        except (FileNotFoundError, json.JSONDecodeError):
            return None

    def start_run(self, **environment):
        """Starts a run; returns it, its computing begun, and the record it keeps."""
        run = self.start_program(*self.run_it, env=dict(cli.ENVIRONMENT, **environment))
        cli.wait_until(lambda: os.path.exists(self.path("out.h5"))
                       and cli.contents(self.path("out.h5"))[0]["attempts"].any(), "the run computes")
        self.assertIsNone(run.poll())
        return run, self.record()

    def check_refused(self, who, **options):
        result = self.run_program(*self.run_it, **options)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (
            ENVIRONMENT, "", f"qbsweep: error: out.h5 is being written by another run: {who}; wait for it or "
            "stop it\n"))

    def check_complete(self):
        self.succeed(*self.run_it)
        self.assertEqual(sorted(os.listdir(self.folder)), ["out.h5", "sweep.yaml"])


class TwoRuns(LockTestCase):
    def test_the_second_is_refused_and_the_first_completes(self):
        run, record = self.start_run(SLURM_JOB_ID="4711")
        run.send_signal(signal.SIGSTOP)  # so that it is there still
        self.assertEqual((record["pid"], record["ranks"], record["host"]), (run.pid, 1, os.uname().nodename))
        who = f"process {run.pid} on {record['host']} (Slurm job 4711), started {record['started']}"
        before = self.read("out.h5")
        self.check_refused(who)
        self.check_refused(who, ranks=3)
        self.assertEqual(self.read("out.h5"), before)
        self.assertEqual(self.record(), record)

        run.send_signal(signal.SIGCONT)
        self.assertEqual(run.wait(cli.PATIENCE), 0)
        self.assertIsNone(self.record())
        os.rename(self.path("out.h5"), self.path("first.h5"))
        self.succeed(*self.run_it)
        self.assertEqual(differences(self.path("first.h5"), self.path("out.h5")), [])

    def test_archives_do_not_disturb_each_other(self):
        run, _ = self.start_run()
        run.send_signal(signal.SIGSTOP)
        self.run_it[3] = "other.h5"
        self.succeed(*self.run_it)


class Leftovers(LockTestCase):
    def test_of_a_killed_run(self):
        run, record = self.start_run()
        run.kill()
        run.wait()
        self.assertEqual(self.record(), record)
        self.check_complete()

    def test_of_a_run_that_stopped_early(self):
        run, _ = self.start_run()
        run.send_signal(signal.SIGTERM)
        self.assertIn(run.wait(cli.PATIENCE), (0, STOPPED))
        self.assertIsNone(self.record())

    def test_of_a_run_that_was_refused(self):
        self.write("out.h5", "no archive")
        self.assertEqual(self.run_program(*self.run_it).returncode, 1)
        self.assertEqual(sorted(os.listdir(self.folder)), ["out.h5", "sweep.yaml"])


class AnotherMachine(LockTestCase):
    def setUp(self):
        super().setUp()
        self.write("out.h5.lock", json.dumps({
            "host": "node3", "machine": "of another boot", "pid": os.getpid(), "process_started": 1,
            "slurm_job": "17", "ranks": 64, "started": "2024-05-17T08:30:00Z", "beat_seconds": 0.3}))

    def test_a_lock_that_stands_still(self):
        self.check_complete()

    def test_a_lock_that_moves(self):
        ended = threading.Event()

        def beat():
            while not ended.wait(0.05):
                os.utime(self.path("out.h5.lock"))

        before = self.read("out.h5.lock")
        beating = threading.Thread(target=beat)
        beating.start()
        try:
            for ranks in None, 2:
                self.check_refused("process %d on node3 (Slurm job 17), started 2024-05-17T08:30:00Z"
                                   % os.getpid(), ranks=ranks)
        finally:
            ended.set()
            beating.join()
        self.assertEqual(self.read("out.h5.lock"), before)
        self.assertFalse(os.path.exists(self.path("out.h5")))


if __name__ == "__main__":
    unittest.main()
