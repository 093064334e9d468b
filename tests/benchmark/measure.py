"""Running programs and seeing what they used. Imports little, because the peak memory of a process is at
least that of the process which started it."""

import os
import subprocess
import tempfile
import time
from typing import NamedTuple

ENVIRONMENT = dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1",
                   OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")


class Used(NamedTuple):
    wall: float  # seconds
    cpu: float   # seconds, of the process and of all those it waited for
    peak: float  # bytes, of the largest of these processes
    output: str


def run(command):
    """Runs a command, which must end with 0."""
    with tempfile.TemporaryFile(buffering=0) as output, \
            tempfile.TemporaryFile(buffering=0) as errors:
        start = time.monotonic()
        process = subprocess.Popen([str(word) for word in command], env=ENVIRONMENT,
                                   stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        for file in output, errors:
            file.seek(0)
        if process.returncode != 0:
            raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n"
                             + errors.read().decode(errors="replace"))
        return Used(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024,
                    output.read().decode())


def mpirun(ranks):
    return ["mpirun", "--quiet", "--oversubscribe", "-n", str(ranks)]


def keep_to_one_core():
    """From here on this process, and every one that it starts, computes on the last of its cores only."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def load_text():
    """How busy the machine is, to be printed beside figures that depend on it."""
    return f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
