"""A Slurm of its own for the tests: munged, slurmctld and several slurmd on this one host, started by hand on
free ports, with everything they write in one folder. Needs root and Debian's packages slurm-wlm and munge."""

import contextlib
import os
import pathlib
import signal
import shutil
import socket
import subprocess
import time

from job_processes import stat_fields

DAEMONS = ("munged", "slurmctld", "slurmd", "sbatch")

# Two partitions over the same nodes: a job of `urgent` takes its nodes from one of `main`, which is asked to
# end (SIGTERM), has GraceTime seconds for it, and is then put back into the queue. The nodes have more memory
# and cores than the host, for all that they do is shared by the tests' one host.
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
PartitionName=main Nodes=ALL Default=YES PriorityTier=1 GraceTime={grace_seconds}
PartitionName=urgent Nodes=ALL PriorityTier=2 PreemptMode=OFF
"""
NODE = "NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs={cpus} RealMemory=100000\n"

GRACE_SECONDS = 20


class SlurmError(RuntimeError):
    """A daemon or a command of Slurm failed; with what it said."""


def why_not():
    """Why there can be no Slurm here, or None."""
    if os.geteuid() != 0:
        return "not root"
    missing = [program for program in DAEMONS if not shutil.which(program)]
    return f"{', '.join(missing)} not installed (packages slurm-wlm, munge)" if missing else None


def free_ports(count):
    """Different ports that nobody listens on now."""
    with contextlib.ExitStack() as open_until_all_are_found:
        sockets = [open_until_all_are_found.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def descendants(pid):
    """All living processes that a process began, and those that they began."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(ProcessLookupError):
            parents[int(name)] = int(stat_fields(name)[1])
    found = {pid}
    while True:
        more = {child for child, parent in parents.items() if parent in found} - found
        if not more:
            return found - {pid}
        found |= more


class ThrowawaySlurm:
    """A context: inside there is a Slurm with nodes node1, node2, ...; afterwards none of its processes is left."""

    def __init__(self, folder, nodes, cpus_per_node=2):
        # munged insists that nobody else may write into the folders above its socket.
        self.folder = pathlib.Path(folder)
        self.nodes = [f"node{number}" for number in range(1, nodes + 1)]
        self.cpus_per_node = cpus_per_node
        self.daemons = {}
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
            self.wait_until(lambda: all(self.node_state(node) == "IDLE" for node in self.nodes),
                            "all nodes are idle")
        except BaseException:
            self._stop()
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

    def job(self, job):
        """What `scontrol show job` says, a dictionary; of an array's task if the job is 12_3."""
        output = self.command("scontrol", "-o", "show", "job", job).splitlines()[0]
        return dict(field.split("=", 1) for field in output.split() if "=" in field)

    def state(self, job):
        """The job's state: PENDING, RUNNING, COMPLETED, FAILED, CANCELLED, ..."""
        return self.job(job)["JobState"]

    def restarts(self, job):
        """How often the job was put back into the queue."""
        return int(self.job(job)["Restarts"])

    def hurry(self):
        """Lets requeued jobs start now, which would wait for two minutes otherwise."""
        for line in self.command("squeue", "-h", "-r", "-t", "PENDING", "-o", "%i %r").splitlines():
            job, reason = line.split(maxsplit=1)
            if reason == "BeginTime":
                # It may have started meanwhile.
                self.command("scontrol", "update", f"JobId={job}", "StartTime=now", check=False)

    def node_state(self, node):
        """The node's state: IDLE, MIXED, ALLOCATED, DOWN, with what is added to it by + and *."""
        fields = self.command("scontrol", "-o", "show", "node", node).split()
        return dict(field.split("=", 1) for field in fields if "=" in field)["State"]

    def start_node(self, node):
        """Starts the slurmd of a node."""
        self._start(node, "slurmd", "-D", "-c", "-N", node)

    def lose_node(self, node):
        """Ends everything on a node at once, as a power cut would, and tells the controller."""
        slurmd = self.daemons.pop(node)
        lost = {slurmd.pid} | self._step_managers(node)
        for pid in lost | {child for each in lost for child in descendants(each)}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        slurmd.wait()
        self.command("scontrol", "update", f"NodeName={node}", "State=DOWN", "Reason=lost")

    def bring_back_node(self, node):
        """Starts a lost node again, and lets it take jobs."""
        self.start_node(node)
        self.command("scontrol", "update", f"NodeName={node}", "State=RESUME")

    @staticmethod
    def wait_until(condition, what, patience=60.0):
        """Returns the first true value of condition()."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.2)
        raise AssertionError(f"waited {patience:.0f} s in vain: {what}")

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
                                   grace_seconds=GRACE_SECONDS), encoding="utf-8")

    def _start_munged(self):
        folder = self.folder / "munge"
        self._start("munged", "munged", "--foreground", f"--key-file={folder}/key",
                    f"--socket={folder}/socket", f"--pid-file={folder}/pid",
                    f"--log-file={folder}/log", f"--seed-file={folder}/seed")
        self.wait_until((folder / "socket").exists, "munged answers")

    def _start(self, name, program, *arguments):
        path = "/usr/sbin/" + program if os.path.exists("/usr/sbin/" + program) else program
        with open(self.folder / f"{name}.out", "ab") as output:
            self.daemons[name] = subprocess.Popen(
                [path, *arguments], env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, start_new_session=True)

    def _step_managers(self, node):
        """The slurmstepd processes of a node; each is the parent of what its step runs. They outlive slurmd."""
        found = set()
        spool = str(self.folder / f"spool-{node}")
        for name in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
                process = pathlib.Path("/proc", name)
                if ((process / "comm").read_text().strip() == "slurmstepd"
                        and spool in " ".join(os.readlink(fd) for fd in (process / "fd").iterdir())):
                    found.add(int(name))
        return found

    def _stop(self):
        """Cancels all jobs, whose processes would outlive the daemons, then ends these."""
        if "slurmctld" in self.daemons:
            with contextlib.suppress(SlurmError, subprocess.TimeoutExpired, AssertionError):
                self.command("scancel", "--me")
                self.wait_until(lambda: not self.command("squeue", "-h"), "no job is left", 30.0)
        for node in self.nodes:
            for pid in self._step_managers(node):
                for each in descendants(pid) | {pid}:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(each, signal.SIGKILL)
        for name in sorted(self.daemons, key=("munged", "slurmctld").__contains__):
            daemon = self.daemons.pop(name)
            daemon.terminate()
            try:
                daemon.wait(20.0)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
