"""A Slurm of its own for the tests: munged, slurmctld and several slurmd on this one host, started by hand on
free ports, with everything they write in one folder. Needs root and Debian's packages slurm-wlm and munge."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

from job_processes import stat_fields

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch")

# Two partitions are over the same nodes: a job of `urgent` takes its nodes from one of `main`, which is asked
# to end (SIGTERM), has GraceTime seconds for it, and is then put back into the queue. `pair` has two nodes of
# its own. The nodes claim more cores and memory than there are, for they all are this one host.
CONFIGURATION = """
ClusterName=throwaway
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
CredType=cred/munge
SlurmctldPort={controller_port}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
TmpFS={folder}/tmp-%n
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SwitchType=switch/none
MpiDefault=pmix
MailProg=/bin/true
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=3,bf_interval=3,batch_sched_delay=0
SlurmdParameters=config_overrides
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
ReturnToService=2
KillWait=10
MinJobAge=3600
SlurmdTimeout=60
JobRequeue=1
PartitionName=main Nodes={common} Default=YES PriorityTier=1 GraceTime={grace_seconds}
PartitionName=urgent Nodes={common} PriorityTier=2 PreemptMode=OFF
PartitionName=pair Nodes={pair} PriorityTier=1
"""
NODE = "NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs={cpus} RealMemory=100000\n"

GRACE_SECONDS = 20
SECONDS_BETWEEN_STARTS = 4.0


class SlurmError(RuntimeError):
    """A daemon or a command of Slurm failed; with what it said."""


def why_not():
    """Why there can be no Slurm here, or None."""
    if os.geteuid() != 0:
        return "not root"
    missing = [program for program in PROGRAMS if not path_of(program)]
    return f"{', '.join(missing)} not installed (packages slurm-wlm, munge)" if missing else None


def path_of(program):
    """Where a program of Slurm is, or None."""
    return shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")


def free_ports(count):
    """Different ports that nobody listens on now."""
    with contextlib.ExitStack() as open_until_all_are_found:
        sockets = [open_until_all_are_found.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def kill(pid):
    """SIGKILL to a process, if it is still there."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def command_name(pid):
    """The name of the program that a process runs; empty if there is no such process."""
    try:
        return pathlib.Path("/proc", str(pid), "comm").read_text(encoding="utf-8").strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def wait_until(condition, what, patience=60.0):
    """Returns the first true value of condition()."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.2)
    raise AssertionError(f"waited {patience:.0f} s in vain: {what}")


class ThrowawaySlurm:
    """A context: inside there is a Slurm with nodes node1, node2, ..., and afterwards none of its processes."""

    def __init__(self, folder, nodes, cpus_per_node=2):
        # munged insists that others may look into all folders above its socket, but not write there.
        self.folder = pathlib.Path(folder)
        self.nodes = [f"node{number}" for number in range(1, nodes + 1)]
        self.cpus_per_node = cpus_per_node
        self.daemons = {}
        self.requeued = {}  # when it was seen first that a job was put back for the nth time
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(("SLURM_", "SBATCH_", "OMPI_", "PMIX_"))}
        self.environment |= {
            "SLURM_CONF": str(self.folder / "slurm.conf"),
            "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
            # Ranks of different virtual nodes on one host must not take each other for neighbours.
            "OMPI_MCA_btl": "self,tcp"}

    def __enter__(self):
        try:
            self._configure()
            self._start_munged()
            self._start("slurmctld", "slurmctld", "-D", "-i", "-c")
            for node in self.nodes:
                self.start_node(node)
            wait_until(self._is_ready, "all nodes are idle")
        except BaseException as error:
            self._stop()
            for output in self.folder.glob("*.out"):
                error.add_note(f"{output.name}: {output.read_text(errors='replace')}")
            raise
        return self

    def __exit__(self, *_):
        self._stop()

    def command(self, *arguments, check=True):
        """Runs a command of Slurm; returns its standard output."""
        result = subprocess.run([*map(str, arguments)], env=self.environment, text=True, timeout=60,
                                stdin=subprocess.DEVNULL, capture_output=True)
        if check and result.returncode != 0:
            raise SlurmError(f"{' '.join(map(str, arguments))}: {result.stderr.strip()}")
        return result.stdout

    def jobs(self):
        """What `scontrol show job` says about each job and task of an array: a dictionary by its number."""
        lines = self.command("scontrol", "-o", "show", "job").splitlines()
        records = [dict(field.split("=", 1) for field in line.split() if "=" in field) for line in lines]
        return {record["JobId"]: record for record in records if "JobId" in record}

    def hurry(self, jobs):
        """Lets those of the jobs() that were requeued start some seconds later. They would wait for two
        minutes; in the same second, their nodes would take them for the ones that are just being ended."""
        for job, record in jobs.items():
            if (record["JobState"], record["Reason"]) == ("PENDING", "BeginTime"):
                since = self.requeued.setdefault((job, record["Restarts"]), time.monotonic())
                if time.monotonic() - since > SECONDS_BETWEEN_STARTS:
                    self.command("scontrol", "update", f"JobId={job}", "StartTime=now", check=False)

    def start_node(self, node):
        """Starts the slurmd of a node."""
        self._start(node, "slurmd", "-D", "-c", "-N", node)

    def lose_node(self, node):
        """Ends everything on a node at once, as a power cut would, and tells the controller."""
        slurmd = self.daemons.pop(node)
        slurmd.kill()
        slurmd.wait()
        for pid in self.job_processes(SLURMD_NODENAME=node):
            kill(pid)
        self.command("scontrol", "update", f"NodeName={node}", "State=DOWN", "Reason=lost")

    def bring_back_node(self, node):
        """Starts a lost node again, and lets it take jobs, unless Slurm does so by itself when it registers."""
        self.start_node(node)
        try:
            self.command("scontrol", "update", f"NodeName={node}", "State=RESUME")
        except SlurmError:
            state = self.command("sinfo", "--noheader", f"--nodes={node}", "--format=%t")
            if str(state).strip() not in ("idle", "mix", "alloc"):
                raise

    def job_processes(self, **variables):
        """The processes of jobs in whose environment these variables have these values, and Slurm's own that
        manage them, which outlive slurmd."""
        wanted = {f"{name}={value}".encode()
                  for name, value in {**variables, "SLURM_CONF": self.environment["SLURM_CONF"]}.items()}
        found = set()
        for process in map(pathlib.Path("/proc").joinpath, filter(str.isdigit, os.listdir("/proc"))):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
                environment = set((process / "environ").read_bytes().split(b"\0"))
                if wanted <= environment and any(entry.startswith(b"SLURM_JOB_ID=") for entry in environment):
                    found.add(int(process.name))
                    parent = int(stat_fields(process.name)[1])
                    if command_name(parent) == "slurmstepd":
                        found.add(parent)
        return found

    def _is_ready(self):
        idle = self.command("sinfo", "-h", "-N", "-t", "idle", "-o", "%N", check=False).split()
        return set(idle) == set(self.nodes)

    def _configure(self):
        for name in ("state", "munge", *(f"tmp-{node}" for node in self.nodes)):
            (self.folder / name).mkdir(mode=0o755)
        key = self.folder / "munge" / "key"
        key.touch(mode=0o600)
        key.write_bytes(os.urandom(1024))
        host = socket.gethostname().split(".")[0]
        controller_port, *node_ports = free_ports(1 + len(self.nodes))
        (self.folder / "slurm.conf").write_text(
            "".join(NODE.format(name=node, host=host, port=port, cpus=self.cpus_per_node)
                    for node, port in zip(self.nodes, node_ports))
            + CONFIGURATION.format(folder=self.folder, host=host, controller_port=controller_port,
                                   common=",".join(self.nodes[:-2]), pair=",".join(self.nodes[-2:]),
                                   grace_seconds=GRACE_SECONDS), encoding="utf-8")

    def _start_munged(self):
        folder = self.folder / "munge"
        self._start("munged", "munged", "--foreground", f"--key-file={folder}/key",
                    f"--socket={folder}/socket", f"--pid-file={folder}/pid",
                    f"--log-file={folder}/log", f"--seed-file={folder}/seed")
        wait_until((folder / "socket").exists, "munged answers")

    def _start(self, name, program, *arguments):
        with open(self.folder / f"{name}.out", "ab") as output:
            # It ends with this process, even if that is killed.
            self.daemons[name] = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", path_of(program), *arguments], env=self.environment,
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True)

    def _stop(self):
        """Cancels all jobs, whose processes would outlive the daemons, then ends these."""
        if "slurmctld" in self.daemons:
            with contextlib.suppress(SlurmError, subprocess.TimeoutExpired, AssertionError):
                self.command("scancel", "--me")
                wait_until(lambda: not self.command("squeue", "-h"), "no job is left", 30.0)
        for pid in self.job_processes():
            kill(pid)
        for name in sorted(self.daemons, key=("munged", "slurmctld").__contains__):
            daemon = self.daemons.pop(name)
            daemon.terminate()
            try:
                daemon.wait(20.0)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
