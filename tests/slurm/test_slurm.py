"""The job scripts under a real Slurm: sweeps that are interrupted in every way Slurm knows put themselves back
into the queue and end as if nothing had happened.

Those that are interrupted are all under way at once in one throw-away Slurm. They mostly sleep: the program is
held back to a small fraction of its pace, so that the sweeps outlast time limits of a minute and yet leave the
machine alone. Jobs that cannot begin keep starting programs instead, and only a few run at a time."""

import concurrent.futures
import os
import pathlib
import sys
import tempfile
import threading
import unittest

CLI_TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "cli")
sys.path.append(CLI_TESTS)

import qbsweep_cli as cli  # noqa: E402
import throwaway_slurm  # noqa: E402
from archive_compare import differences  # noqa: E402
from hopeless_jobs import AT_ONCE, THAT_CANNOT_BEGIN  # noqa: E402
from interruptions import SCENARIOS  # noqa: E402
from stage import POINTS, Stage, compute_reference, watch_until  # noqa: E402

SKIPPED = 77  # ctest's SKIP_RETURN_CODE

GAVE_UP = "not requeued, for no point was done in 3 starts in a row (see above)\n"

NODES = 20  # enough for all that are under way at once


def setUpModule():
    Stage.folder = unittest.enterModuleContext(tempfile.TemporaryDirectory(prefix="qbsweep-slurm-"))
    os.chmod(Stage.folder, 0o755)
    compute_reference()

    slurm_folder = pathlib.Path(Stage.folder, "slurm")
    slurm_folder.mkdir()
    Stage.slurm = unittest.enterModuleContext(throwaway_slurm.ThrowawaySlurm(slurm_folder, NODES))

    ended = threading.Event()
    actors = unittest.enterModuleContext(concurrent.futures.ThreadPoolExecutor(1 + len(SCENARIOS)))
    few_actors = unittest.enterModuleContext(concurrent.futures.ThreadPoolExecutor(AT_ONCE))
    unittest.addModuleCleanup(ended.set)
    Stage.scenarios = {name: actors.submit(scenario) for name, scenario in SCENARIOS.items()}
    Stage.scenarios |= {name: few_actors.submit(scenario) for name, scenario in THAT_CANNOT_BEGIN.items()}
    actors.submit(watch_until, ended)


class JobScripts(unittest.TestCase):
    def ended(self, scenario):
        """What the scenario returns, as soon as it is over."""
        return Stage.scenarios[scenario].result()

    def check_completed(self, scenario, restarts):
        """The job, submitted once, was put back into the queue at least so often, and its archive is that of
        the sweep without any interruption."""
        job, ending = self.ended(scenario)
        self.assertEqual((ending["JobState"], ending["ExitCode"]), ("COMPLETED", "0:0"), job.log())
        self.assertGreaterEqual(int(ending["Restarts"]), restarts, job.log())
        self.assertEqual(differences(job.archive, Stage.reference), [])
        self.assertEqual([*job.folder.glob("sweep.h5.*"), *job.folder.glob("fruitless*")], [])
        return job

    def check_ended(self, scenario, exit_code, restarts, *lines):
        """The job gave up after so many restarts, with these lines in its log."""
        job, ending = self.ended(scenario)
        self.assertEqual((ending["JobState"], ending["ExitCode"], ending["Restarts"]),
                         ("FAILED", f"{exit_code}:0", str(restarts)), job.log())
        for line in lines:
            self.assertIn(line, job.log())
        self.assertEqual([*job.folder.glob("*.h5*"), *job.folder.glob("fruitless*")], [])

    def check_each(self, kind, restarts, *lines):
        """check_completed with both launchers; and of these lines in the log one at least."""
        for launcher in "mpirun", "srun":
            with self.subTest(launcher=launcher):
                log = self.check_completed(f"{kind}, {launcher}", restarts).log()
                self.assertTrue(any(line in log for line in lines), log)

    def test_sweep_longer_than_its_time_limit_requeues_itself(self):
        self.check_each("time limit", 2, "sweep.h5: exit code 75; requeued to continue\n")

    def test_run_that_overruns_the_time_limit_is_requeued(self):
        self.check_each("overrun", 1, "sweep.h5: not stopped before the time limit; requeued to continue\n")

    def test_lost_nodes(self):
        self.check_completed("batch node lost", restarts=1)
        self.check_completed("other node lost", restarts=1)

    def test_preemption(self):
        self.check_each("preempted", 1, "; requeued to continue\n", "DUE TO PREEMPTION")

    def test_scancel_with_a_signal(self):
        self.check_each("terminated", 1, "; requeued to continue\n")

    def test_killed_rank(self):
        self.check_each("rank killed", 1, "sweep.h5: exit code 137; requeued to continue\n")

    def test_cancelled_job_is_not_put_back(self):
        job, ending = self.ended("cancelled")
        self.assertEqual((ending["JobState"], ending["Restarts"]), ("CANCELLED", "0"), job.log())
        self.assertLess(cli.done_count(job.archive), POINTS)

    def test_complete_sweep_ends_at_once(self):
        job = self.check_completed("complete already", restarts=0)
        self.assertEqual(job.record()["Restarts"], "0")

    def test_job_that_gets_nowhere_ends(self):
        job, ending = self.ended("deadly")
        self.assertEqual((ending["JobState"], ending["Restarts"]), ("FAILED", "2"), job.log())
        self.assertIn(f"sweep.h5: exit code 137; {GAVE_UP}", job.log())
        self.assertEqual([*job.folder.glob("sweep.h5.*"), *job.folder.glob("fruitless*")], [])

    def test_bad_input_ends_the_job(self):
        self.check_ended("bad input", 1, 0, "--set N=none: parameters.N: found none; accepted: ",
                         "sweep.h5: not requeued, for the input is not accepted (see above)\n")

    def test_archive_that_cannot_be_made_ends_the_job(self):
        self.check_ended("no folder", 2, 2, f"nowhere/sweep.h5: not started; {GAVE_UP}",
                         "cannot create nowhere/sweep.h5: folder nowhere: No such file or directory\n")
        self.check_ended("full disk", 2, 2, f"sweep.h5: exit code 2; {GAVE_UP}", "are free on its disk\n")
        self.check_ended("nothing can be written", 2, 2, f"/proc/sweep.h5: exit code 2; {GAVE_UP}",
                         "cannot create /proc/sweep.h5: ")
        job, merge, shards = self.ended("no folder for shards")
        self.assertEqual([(shard["JobState"], shard["Restarts"]) for shard in shards], [("FAILED", "2")] * 2,
                         job.log())
        self.assertEqual((merge["JobState"], merge["ExitCode"]), ("FAILED", "1:0"), job.log())

    def test_program_that_cannot_be_run_ends_the_job(self):
        not_requeued = "sweep.h5: not requeued, for the program cannot be run (see above)\n"
        self.check_ended("no program", 127, 0, "/nowhere/qbsweep cannot be run on ", "No such file or directory\n",
                         not_requeued)
        self.check_ended("library missing", 127, 0, "/library-missing cannot be run on ",
                         "libX.so.6: cannot open shared object file: No such file or directory\n", not_requeued)

    def test_launcher_that_cannot_start_anything(self):
        self.check_ended("no TMPDIR", 1, 2, f"sweep.h5: exit code 1; {GAVE_UP}", "mpirun cannot start programs on ",
                         "unable to create the desired directory", "Directory: /dev/null/tmp")
        self.check_ended("few files", 1, 2, f"sweep.h5: exit code 1; {GAVE_UP}", "mpirun cannot start programs on ",
                         "Too many open files")
        log = self.check_completed("no TMPDIR on the first node", restarts=1).log()
        self.assertIn("sweep.h5: exit code 1; requeued to continue\n", log)

    def test_array_of_shards(self):
        job, first_merge, left, second_merge, third_merge = self.ended("shards")
        self.assertEqual((first_merge["JobState"], first_merge["ExitCode"]), ("FAILED", "75:0"), job.log())
        self.assertEqual(left, ["sweep.h5"])
        self.assertEqual((second_merge["JobState"], second_merge["ExitCode"]), ("COMPLETED", "0:0"), job.log())
        self.assertEqual((third_merge["JobState"], third_merge["ExitCode"]), ("COMPLETED", "0:0"), job.log())
        self.assertEqual(differences(job.archive, Stage.reference), [])


if __name__ == "__main__":
    reason = throwaway_slurm.why_not()
    if reason:
        print(f"skipped: no Slurm of its own can be started: {reason}")
        sys.exit(SKIPPED)
    unittest.main()
