"""Points that do not fit into the memory, and points that kill the job: the sweep gets past them, and every
other point is there in the end.

A limit on addresses (ulimit -v) makes allocations fail, which mostly fails the point at once. What real nodes
do is emulated: a watcher ends the rank that grows too large, with SIGKILL as the kernel does, or with SIGSEGV
as a bug does."""

import ctypes
import glob
import json
import os
import platform
import re
import resource
import signal
import socket
import time
import unittest

import qbsweep_cli as cli
from archive_compare import damaged_slots
from job_processes import job_processes

DONE, FAILED = 1, 2
SOME_FAILED = 3
MIB = 1 << 20

# The point with 1500 levels takes some 300 MiB, the others next to nothing. Those with some 400 take about as
# long as the large one takes to grow.
LARGE, LONG = 1500, 400
SWEEP = """
name: deadly
parameters: {{interaction: dicke, N: 2, g: 0.5, kappa: 0.15, gamma_phi: 0.1, gamma_down: 0.1, m: 1}}
axes:
  - {{name: fock_dim, values: {levels}}}
{sections}
"""
CHARGE = "charging: {t_max: 0.002, samples: 3}"

# What a rank may take before the watcher ends it; with small points it takes some 60 MiB.
ENOUGH_MIB = 180


def sweep(levels, sections=CHARGE):
    """A sweep with a point for each of these numbers of Fock levels."""
    return SWEEP.format(levels=levels, sections=sections)


def resident_bytes(pid):
    """What a process has in memory."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def signal_main_thread(pid, number):
    """Sends a signal to the thread that computes, where a fault of its own would come up; os.kill leaves it
    to the kernel which of the threads gets it."""
    tgkill = 234
    if platform.machine() != "x86_64":
        os.kill(pid, number)
    elif ctypes.CDLL(None, use_errno=True).syscall(tgkill, pid, pid, int(number)) != 0:
        raise ProcessLookupError(pid)


class DeadlyTestCase(cli.CliTestCase):
    def setUp(self):
        super().setUp()
        self.archive = self.path("out.h5")
        os.mkdir(self.path("mpi"))  # what killed jobs leave of MPI's own
        self.environment = dict(cli.ENVIRONMENT, TMPDIR=self.path("mpi"),
                                OMPI_MCA_btl_vader_backing_directory=self.path("mpi"))

    def start_job(self, *arguments, ranks=None, limit_mib=None):
        """A job in a session of its own, its ranks under a limit on addresses if one is given."""
        line = cli.command("run", *arguments, "-o", self.archive, ranks=ranks)
        if limit_mib is not None:
            at = line.index(cli.PROGRAM)
            line[at:at] = ["sh", "-c", f'ulimit -v {limit_mib * 1024}; exec "$@"', "sh"]
        with open(self.path("stderr"), "wb") as errors:
            return self.start(line, env=self.environment, start_new_session=True, stderr=errors,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))

    def finish(self, job):
        """The exit code, once nothing of the job is left."""
        code = job.wait(cli.PATIENCE)
        cli.wait_until(lambda: not job_processes(job.pid), "all ranks are gone")
        return code

    def stderr(self):
        return self.read("stderr").decode(errors="replace")

    def statuses(self):
        return cli.status_of(self.archive).tolist()

    def failures(self):
        """The messages of failed points by index."""
        with open(self.archive + ".failures.jsonl", encoding="utf-8") as log:
            return {entry["point"]: entry["message"] for entry in map(json.loads, log)}

    def left_behind(self):
        return sorted(path[len(self.archive):] for path in glob.glob(self.archive + "?*"))


class AddressLimits(DeadlyTestCase):
    """Limits scanned so that each time another allocation fails."""

    def end_of(self, limit_mib, ranks, sweep_file, *arguments):
        """Starts a sweep until it is through, three times at most; returns the last exit code."""
        for path in glob.glob(self.archive + "*"):
            os.remove(path)
        for _ in range(3):
            code = self.finish(self.start_job(sweep_file, *arguments, ranks=ranks,
                                              limit_mib=limit_mib))
            if code in (0, 1, 2, SOME_FAILED):
                break
        return code

    def scan(self, large, sections, *arguments, ranks=None, to_mib, step_mib):
        """From the least limit that lets small points through, upwards."""
        small = self.write("small.yaml", sweep([3, 4, 6, 5], sections))
        sweep_file = self.write("sweep.yaml", sweep([3, 4, large, 5], sections))
        least = next(limit for limit in range(304, 4000, 16)
                     if self.end_of(limit, ranks, small, *arguments) == 0)
        failures = []
        for limit in range(least + 16, least + to_mib, step_mib):
            with self.subTest(limit_mib=limit):
                code = self.end_of(limit, ranks, sweep_file, *arguments)
                self.assertIn(code, (0, SOME_FAILED), self.stderr())
                self.assertEqual(self.statuses(), [DONE, DONE, FAILED if code else DONE, DONE])
                failures += [self.failures()[2]] if code else []
        print(f"{' '.join(arguments)}: {len(failures)} limits from {least} MiB on, {set(failures)}")
        self.assertGreaterEqual(len(failures), 3)
        for message in failures:
            self.assertRegex(message, "[Oo]ut of memory.* (needs about|are available)|"
                                      "the job died 2 times")

    def test_charge_without_a_matrix(self):
        self.scan(LARGE, CHARGE, to_mib=300, step_mib=40)

    def test_charge_on_two_ranks(self):
        self.scan(LARGE, CHARGE, ranks=2, to_mib=240, step_mib=60)

    def test_charge_by_petsc(self):
        self.scan(250, CHARGE, "--operator", "assembled", "--propagator", "ts", to_mib=340,
                  step_mib=40)

    def test_steady_state_by_factors(self):
        self.scan(80, "steady_state: {method: shift_invert}", to_mib=160, step_mib=40)


class Killers(DeadlyTestCase):
    """A watcher ends every rank that takes too much."""

    def watch(self, job, number):
        """Sends the signal to each process of the job that has grown too large, until the job is gone."""
        while job.poll() is None:
            for pid in job_processes(job.pid):
                try:
                    if resident_bytes(pid) > ENOUGH_MIB * MIB:
                        signal_main_thread(pid, number)
                except (ProcessLookupError, FileNotFoundError):
                    pass  # it has ended meanwhile
            time.sleep(0.002)

    def run_watched(self, number, ranks):
        """Runs the sweep once; returns the exit code."""
        job = self.start_job("sweep.yaml", ranks=ranks)
        self.watch(job, number)
        return self.finish(job)

    def check_killed(self, number, ranks):
        code = self.run_watched(number, ranks)
        # A shell's code of it by mpirun, else the signal itself.
        self.assertIn(code, (128 + number, -number), self.stderr())

    def check_given_up(self, levels, given_up, reference):
        """The sweep is through but for these points, and the others are as they should be."""
        expected = [FAILED if k in given_up else DONE for k in range(len(levels))]
        self.assertEqual(self.statuses(), expected)
        self.assertEqual(sorted(self.failures()), sorted(given_up))
        self.assertEqual(damaged_slots(self.archive, reference), [])
        return [self.failures()[point] for point in given_up]

    def kill_twice(self, number, ranks):
        """Dies of the large point twice, then gets past it; returns what is said of that point."""
        levels = [3, LONG, LARGE, 4, LONG + 1, 5]
        self.write("sweep.yaml", sweep(levels))
        self.succeed("run", "sweep.yaml", "-o", "reference.h5")
        for death in 1, 2:
            self.check_killed(number, ranks)
            self.assertNotIn(FAILED, self.statuses())
            self.assertIn(".run.json", self.left_behind())
            self.check_notes(number, death)
            if death == 1:
                self.pretend_kernel_killed(self.oom_kills)
        self.assertEqual(self.run_watched(number, ranks), SOME_FAILED, self.stderr())
        [message] = self.check_given_up(levels, [2], self.path("reference.h5"))
        self.assertRegex(message, "^the job died 2 times while this point was computed ")
        return message

    oom_kills = 0

    def pretend_kernel_killed(self, processes):
        """As if the kernel had counted so many since the run began."""
        with open(self.archive + ".run.json", encoding="utf-8") as file:
            note = json.load(file)
        self.assertEqual([host["host"] for host in note["hosts"]], [socket.gethostname()])
        note["hosts"][0]["oom_kills"] -= processes
        self.write("out.h5.run.json", json.dumps(note))

    def check_notes(self, number, deaths):
        """A line for each death by a signal that can be caught, and nothing otherwise."""
        path = self.archive + ".crashes.jsonl"
        if number == signal.SIGKILL:
            self.assertFalse(os.path.exists(path))
            return
        with open(path, encoding="utf-8") as file:
            notes = [json.loads(line) for line in file]
        self.assertEqual([(note["point"], note["signal"], note["host"]) for note in notes],
                         [(2, signal.Signals(number).name, socket.gethostname())] * deaths)
        self.assertLess(abs(time.time() - notes[-1]["time"]), cli.PATIENCE)

    def check_sigkill(self, ranks):
        message = self.kill_twice(signal.SIGKILL, ranks)
        self.assertRegex(message, r"\(killed from outside or its node was lost; the point needs about "
                         r"2\d\d MiB of memory, and .* are available on this machine\)$")
        self.assertEqual(self.left_behind(), [".failures.jsonl"])

    def check_sigsegv(self, ranks):
        message = self.kill_twice(signal.SIGSEGV, ranks)
        crash = rf"SIGSEGV on {re.escape(socket.gethostname())}, rank \d"
        self.assertRegex(message, rf"\({crash}(; {crash})?\)$")
        self.assertEqual(self.left_behind(), [".crashes.jsonl", ".failures.jsonl"])

    def test_sigkill_of_one_process(self):
        self.check_sigkill(None)

    def test_sigkill_on_one_rank(self):
        self.check_sigkill(1)

    def test_sigkill_on_two_ranks(self):
        self.check_sigkill(2)

    def test_sigsegv_on_one_rank(self):
        self.check_sigsegv(1)

    def test_sigsegv_on_two_ranks(self):
        self.check_sigsegv(2)

    def test_kernel_that_ended_processes_is_named(self):
        self.oom_kills = 2
        self.assertIn("(no signal was noted, so it was killed from outside: the kernel ended 2 "
                      "processes for want of memory meanwhile; the point needs about ",
                      self.kill_twice(signal.SIGKILL, None))

    def test_two_points_that_kill(self):
        levels = [3, LARGE, 4, LARGE + 1, 5]
        self.write("sweep.yaml", sweep(levels))
        self.succeed("run", "sweep.yaml", "-o", "reference.h5")
        for _ in range(4):
            self.check_killed(signal.SIGKILL, None)
        self.assertEqual(self.run_watched(signal.SIGKILL, None), SOME_FAILED, self.stderr())
        self.check_given_up(levels, [1, 3], self.path("reference.h5"))

        # With nothing else to do they are tried again; where they find their memory, they are done.
        self.succeed("run", "sweep.yaml", "-o", self.archive)
        self.assertEqual(self.statuses(), [DONE] * 5)
        self.assertEqual(self.left_behind(), [])


if __name__ == "__main__":
    unittest.main()
