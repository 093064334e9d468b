"""Long points: saved in the middle, and resumed after a kill, a signal or a time limit, by as many ranks
as there are.

QBSWEEP_KILLS says how many kills at least (default 3)."""

import glob
import os
import random
import re
import signal
import time
import unittest

import h5py
import numpy as np

import qbsweep_cli as cli
from archive_compare import differences
from job_processes import job_processes

KILLS = int(os.environ.get("QBSWEEP_KILLS", "3"))
SEED = 20240611
STOPPED_EARLY = 75

# A point of some seconds. Its window is covered by many series, so that kills come in the middle of one and
# between them.
LONG = """
name: long
parameters: {{interaction: {interaction}, N: 6, g: 0.3, m: 6, kappa: 0.15, gamma_down: 0.1, gamma_phi: 0.1,
             fock_dim: auto}}
charging: {{t_max: {t_max}, samples: 41}}
"""

# The same with controls that move, jump and have kinks, and with all that is added up on the way.
SCHEDULED = """
name: scheduled
parameters: {{interaction: dicke, N: 4, g: 0.3, m: 4, kappa: 0.15, gamma_down: 0.1, gamma_phi: 0.1, n_th: 0.1,
             fock_dim: auto}}
charging: {{t_max: {t_max}, samples: 41}}
schedule:
  coupling: {{shape: sine, frequency: 0.4, offset: 0.5}}
  omega_c: {{steps: [1.0, 1.1, 0.9, 1.05, 0.95, 1.0, 1.1]}}
  kappa: {{shape: sin2, rise: {rise}}}
storage: {{duration: 20, samples: 11}}
observables: [jx, jy, cavity_x, cavity_p, work_switching, heat_cavity, heat_atoms, photon_distribution, battery_state]
photon_levels: 12
"""

# Long points and short ones.
MIXED = """
name: mixed
parameters: {interaction: dicke, g: 0.3, m_per_n: 1, kappa: 0.15, gamma_down: 0.1, gamma_phi: 0.1, fock_dim: 20}
axes:
  - {name: N, values: [2, 8, 3, 4]}
charging: {t_max: 60.0, samples: 11}
"""


class CheckpointTestCase(cli.CliTestCase):
    def setUp(self):
        super().setUp()
        self.archive = self.path("out.h5")
        self.checkpoint = self.archive + ".checkpoint-0"

    def compute_reference(self, text):
        self.sweep = [self.write("sweep.yaml", text)]
        self.reference = self.path("reference.h5")
        begin = time.monotonic()
        self.succeed("run", *self.sweep, "-o", self.reference)
        return time.monotonic() - begin

    def saved_at(self):
        """When the point was saved last; 0 if it was not."""
        try:
            return os.stat(self.checkpoint).st_mtime
        except FileNotFoundError:
            return 0

    def check_complete(self, tolerance=0.0):
        self.assertEqual(glob.glob(self.archive + ".*"), [])
        if tolerance == 0:
            self.assertLessEqual(set(differences(self.archive, self.reference)),
                                 {"attribute sweep_overrides", "attribute sweep_checksum"})
            return
        found, _ = cli.contents(self.archive)
        expected, _ = cli.contents(self.reference)
        for name, values in expected.items():
            if values.dtype.kind == "f" and name != "wall_seconds":
                np.testing.assert_allclose(found[name], values, rtol=0, atol=tolerance, err_msg=name)


class Kills(CheckpointTestCase):
    def test_cost_no_more_than_was_to_be_saved(self):
        # Long enough for all kills: each leaves the point further than the one before.
        self.kill_again_and_again(LONG.format(interaction="dicke", t_max=350.0 * KILLS))

    def test_leave_a_schedule_as_it_was(self):
        self.kill_again_and_again(SCHEDULED.format(t_max=60.0 * KILLS, rise=20.0 * KILLS))

    def kill_again_and_again(self, text):
        seconds = self.compute_reference(text)
        every = min(1.0, seconds / (4 * KILLS))
        chance = random.Random(SEED)
        lost = []
        ends = []
        for kill in range(1000):
            ranks = 1 + kill % 2
            job = self.start(cli.command("run", *self.sweep, "-o", self.archive, "--checkpoint-every",
                                         f"{every:.3f}s", "--set", f"ranks_per_point={ranks}", ranks=ranks),
                             start_new_session=True)
            before = self.saved_at()
            # At any moment after it has got further than the run before.
            cli.wait_until(lambda: job.poll() is not None or self.saved_at() > before, "it is saved")
            if job.poll() is None and len(ends) < KILLS:
                time.sleep(chance.uniform(0, 1.5 * every))
            if job.poll() is not None or len(ends) >= KILLS:
                break
            pids = job_processes(job.pid)
            moment = time.time()
            for pid in pids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            ends.append(job.wait(cli.PATIENCE))
            cli.wait_until(lambda job=job: not job_processes(job.pid), "a killed job is gone")
            lost.append(moment - self.saved_at())
        # What is left takes two ranks in step several times as long where other work keeps them waiting.
        self.assertEqual(job.wait(cli.PATIENCE + 20 * seconds), 0)
        print(f"\n{len(lost)} kills, checkpoints every {every:.2f} s, a point of {seconds:.1f} s: work lost at "
              f"most {max(lost):.2f} s, {np.mean(lost):.2f} s on average")
        self.assertGreaterEqual(len(lost), KILLS)
        self.assertEqual(set(ends), {-signal.SIGKILL})
        # Ranks of a busy machine look late at the clock.
        self.assertLess(max(lost), every + 5.0)
        self.check_complete(tolerance=1e-8)

    def test_half_written_or_damaged_checkpoints_only_cost_time(self):
        self.compute_reference(LONG.format(interaction="tavis_cummings", t_max=100000.0))
        job = self.start_program("run", *self.sweep, "-o", self.archive, "--checkpoint-every", "0.2s")
        cli.wait_until(lambda: job.poll() is not None or self.saved_at() > 0, "it is saved")
        job.kill()
        job.wait()
        with open(self.checkpoint, "r+b") as file:
            file.truncate(os.stat(self.checkpoint).st_size // 2)
        self.write("out.h5.checkpoint-0.writing", b"half")
        self.succeed("run", *self.sweep, "-o", self.archive)
        self.check_complete()


class Stops(CheckpointTestCase):
    def start_and_wait(self, *options, ranks=None):
        """Starts the sweep and waits until its point is under way and has got further than before."""
        before = self.progress()
        job = self.start_program("run", *self.sweep, "-o", self.archive, *options, ranks=ranks)
        cli.wait_until(lambda: job.poll() is not None or self.progress() > before, "more of the point is done")
        self.assertIsNone(job.poll(), "the run ended before it could be stopped")
        return job

    def progress(self):
        if not os.path.exists(self.archive):
            return 0
        with h5py.File(self.archive, "r") as file:
            return np.nan_to_num(file["progress"][()])

    def test_a_signal_saves_a_long_point_at_once(self):
        self.sweep = [self.write("sweep.yaml", LONG.format(interaction="dicke", t_max=1e5))]
        before = 0
        for ranks in (None, 2, None):
            job = self.start_and_wait(*(["--set", "ranks_per_point=2"] if ranks else []), ranks=ranks)
            job.send_signal(signal.SIGUSR1)
            self.assertEqual(job.wait(cli.PATIENCE), STOPPED_EARLY)
            self.assertGreater(self.saved_at(), before)
            before = self.saved_at()
            self.assertEqual(cli.contents(self.archive)[0]["attempts"], 0)
            self.assertEqual(sorted(os.listdir(self.folder)), ["out.h5", "out.h5.checkpoint-0", "sweep.yaml"])

    def test_saved_work_is_shown_and_counted(self):
        """By `status` after a kill, and by the run that resumes; both times together are the point's."""
        self.compute_reference(LONG.format(interaction="dicke", t_max=300.0))
        job = self.start_program("run", *self.sweep, "-o", self.archive, "--checkpoint-every", "0.2s")
        cli.wait_until(lambda: job.poll() is not None or self.saved_work()[0] > 0.1, "enough is saved")
        job.kill()
        job.wait()
        fraction, seconds = self.saved_work()
        self.assertTrue(0.1 < fraction < 1 and seconds > 0, (fraction, seconds))

        status = self.succeed("status", self.archive)
        self.assertIn(": 0 of 1 points done, 0 failed, 1 pending\n", status)
        self.assertRegex(status, rf"\nbegun       the only point(: \d+ %)?, saved at {100 * fraction:.0f} %\n")
        for what, expected in (("time spent", seconds), ("time left", seconds / fraction * (1 - fraction))):
            told = re.search(rf"(?m)^{what} +(?:about )?(?:(\d+) min )?([\d.]+) s of one core$", status)
            self.assertAlmostEqual(60 * int(told[1] or 0) + float(told[2]), expected, delta=0.5, msg=status)

        last = self.run_program("run", *self.sweep, "-o", self.archive)
        self.assertEqual(last.returncode, 0, last.stderr)
        self.assertIn(f"{self.archive}: resumes: 0 of 1 points are done, 1 is saved half done "
                      f"({100 * fraction:.0f} %)\n", last.stderr)
        self.check_complete()
        self.assertGreater(cli.contents(self.archive)[0]["wall_seconds"], seconds)

    def saved_work(self):
        """Which fraction of the point is saved, and what that took."""
        try:
            with h5py.File(self.checkpoint, "r") as file:
                return file["numbers/work"][()]
        except OSError:  # there is none yet, or another one takes its place
            return 0.0, 0.0

    def test_another_method_begins_anew_and_says_so(self):
        self.sweep = [self.write("sweep.yaml", LONG.format(interaction="dicke", t_max=1e5))]
        job = self.start_and_wait()
        job.send_signal(signal.SIGUSR1)
        self.assertEqual(job.wait(cli.PATIENCE), STOPPED_EARLY)
        self.assertRegex(self.succeed("status", self.archive), r"\nsaved       the only point: \S+ %\n")
        other = self.run_program("run", *self.sweep, "-o", self.archive, "--operator", "assembled",
                                 "--time-limit", "1s")
        self.assertIn(f"{self.archive}: resumes: 0 of 1 points are done\n", other.stderr)

    def test_a_time_limit_is_kept_and_nothing_is_lost(self):
        self.compute_reference(LONG.format(interaction="dicke", t_max=1500.0))
        runs = 0
        while True:
            runs += 1
            begin = time.monotonic()
            result = self.run_program("run", *self.sweep, "-o", self.archive, "--time-limit", "4s")
            # The margin is there for machines that are busy.
            self.assertLess(time.monotonic() - begin, 60)
            if result.returncode != STOPPED_EARLY:
                break
            self.assertIn("stopped early; run the same command to resume", result.stderr)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertGreater(runs, 1)
        self.check_complete()

    def test_slurms_time_limit_is_heeded(self):
        self.compute_reference(LONG.format(interaction="dicke", t_max=10.0))
        long_sweep = self.write("endless.yaml", LONG.format(interaction="dicke", t_max=1e5))
        environment = dict(cli.ENVIRONMENT, SLURM_JOB_END_TIME=str(int(time.time()) + 5))
        result = self.run_program("run", long_sweep, "-o", self.archive, env=environment)
        self.assertEqual(result.returncode, STOPPED_EARLY, result.stderr)
        # The option counts more.
        environment["SLURM_JOB_END_TIME"] = str(int(time.time()) - 100)
        self.assertEqual(self.run_program("run", *self.sweep, "-o", self.path("b.h5"), "--time-limit", "1h",
                                          env=environment).returncode, 0)

    def test_durations_are_checked(self):
        sweep = self.write("sweep.yaml", MIXED)
        for option in "--time-limit", "--checkpoint-every":
            for value in "soon", "0", "-3", "5x":
                result = self.run_program("run", sweep, f"{option}={value}")
                self.assertEqual(result.returncode, 1)
                self.assertRegex(result.stderr, rf"^qbsweep: error: {option}: found {re.escape(value)}; "
                                 r"accepted: a duration as 90, 45s, 30min, 1\.5h, 1h30min, 02:30:00 ")
                self.assertEqual(result.stderr.count("\n"), 1)
        self.assertEqual(os.listdir(self.folder), ["sweep.yaml"])


class RanksPerPoint(CheckpointTestCase):
    def test_numbers_do_not_depend_on_them(self):
        self.compute_reference(MIXED)
        for ranks in 2, 3:
            for together in "1", str(ranks), "auto":
                with self.subTest(ranks=ranks, together=together):
                    self.archive = self.path(f"out-{ranks}-{together}.h5")
                    self.succeed("run", *self.sweep, "-o", self.archive, "--set",
                                 f"ranks_per_point={together}", ranks=ranks)
                    self.check_complete(tolerance=0.0 if together == "1" else 1e-10)

    def test_what_is_not_shared_is_there_too(self):
        """Steady states and ground states are the work of a group's first rank; some of them fail."""
        self.compute_reference(MIXED.replace("[2, 8, 3, 4]", "[2, 3, 1]").replace("fock_dim: 20", "fock_dim: 6")
                               .replace("axes:", "axes:\n  - {name: initial_state, values: [charged_cavity, "
                                        "ground_state]}")
                               .replace("t_max: 60.0", "t_max: 3.0")
                               + "steady_state: {method: shift_invert, gap: true}\n")
        self.succeed("run", *self.sweep, "-o", self.archive, "--set", "ranks_per_point=2", ranks=2)
        self.check_complete(tolerance=1e-10)
        # A tolerance that no solver keeps.
        result = self.run_program("run", *self.sweep, "-o", self.path("failed.h5"), "--set", "ranks_per_point=2",
                                  "--set", "steady_state.tolerance=1e-13", "--set", "steady_state.method=gmres",
                                  "--set", "fock_dim=12", ranks=2)
        self.assertIn(result.returncode, (0, 3), result.stderr)
        self.assertNotIn(0, cli.status_of(self.path("failed.h5")))

    def test_they_are_no_part_of_what_a_sweep_means(self):
        sweep = self.write("sweep.yaml", MIXED + "ranks_per_point: 2\n")
        self.succeed("run", sweep, "-o", self.archive, ranks=2)
        result = self.run_program("run", sweep, "-o", self.archive, "--set", "ranks_per_point=auto")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("0 of 4 points to compute", result.stderr)

    def test_other_values_are_refused(self):
        for value in "0", "-1", "1.5", "many", "[1,2]":
            sweep = self.write("sweep.yaml", MIXED + f"ranks_per_point: {value}\n")
            result = self.run_program("validate", sweep)
            self.assertEqual(result.returncode, 1)
            self.assertRegex(result.stderr, r"^qbsweep: .*sweep\.yaml:7: ranks_per_point: found .*; accepted: ")


if __name__ == "__main__":
    unittest.main()
