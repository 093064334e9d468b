"""What all scenarios share: one Slurm, one sweep, the program held back to a fraction of its pace."""

import pathlib
import resource
import subprocess

import qbsweep_cli as cli

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
