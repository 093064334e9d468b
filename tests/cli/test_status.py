"""What `status` says of an archive while a run writes it, after a kill, and at the end; and how it is
watched."""

import os
import pty
import re
import signal
import subprocess
import unittest

import h5py
import numpy as np

import qbsweep_cli as cli

# The first three points, N = 6, take seconds each.
SWEEP = """
name: watched
parameters: {interaction: dicke, kappa: 0.15, gamma_phi: 0.1, gamma_down: 0.1, m_per_n: 1.0, fock_dim: paper}
axes:
  - {name: N, values: [6, 1]}
  - {name: g, values: [0.25, 0.3, 0.35]}
charging: {t_max: 40.0, tolerance: 1.0e-9}
"""
POINTS = 6
CLEAR = b"\033[H\033[2J"


class StatusTestCase(cli.CliTestCase):
    def setUp(self):
        super().setUp()
        self.write("sweep.yaml", SWEEP)
        self.command = ["run", "sweep.yaml", "-o", "out.h5", *cli.PLAIN_PATH]

    def start_run(self, **options):
        run = self.start_program(*self.command, **options)
        cli.wait_until(lambda: os.path.exists(self.path("out.h5")) and self.knows_what_was_done()
                       and cli.contents(self.path("out.h5"))[0]["attempts"].any(), "the run computes")
        self.assertIsNone(run.poll())
        return run

    def knows_what_was_done(self):
        """Whether a run is alive and has found out where it begins."""
        return "rate " in self.succeed("status", "out.h5")

    def status(self):
        """The lines of `status` by what stands before them; the first under ""."""
        first, *others = self.succeed("status", "out.h5").splitlines()
        lines = {"": first}
        for line in others:
            what = line[:12].rstrip() or what
            lines[what] = lines[what] + "\n" + line[12:] if what in lines else line[12:]
        return lines

    def change(self, **numbers):
        """Writes numbers into datasets: name=[(place, number), ...]."""
        with h5py.File(self.path("out.h5"), "r+") as file:
            for name, entries in numbers.items():
                for place, number in entries:
                    file[name][place] = number


class Alive(StatusTestCase):
    def test_a_run_of_two_ranks(self):
        self.start_run(ranks=2, start_new_session=True)
        lines = cli.wait_until(lambda: next((lines for lines in [self.status()]
                                             if lines.get("under way", "").count("N=6") == 2), None),
                               "both ranks compute")
        self.assertRegex(lines[""], r"^out\.h5: \d of 6 points done, 0 failed, \d pending$")
        self.assertRegex(lines["run"], rf"^2 ranks of process \d+ on {re.escape(os.uname().nodename)}, started "
                         r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ, \d+(\.\d)? s ago$")
        self.assertRegex(lines["rate"], r"^\d+(\.\d)?/(s|min|h)$")
        self.assertRegex(lines["time left"], r"^about \S.* (s|min|h)$")
        self.assertEqual(list(lines), ["", "run", "under way", "rate", "time spent", "time left"])

    def test_the_rate_is_that_of_the_run(self):
        run = self.start_run()
        run.kill()
        run.wait()
        self.assertFalse(np.any(cli.status_of(self.path("out.h5"))), "the first point took no time")
        self.change(status=[((1, g), 1) for g in range(3)], wall_seconds=[((1, g), 0.5) for g in range(3)])
        run = self.start_run()
        run.send_signal(signal.SIGSTOP)
        self.assertEqual(self.status()["rate"], "0.0/h")


    def test_time_left_is_that_of_the_points_under_way(self):
        """By what they took so far, not by what was predicted, and not all ranks can help with the last."""
        run = self.start_run()
        run.send_signal(signal.SIGSTOP)
        position, = np.argwhere(cli.contents(self.path("out.h5"))[0]["attempts"])
        self.change(status=[(slice(None), 1)], wall_seconds=[(slice(None), 1e-3)])
        self.change(status=[(tuple(position), 0)], progress=[(tuple(position), 0.25)],
                    wall_seconds=[(tuple(position), 1000.0)])
        # 3000 s, but that its prediction counts for 2 % of it.
        minutes, = re.fullmatch(r"about (\d+) min \d\d s", self.status()["time left"]).groups()
        self.assertTrue(45 <= int(minutes) <= 50, minutes)
        self.assertEqual(self.status()["time spent"], "16 min 40 s of one core")


class Dead(StatusTestCase):
    def setUp(self):
        super().setUp()
        run = self.start_run()
        run.kill()
        run.wait()
        self.pid = run.pid

    def test_a_killed_run(self):
        position, = np.argwhere(cli.contents(self.path("out.h5"))[0]["attempts"])
        self.change(progress=[(tuple(position), 0.374)])
        lines = self.status()
        self.assertEqual(lines[""], "out.h5: 0 of 6 points done, 0 failed, 6 pending")
        self.assertRegex(lines["run"], rf"^the run that wrote it died: process {self.pid} on \S+, started \S+Z, "
                         r"last sign of life \S.* ago$")
        self.assertEqual(lines["begun"], f"N=6, g={[0.25, 0.3, 0.35][position[1]]}: 37 %, not saved")
        self.assertRegex(lines["time left"], "^about .* of one core$")
        self.assertEqual(list(lines), ["", "run", "begun", "time spent", "time left"])

    def test_work_that_was_not_saved_is_left(self):
        self.change(wall_seconds=[((1, 0), 1.0)], status=[((1, 0), 1)])
        before = self.status()["time left"]
        self.change(progress=[((0, g), 0.999) for g in range(3)], wall_seconds=[((0, g), 5.0) for g in range(3)])
        self.assertEqual(self.status()["time left"], before)

    def test_many_points_under_way(self):
        self.write("sweep.yaml", SWEEP.replace("[0.25, 0.3, 0.35]", "{from: 0.1, to: 0.2, count: 20}")
                   .replace("g, values", "g, linspace").replace("[6, 1]", "[6]"))
        os.remove(self.path("out.h5"))
        self.start_run().kill()
        self.change(attempts=[(slice(None), 1)], progress=[(slice(None), 0.5)], status=[(slice(None), 0)])
        begun = self.status()["begun"].splitlines()
        self.assertEqual((begun[0], begun[-1], len(begun)),
                         ("N=6, g=0.1: 50 %, not saved", "... and 10 more", 11))


class Finished(StatusTestCase):
    def test_complete(self):
        self.succeed(*self.command, "--set", "N=[1]", "--set", "fock_dim=auto")
        for arguments in [], ["--watch"], ["--watch", "0.5"]:
            self.assertRegex(self.succeed("status", "out.h5", *arguments),
                             r"^out\.h5: 3 of 3 points done, 0 failed, 0 pending\n"
                             r"run         no run is writing it\ntime spent  \S+ s of one core\n$")


class Watch(StatusTestCase):
    def test_until_the_run_is_over(self):
        self.command += ["--set", "N=[4, 1]"]
        run = self.start_run()
        blocks = self.succeed("status", "out.h5", "--watch", "0.1").split("\n\n")
        self.assertEqual(run.wait(cli.PATIENCE), 0)
        self.assertGreater(len(blocks), 1)
        for block in blocks[:-1]:
            self.assertRegex(block, r"^out\.h5: \d of 6 points done")
            self.assertIn(f"of process {run.pid} on ", block)
        self.assertRegex(blocks[-1], r"^out\.h5: 6 of 6 points done, 0 failed, 0 pending\n"
                         "run         no run is writing it\n")

    def test_until_the_run_dies(self):
        run = self.start_run()
        watch = self.start_program("status", "out.h5", "--watch", "0.1", stdout=subprocess.PIPE, text=True)
        self.assertRegex(watch.stdout.readline(), r"^out\.h5: \d of 6")
        run.kill()
        run.wait()
        self.assertIn("the run that wrote it died", watch.communicate(timeout=cli.PATIENCE)[0])
        self.assertEqual(watch.returncode, 0)

    def test_until_ctrl_c(self):
        self.start_run().send_signal(signal.SIGSTOP)
        watch = self.start_program("status", "out.h5", "--watch", "60", stdout=subprocess.PIPE, text=True)
        self.assertRegex(watch.stdout.readline(), r"^out\.h5: \d of 6")
        watch.send_signal(signal.SIGINT)
        self.assertNotIn("\n\n", watch.communicate(timeout=cli.PATIENCE)[0])
        self.assertEqual(watch.returncode, 0)

    def test_on_a_terminal_the_screen_is_rewritten(self):
        self.start_run().send_signal(signal.SIGSTOP)
        leader, terminal = pty.openpty()
        watch = self.start_program("status", "out.h5", "--watch", "0.1", stdout=terminal)
        os.close(terminal)
        seen = b""
        while seen.count(CLEAR) < 3:
            seen += os.read(leader, 4096)
        watch.send_signal(signal.SIGINT)
        self.assertEqual(watch.wait(cli.PATIENCE), 0)
        os.close(leader)
        for screen in seen.split(CLEAR)[1:3]:
            self.assertRegex(screen, rb"^out\.h5: \d of 6 points done")

    def test_bad_intervals_are_refused(self):
        self.succeed(*self.command, "--set", "N=[1]")
        for interval in "0", "-1", "nan", "1e9", "soon":
            result = self.run_program("status", "out.h5", "--watch", interval)
            self.assertEqual((result.returncode, result.stdout), (1, ""), interval)
            self.assertRegex(result.stderr, r"^qbsweep: error: .*status --help.*\n$")


if __name__ == "__main__":
    unittest.main()
