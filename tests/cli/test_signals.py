"""Being asked to stop: SIGINT, SIGTERM and SIGUSR1 end a run with 75 and lose nothing, alone, under
mpirun and under jobs/workstation.sh."""

import os
import signal
import subprocess
import unittest

import numpy as np

import qbsweep_cli as cli
from archive_compare import differences
from job_processes import rank_pids

DONE = 1
STOPPED_EARLY = 75

# Points long enough that a signal finds most of them waiting.
SWEEP = """
name: signals
parameters: {interaction: dicke, N: 4, g: 0.3, m: 6, fock_dim: 20, kappa: 0.1, gamma_phi: 0.05}
axes:
  - {name: gamma_down, linspace: {from: 0.01, to: 0.1, count: 24}}
charging: {t_max: 4.0, samples: 5}
"""

# Points so short that they are handed out in batches.
SHORT_POINTS = """
name: signals
parameters: {interaction: dicke, N: 1, g: 0.3, m: 1, kappa: 0.1, fock_dim: paper}
axes:
  - {name: gamma_down, linspace: {from: 0.01, to: 0.1, count: 6000}}
charging: {t_max: 1.0}
"""

# One point that outlasts every patience, and by PETSc's integrator cannot be saved.
ENDLESS = """
name: endless
parameters: {interaction: dicke, N: 4, g: 0.3, m: 4, kappa: 0.1, gamma_down: 0.1, fock_dim: paper}
charging: {t_max: 1.0e5}
"""


def setUpModule():
    StopTestCase.reference = StopTestCase("run_reference")
    StopTestCase.reference.setUp()
    unittest.addModuleCleanup(StopTestCase.reference.doCleanups)
    StopTestCase.reference.run_reference()


class StopTestCase(cli.CliTestCase):
    """One sweep that is stopped again and again, each time in another way."""

    def setUp(self):
        super().setUp()
        self.sweep = [self.write("sweep.yaml", SWEEP), *cli.PLAIN_PATH]
        self.archive = self.path("signals.h5")
        self.done_before = 0

    def run_reference(self):
        """The sweep without any signal, once for all tests."""
        self.succeed("run", *self.sweep)

    def start_workstation(self, *arguments):
        script = os.path.join(cli.SOURCE_DIR, "jobs", "workstation.sh")
        return self.start([script, "-n", "2", *arguments], env=dict(cli.ENVIRONMENT,
                                                                    QBSWEEP=cli.PROGRAM))

    def wait_for_points(self, process):
        """Waits until this run has done a point, while others wait for their turn; returns which points
        are under way then, or next within a batch."""
        cli.wait_until(lambda: process.poll() is not None
                       or cli.done_count(self.archive) > self.done_before, "a point is done")
        self.assertIsNone(process.poll(), "the run ended before it could be stopped")
        datasets, _ = cli.contents(self.archive)
        return (datasets["attempts"] > 0) & (datasets["status"] != DONE)

    def check_stopped(self, process, under_way):
        """The run has ended early; what was under way is done, and of what is not done there is no
        trace."""
        self.assertEqual(process.wait(cli.PATIENCE), STOPPED_EARLY)
        datasets, _ = cli.contents(self.archive)
        done = datasets["status"] == DONE
        self.assertLess(np.sum(done), len(done))
        self.assertTrue(np.all(done[under_way][:1]))
        np.testing.assert_array_equal(datasets["attempts"], done)
        self.assertTrue(np.all(np.isnan(datasets["tau"][~done])))
        self.assertEqual(sorted(os.listdir(self.folder)), ["signals.h5", "sweep.yaml"])
        self.done_before = np.sum(done)

    def check_goes_on_to_the_end(self):
        """A last run computes what is left, and the archive is that of a sweep never stopped."""
        last = self.run_program("run", *self.sweep)
        self.assertEqual(last.returncode, 0, last.stderr)
        points = len(cli.status_of(self.archive))
        self.assertIn(f"{points - self.done_before} of {points} points to compute", last.stderr)
        self.assertEqual(differences(self.archive, self.reference.archive), [])

    def wait_for_attempts(self, number):
        """Waits until the point of the endless sweep is begun (1) or its attempt taken back (0)."""
        archive = self.path("endless.h5")
        cli.wait_until(lambda: os.path.exists(archive)
                       and cli.contents(archive)[0]["attempts"] == number, f"attempts = {number}")


class OneProcess(StopTestCase):
    def test_every_signal_stops_after_the_point_under_way(self):
        for number in signal.SIGINT, signal.SIGTERM, signal.SIGUSR1:
            process = self.start_program("run", *self.sweep, stderr=subprocess.PIPE)
            under_way = self.wait_for_points(process)
            process.send_signal(number)
            lines = process.communicate(timeout=cli.PATIENCE)[1].decode().splitlines()
            self.assertEqual(lines[-1],
                             "qbsweep: signals.h5: stopped early; run the same command to resume")
            self.check_stopped(process, under_way)
        self.check_goes_on_to_the_end()

    def test_batch_is_left_within(self):
        process = self.start_program("run", self.write("sweep.yaml", SHORT_POINTS), *cli.PLAIN_PATH)
        under_way = self.wait_for_points(process)
        process.send_signal(signal.SIGUSR1)
        self.check_stopped(process, under_way)

    def test_second_signal_gives_up_the_point_under_way(self):
        process = self.start_program("run", self.write("endless.yaml", ENDLESS), *cli.PLAIN_PATH)
        self.wait_for_attempts(1)
        process.send_signal(signal.SIGTERM)
        self.wait_for_attempts(0)
        self.assertIn("0 of 1 points done, 0 failed, 1 pending", self.succeed("status", "endless.h5"))
        self.assertIsNone(process.poll(), "the point is still computed")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(cli.PATIENCE), STOPPED_EARLY)
        self.wait_for_attempts(0)
        self.assertIn("0 of 1 points done, 0 failed, 1 pending", self.succeed("status", "endless.h5"))


class UnderMpirun(StopTestCase):
    def test_signal_to_mpirun_or_to_any_rank_stops_all(self):
        for receiver in (lambda job: job.pid, lambda job: rank_pids(job.pid)[0],
                         lambda job: rank_pids(job.pid)[1]):
            job = self.start_program("run", *self.sweep, ranks=2, start_new_session=True)
            under_way = self.wait_for_points(job)
            os.kill(receiver(job), signal.SIGUSR1)
            self.check_stopped(job, under_way)
        self.check_goes_on_to_the_end()


class UnderWorkstationScript(StopTestCase):
    def test_signals_stop_after_the_points_under_way(self):
        for number in signal.SIGINT, signal.SIGTERM:
            process = self.start_workstation(*self.sweep)
            under_way = self.wait_for_points(process)
            process.send_signal(number)
            self.check_stopped(process, under_way)
        self.check_goes_on_to_the_end()

    def test_second_signal_gives_up_the_points_under_way(self):
        process = self.start_workstation(self.write("endless.yaml", ENDLESS), *cli.PLAIN_PATH)
        self.wait_for_attempts(1)
        process.send_signal(signal.SIGINT)
        self.wait_for_attempts(0)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(cli.PATIENCE), STOPPED_EARLY)

    def test_exit_code_is_that_of_the_run(self):
        quick = ["sweep.yaml", "--set", "N=1", "--set", "fock_dim=4"]
        for arguments, code in ((quick, 0), (["nowhere.yaml"], 1), ([*quick, "-o", "nowhere/a.h5"], 2),
                                ([*quick, "-o", "f.h5", "--propagator", "ts", "--", "-ts_max_steps", "2"],
                                 3), ([], 1)):
            with self.subTest(arguments=arguments):
                self.assertEqual(self.start_workstation(*arguments).wait(cli.PATIENCE), code)


    def test_why_nothing_can_be_started_is_told(self):
        script = os.path.join(cli.SOURCE_DIR, "jobs", "workstation.sh")
        for variables, code, line in (({"QBSWEEP": "/nowhere/qbsweep"}, 127, "/nowhere/qbsweep cannot be run on "),
                                      ({"TMPDIR": "/dev/null/tmp"}, 1, "Directory: /dev/null/tmp")):
            result = subprocess.run([script, "-n", "1", "sweep.yaml"], cwd=self.folder, text=True,
                                    env=dict(cli.ENVIRONMENT, QBSWEEP=cli.PROGRAM) | variables,
                                    stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=cli.PATIENCE)
            self.assertEqual(result.returncode, code, result.stderr)
            self.assertIn(line, result.stderr)


class UnderThePapersScript(cli.CliTestCase):
    def test_signal_to_the_script_alone_stops_its_sweep(self):
        script = os.path.join(cli.SOURCE_DIR, "jobs", "reproduce_paper.sh")
        archive = self.path("converged/fig2.h5")

        def under_way():
            return os.path.exists(archive) and np.any(cli.contents(archive)[0]["attempts"] > 0)

        process = self.start([script, self.folder], env=dict(cli.ENVIRONMENT, QBSWEEP=cli.PROGRAM))
        cli.wait_until(lambda: process.poll() is not None or under_way(), "a point is begun")
        self.assertIsNone(process.poll(), "the script ended before it could be stopped")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(cli.PATIENCE), STOPPED_EARLY)
        self.assertNotIn("fig2.h5.lock", os.listdir(self.path("converged")))  # which a run would hold


if __name__ == "__main__":
    unittest.main()
