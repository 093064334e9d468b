"""The job scripts under a real Slurm: sweeps that are interrupted in every way Slurm knows put themselves back
into the queue and end as if nothing had happened.

Those that are interrupted are all under way at once in one throw-away Slurm. They mostly sleep: the program is
held back to a small fraction of its pace, so that the sweeps outlast time limits of a minute and yet leave the
machine alone. Jobs that cannot begin keep starting programs instead, and only a few run at a time."""

import concurrent.futures
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import threading
import unittest

CLI_TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "cli")
sys.path.append(CLI_TESTS)

import qbsweep_cli as cli  # noqa: E402
import throwaway_slurm  # noqa: E402
from archive_compare import differences  # noqa: E402
from throwaway_slurm import wait_until  # noqa: E402

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
PATIENCE = 600.0

SWEEP = """
name: sweep
parameters: {interaction: dicke, N: 4, g: 0.3, m: 6, fock_dim: 14, kappa: 0.1, gamma_phi: 0.05}
axes:
  - {name: gamma_down, linspace: {from: 0.01, to: 0.1, count: 60}}
charging: {t_max: 4.0, samples: 5}
"""
POINTS = 60

# The program as a job's `program`: from the moment that its run has begun, which it notes beside the archive, it is
# stopped whenever it has had more than {share} microseconds of a core a second, and {end} to end with. Its start takes
# what it takes: ranks wait for each other busily, on a loaded machine for long. Its other commands run as they are.
HELD_BACK = """#!/usr/bin/env bash
if [[ $1 == run ]]; then
  rank=$$
  started=$0.$rank
  : >"$started"
  note=$(sed -E 's/.* -o ([^ ]+).*/\\1/' <<<"$*").run.json
  (
    trap '' TERM USR1
    exec {{never}}<> <(:)
    begin='' had=0
    while read -ra stat <"/proc/$rank/stat"; do
      has=$(((stat[13] + stat[14]) * 10000))
      if [[ ! $begin && $note -nt $started ]]; then
        begin=${{EPOCHREALTIME/./}} had=$has
      fi
      if [[ $begin ]] && ((has - had > {end} + (${{EPOCHREALTIME/./}} - begin) * {share} / 1000000)); then
        kill -STOP "$rank"
      else
        kill -CONT "$rank"
      fi
      read -rt 0.05 -u "$never"
    done
  ) </dev/null >/dev/null 2>&1 &
fi
exec {program} "$@"
"""

# The program, but on the first start one that ends for no signal.
STUCK = """#!/usr/bin/env bash
if [[ $1 == run && -z ${{SLURM_RESTART_COUNT:-}} ]]; then
  trap '' USR1 TERM
  while sleep 1; do :; done
fi
exec {program} "$@"
"""

# A program that dies in every start, before it has done anything.
DEADLY = """#!/usr/bin/env bash
[[ $1 != run ]] || kill -KILL $$
"""

GAVE_UP = "not requeued, for no point was done in 3 starts in a row (see above)\n"

ENDED = {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "PREEMPTED"}  # states of jobs


class Job:
    """A script of jobs/, with settings changed as its users change them, in a folder of its own."""

    def __init__(self, name, program, script="slurm-sweep.sbatch", launcher="mpirun", directives=None,
                 options=" ".join(cli.PLAIN_PATH), archive="sweep.h5", setup="", chdir=None):
        self.folder = pathlib.Path(Stage.folder, name)
        self.folder.mkdir()
        self.archive = self.folder / archive
        self.chdir = chdir or self.folder
        (self.folder / "sweep.yaml").write_text(SWEEP, encoding="utf-8")
        text = pathlib.Path(cli.SOURCE_DIR, "jobs", script).read_text(encoding="utf-8")
        if launcher == "srun":  # comes after the other one
            text = replace_line(text, "# launch=[(]srun ", re.search("^# (launch=[(]srun .*)", text, re.M)[1])
        text = replace_line(text, "# module load ", setup)
        settings = {"qbsweep": cli.SOURCE_DIR, "program": program, "sweep": self.folder / "sweep.yaml",
                    "archive": archive, "options": f"({options})"}
        for setting, value in settings.items():
            text = replace_line(text, f"{re.escape(setting)}=", f"{setting}={value}")
        directives = {"job-name": name, "nodes": 1, "ntasks-per-node": 2, "mem-per-cpu": "100M",
                      "time": "10:00", **(directives or {})}
        for directive, value in directives.items():
            text = replace_line(text, f"##?SBATCH --{directive}=", f"#SBATCH --{directive}={value}")
        self.script = self.folder / script
        self.script.write_text(text, encoding="utf-8")
        self.id = None

    def submit(self, *options):
        """Submits it, once."""
        self.id = Stage.slurm.command("sbatch", "--parsable", f"--chdir={self.chdir}", *options,
                                      f"--output={self.folder}/%x-%j.log", self.script).strip()
        return self

    def record(self):
        """What Slurm says about it, as of a second ago."""
        return Stage.jobs.get(self.id, {"JobState": "SUBMITTED", "Restarts": "0"})

    def wait_for_points(self):
        """Waits until it has done some points."""
        def some_are_done():
            if self.record()["JobState"] in ENDED:
                raise AssertionError(f"{self.folder.name} ended too soon: {self.log()}")
            return cli.done_count(self.archive) >= 3
        wait_until(some_are_done, f"{self.folder.name} does points", PATIENCE)

    def wait_for_restart(self):
        """Waits until it was put back into the queue."""
        wait_until(lambda: self.record()["Restarts"] != "0", f"{self.folder.name} is requeued", PATIENCE)

    def wait_for_end(self):
        """Waits until it has ended for good; returns what Slurm says about it then."""
        return wait_for_end(self.id, self.folder.name)

    def ranks(self):
        """The processes that run the program."""
        return sorted(pid for pid in Stage.slurm.job_processes(SLURM_JOB_ID=self.id)
                      if throwaway_slurm.command_name(pid) == "qbsweep")

    def log(self):
        """What it and the program wrote."""
        return "".join(path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("*.log")))


class Stage:
    """What all scenarios share."""
    folder = None
    slurm = None
    reference = None    # the archive of the sweep without any interruption
    cpu_seconds = None    # that it took on its two ranks, but for their start
    start_seconds = None  # of processor time that a rank takes to start and to end
    scenarios = {}
    jobs = {}  # what Slurm says about all jobs, as of a second ago

    @classmethod
    def held_back(cls, seconds, of_work=1.0):
        """The program, so slow that this part of the work of the sweep lasts so long on two ranks."""
        share = of_work * cls.cpu_seconds / 2 / seconds
        return cls.program(f"{seconds:g}-seconds-{of_work:g}",
                           HELD_BACK.format(program=cli.PROGRAM, share=int(1e6 * share),
                                            end=int(1e6 * cls.start_seconds)))

    @classmethod
    def program(cls, name, text):
        """Writes a program; returns its path."""
        path = pathlib.Path(cls.folder, "programs", name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
        return path


def replace_line(text, beginning, line):
    """The text with the one line that begins like this replaced."""
    text, number = re.subn(f"^{beginning}.*$", line, text, flags=re.MULTILINE)
    if number != 1:
        raise AssertionError(f"{number} lines begin with {beginning!r}")
    return text


def wait_for_end(job, name):
    """Waits until the job of this number has ended for good; returns what Slurm says about it then."""
    wait_until(lambda: job in Stage.jobs and Stage.jobs[job]["JobState"] in ENDED, f"{name} ends", PATIENCE)
    return Stage.jobs[job]


def time_limit(launcher):
    """A sweep that is longer than its time limit of one minute leaves it for points. Slurm looks at limits twice a
    minute, so the signal comes 20 to 50 seconds after the start."""
    job = Job(f"time_limit_{launcher}", Stage.held_back(90), launcher=launcher,
              directives={"time": "1:00", "signal": "B:USR1@10"}).submit()
    return job, job.wait_for_end()


def overrun(launcher):
    """The run does not stop when it is asked to, so that Slurm ends it."""
    stuck = Stage.program(f"stuck_{launcher}", STUCK.format(program=cli.PROGRAM))
    job = Job(f"overrun_{launcher}", stuck, launcher=launcher,
              directives={"time": "1:00", "signal": "B:USR1@20"}).submit()
    return job, job.wait_for_end()


def batch_node_lost():
    job = Job("batch_node_lost", Stage.held_back(25)).submit()
    job.wait_for_points()
    node = job.record()["BatchHost"]
    Stage.slurm.lose_node(node)
    job.wait_for_restart()
    Stage.slurm.bring_back_node(node)
    return job, job.wait_for_end()


def other_node_lost():
    job = Job("other_node_lost", Stage.held_back(25), directives={"nodes": 2, "ntasks-per-node": 1})
    job.submit("--exclusive")
    job.wait_for_points()
    nodes = Stage.slurm.command("scontrol", "show", "hostnames", job.record()["NodeList"]).split()
    nodes.remove(job.record()["BatchHost"])
    Stage.slurm.lose_node(*nodes)
    job.wait_for_restart()
    Stage.slurm.bring_back_node(*nodes)
    return job, job.wait_for_end()


def terminated(launcher):
    job = Job(f"terminated_{launcher}", Stage.held_back(25), launcher=launcher).submit()
    job.wait_for_points()
    Stage.slurm.command("scancel", "--signal=TERM", "--full", job.id)
    return job, job.wait_for_end()


def preempted(launcher):
    """Its node is wanted by a job of a higher partition."""
    job = Job(f"preempted_{launcher}", Stage.held_back(25), launcher=launcher).submit()
    job.wait_for_points()
    urgent = Stage.slurm.command(
        "sbatch", "--parsable", "--partition=urgent", "--exclusive", "--wrap=sleep 1", "--output=/dev/null",
        f"--nodelist={job.record()['BatchHost']}").strip()
    wait_for_end(urgent, "the urgent job")
    return job, job.wait_for_end()


def rank_killed(launcher, nodes):
    job = Job(f"rank_killed_{launcher}", Stage.held_back(25), launcher=launcher,
              directives={"nodes": nodes, "ntasks-per-node": 2 // nodes}).submit("--exclusive")
    job.wait_for_points()
    throwaway_slurm.kill(job.ranks()[-1])
    return job, job.wait_for_end()


def cancelled():
    job = Job("cancelled", Stage.held_back(25)).submit()
    job.wait_for_points()
    Stage.slurm.command("scancel", job.id)
    return job, job.wait_for_end()


def complete_already():
    job = Job("complete_already", cli.PROGRAM)
    job.archive.write_bytes(Stage.reference.read_bytes())
    job.submit()
    return job, job.wait_for_end()


def broken(name, program=None, **settings):
    """Cannot be computed as it is submitted."""
    job = Job(name, program or cli.PROGRAM, **settings).submit()
    return job, job.wait_for_end()


def no_folder_for_shards():
    job = Job("no_folder_for_shards", cli.PROGRAM, "slurm-array.sbatch", archive="nowhere/sweep.h5",
              directives={"partition": "pair"})
    array, merge = submit_shards(job, "--array=1-2")
    ending = wait_for_end(merge, "the merge")
    return job, ending, [record for record in Stage.jobs.values() if record.get("ArrayJobId") == array]


def full_disk():
    """A disk with some kilobytes on it."""
    disk = pathlib.Path(Stage.folder, "disk")
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "none", disk], check=True)
    try:
        return broken("full_disk", archive=disk / "sweep.h5")
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def library_missing():
    """The program as if it had been built with a library that is not there."""
    program = Stage.program("library-missing", "")
    program.write_bytes(pathlib.Path(cli.PROGRAM).read_bytes().replace(b"libc.so.6\0", b"libX.so.6\0"))
    return broken("library_missing", program)


def deadly():
    job = Job("deadly", Stage.program("deadly", DEADLY)).submit()
    return job, job.wait_for_end()


def bad_input():
    job = Job("bad_input", cli.PROGRAM, options="--set N=none").submit()
    return job, job.wait_for_end()


def shards():
    """Four shards on two nodes, of which the second is cancelled in the middle and submitted again."""
    job = Job("shards", Stage.held_back(15, of_work=0.25), "slurm-array.sbatch",
              directives={"partition": "pair"})
    array, merge = submit_shards(job)
    second = job.folder / "sweep.shard-2-of-4.h5"

    def second_is_under_way():
        if Stage.jobs.get(merge, {}).get("JobState") in ENDED:
            raise AssertionError(f"the shards ended too soon: {job.log()}")
        return cli.done_count(second) >= 2

    wait_until(second_is_under_way, "the second shard does points", PATIENCE)
    Stage.slurm.command("scancel", f"{array}_2")
    first_merge = wait_for_end(merge, "the first merge")
    left = sorted(path.name for path in job.folder.glob("sweep.h5*"))
    array, merge = submit_shards(job, "--array=2")
    second_merge = wait_for_end(merge, "the second merge")
    array, merge = submit_shards(job)
    return job, first_merge, left, second_merge, wait_for_end(merge, "the third merge")


def submit_shards(job, *options):
    """Starts the script as its users do; returns the numbers of the array and of the merge."""
    output = subprocess.run(["bash", job.script, *options], cwd=job.folder, text=True, check=True,
                            env=Stage.slurm.environment, stdout=subprocess.PIPE).stdout
    return re.fullmatch(r"Submitted the array (\d+) and, after it, the merge (\d+)\n", output).groups()


SCENARIOS = {
    "time limit, mpirun": lambda: time_limit("mpirun"),
    "time limit, srun": lambda: time_limit("srun"),
    "overrun, mpirun": lambda: overrun("mpirun"),
    "overrun, srun": lambda: overrun("srun"),
    "batch node lost": batch_node_lost,
    "other node lost": other_node_lost,
    "terminated, mpirun": lambda: terminated("mpirun"),
    "terminated, srun": lambda: terminated("srun"),
    "preempted, mpirun": lambda: preempted("mpirun"),
    "preempted, srun": lambda: preempted("srun"),
    "rank killed, mpirun": lambda: rank_killed("mpirun", 1),
    "rank killed, srun": lambda: rank_killed("srun", 2),
    "cancelled": cancelled,
    "complete already": complete_already,
    "shards": shards,
}
THAT_CANNOT_BEGIN = {
    "deadly": deadly,
    "bad input": bad_input,
    "no folder": lambda: broken("no_folder", archive="nowhere/sweep.h5"),
    "no folder for shards": no_folder_for_shards,
    "nothing can be written": lambda: broken("nothing_written", archive="/proc/sweep.h5", chdir="/proc"),
    "full disk": full_disk,
    "no program": lambda: broken("no_program", "/nowhere/qbsweep"),
    "library missing": library_missing,
    "no TMPDIR": lambda: broken("no_tmpdir", setup="export TMPDIR=/dev/null/tmp"),
    "few files": lambda: broken("few_files", setup="ulimit -n 16"),
    "no TMPDIR on the first node": lambda: broken(
        "no_tmpdir_at_first", setup="[[ ${SLURM_RESTART_COUNT:-} ]] || export TMPDIR=/dev/null/tmp"),
}
AT_ONCE = 3  # of the latter
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


def compute_reference():
    """The sweep without any interruption, and what it costs."""
    sweep = pathlib.Path(Stage.folder, "sweep.yaml")
    sweep.write_text(SWEEP, encoding="utf-8")
    Stage.reference = pathlib.Path(Stage.folder, "reference.h5")
    whole = processor_seconds(sweep)
    start = processor_seconds(sweep)  # of a run that finds the archive complete
    Stage.cpu_seconds = whole - start
    Stage.start_seconds = start / 2


def processor_seconds(sweep):
    """Of a run of the sweep into the reference archive, on two ranks."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(cli.command("run", sweep, "-o", Stage.reference, *cli.PLAIN_PATH, ranks=2), check=True,
                   env=cli.ENVIRONMENT, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=PATIENCE)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def watch_until(ended):
    """Keeps Stage.jobs up to date, and lets no requeued job wait for its two minutes."""
    while not ended.wait(1.0):
        Stage.jobs = Stage.slurm.jobs()
        Stage.slurm.hurry(Stage.jobs)


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
