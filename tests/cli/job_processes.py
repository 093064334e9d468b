"""The processes of a job under mpirun, as /proc shows them. A job is started in a session of its own, to
which everything it starts belongs, also a rank whose mpirun is gone."""

import os

TICKS = os.sysconf("SC_CLK_TCK")


def stat_fields(pid):
    """The fields of /proc/PID/stat from the third on ("state").
    Raises ProcessLookupError if there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except FileNotFoundError as error:
        raise ProcessLookupError(f"no process {pid}") from error


def job_processes(session):
    """All living processes of a session, mpirun itself included."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            state, _, _, of_session = stat_fields(name)[:4]
        except ProcessLookupError:
            continue
        if of_session == str(session) and state not in "ZX":
            found.append(int(name))
    return found


def cpu_seconds(pid):
    """User and system time of a process so far."""
    fields = stat_fields(pid)
    return (int(fields[11]) + int(fields[12])) / TICKS


def rank_pids(session):
    """The ranks of a job, from the first to the last."""
    ranks = {}
    for pid in job_processes(session):
        with open(f"/proc/{pid}/environ", "rb") as file:
            for entry in file.read().split(b"\0"):
                name, _, value = entry.partition(b"=")
                if name == b"OMPI_COMM_WORLD_RANK":
                    ranks[int(value)] = pid
    return [ranks[rank] for rank in sorted(ranks)]
