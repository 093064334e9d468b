"""A job script in the hands of its user: settings changed, submitted, watched to its end."""

import pathlib
import re
import subprocess

import qbsweep_cli as cli
import throwaway_slurm
from stage import PATIENCE, SWEEP, Stage
from throwaway_slurm import wait_until

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


def submit_shards(job, *options):
    """Starts the script as its users do; returns the numbers of the array and of the merge."""
    output = subprocess.run(["bash", job.script, *options], cwd=job.folder, text=True, check=True,
                            env=Stage.slurm.environment, stdout=subprocess.PIPE).stdout
    return re.fullmatch(r"Submitted the array (\d+) and, after it, the merge (\d+)\n", output).groups()
