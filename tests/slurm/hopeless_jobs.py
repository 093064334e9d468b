"""Jobs that cannot begin."""

import pathlib
import subprocess

import qbsweep_cli as cli
from stage import Stage
from sweep_job import Job, submit_shards, wait_for_end

# A program that dies in every start, before it has done anything.
DEADLY = """#!/usr/bin/env bash
[[ $1 != run ]] || kill -KILL $$
"""


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
AT_ONCE = 3  # of them
