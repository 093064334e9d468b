"""The ways in which Slurm or a user interrupts a sweep."""

import qbsweep_cli as cli
import throwaway_slurm
from stage import PATIENCE, Stage
from sweep_job import ENDED, Job, submit_shards, wait_for_end
from throwaway_slurm import wait_until

# The program, but on the first start one that ends for no signal.
STUCK = """#!/usr/bin/env bash
if [[ $1 == run && -z ${{SLURM_RESTART_COUNT:-}} ]]; then
  trap '' USR1 TERM
  while sleep 1; do :; done
fi
exec {program} "$@"
"""


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
