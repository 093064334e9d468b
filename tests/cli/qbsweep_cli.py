"""What the tests of the command line share: running the program alone and under mpirun, sweep files in
temporary folders, a look into archives.

The environment names the program (QBSWEEP) and the checkout (QBSWEEP_SOURCE_DIR); ctest sets both."""

import os
import signal
import subprocess
import tempfile
import time
import unittest

import h5py
import numpy as np

PROGRAM = os.path.abspath(os.environ["QBSWEEP"])
SOURCE_DIR = os.path.abspath(os.environ["QBSWEEP_SOURCE_DIR"])

ENVIRONMENT = dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1",
                   OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                   OMPI_MCA_rmaps_base_oversubscribe="1")

# For tests that need points to take their time: PETSc's integrator on the assembled matrix.
PLAIN_PATH = ["--operator", "assembled", "--propagator", "ts"]

# For whatever must happen sooner or later; long, for the machine may have much else to do.
PATIENCE = 120.0


def command(*arguments, ranks=None):
    """The command line of the program, under mpirun if a number of ranks is given."""
    launcher = [] if ranks is None else ["mpirun", "--quiet", "-n", str(ranks)]
    return [*launcher, PROGRAM, *map(str, arguments)]


def wait_until(condition, what, patience=PATIENCE):
    """Returns the first true value of condition()."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {patience:.0f} s in vain: {what}")


def status_of(archive):
    """The dataset `status`, also while the sweep runs."""
    with h5py.File(archive, "r") as file:
        return file["status"][()]


def done_count(archive):
    """How many points are done; 0 as long as there is no archive."""
    return int(np.sum(status_of(archive) == 1)) if os.path.exists(archive) else 0


def contents(archive):
    """Every dataset by name, and the root's attributes but for the time of creation."""
    with h5py.File(archive, "r") as file:
        datasets = {name: dataset[()] for name, dataset in file.items()}
        attributes = {name: value for name, value in file.attrs.items() if name != "created"}
    return datasets, attributes


class CliTestCase(unittest.TestCase):
    """A test with a temporary folder in which the program is run."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="qbsweep-test-")
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        """Writes a file (text or bytes) into the folder; returns its path."""
        data = content if isinstance(content, bytes) else content.encode()
        with open(self.path(name), "wb") as file:
            file.write(data)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def run_program(self, *arguments, ranks=None, **options):
        """Runs the program in the folder to its end; returns subprocess's CompletedProcess."""
        return subprocess.run(command(*arguments, ranks=ranks), **{
            "cwd": self.folder, "env": ENVIRONMENT, "stdin": subprocess.DEVNULL, "text": True,
            "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": PATIENCE, **options})

    def succeed(self, *arguments, **options):
        """Runs the program, which must end with 0; returns its standard output."""
        result = self.run_program(*arguments, **options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def start_program(self, *arguments, ranks=None, **options):
        """Starts the program in the folder; it is killed if it outlives the test."""
        return self.start(command(*arguments, ranks=ranks), **options)

    def start(self, command_line, **options):
        """Starts a command line in the folder; it is killed if it outlives the test."""
        # Who starts the tests in the background may have SIGINT ignored.
        process = subprocess.Popen(command_line, **{
            "cwd": self.folder, "env": ENVIRONMENT, "stdin": subprocess.DEVNULL,
            "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL,
            "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), **options})
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process
