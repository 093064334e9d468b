"""The test case of the commands, which can leave an archive as a run does that was stopped."""

import json
import zlib

import h5py
import numpy as np

import qbsweep_cli as cli

PENDING, DONE, FAILED = 0, 1, 2
SOME_POINTS_FAILED = 3

DEFINITIONS = ["global", "permutation_invariant", "dicke_subspace"]

TS = ["--propagator", "ts"]


def attempts_checksum(point, attempts):
    """What an archive keeps of a point that was started and has no results."""
    numbers = [int(number).to_bytes(8, "little") for number in (point, attempts)]
    return zlib.crc32(numbers[0] + b"attempts" + numbers[1]) or 1


class CommandTestCase(cli.CliTestCase):
    def edit(self, archive, **numbers):
        """Writes numbers into the datasets of an archive: name=array. Points that are no longer done lose the
        checksum of their results; they have that of `attempts`."""
        with h5py.File(self.path(archive), "r+") as file:
            for name, values in numbers.items():
                file[name][...] = values
            if "status" in numbers:
                status, attempts = file["status"][()].ravel(), file["attempts"][()].ravel()
                sums = file["checksum"][()].ravel()
                for point in np.flatnonzero(status != DONE):
                    sums[point] = attempts_checksum(int(point), int(attempts[point]))
                file["checksum"][...] = sums.reshape(file["checksum"].shape)

    def make_pending(self, archive, number):
        """Leaves an archive as a run does that was stopped: the last points, `number` of them, pending."""
        with h5py.File(self.path(archive), "r+") as file:
            for name in "status", "attempts", "checksum":
                file[name][-number:] = 0
            file["wall_seconds"][-number:] = np.nan

    def failures(self, archive):
        with open(self.path(archive + ".failures.jsonl"), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def check_run(self, code, last_line, *arguments):
        """Runs a sweep; returns what it printed on standard error."""
        result = self.run_program("run", *arguments)
        self.assertEqual((result.returncode, result.stdout), (code, ""), result.stderr)
        self.assertEqual(result.stderr.splitlines()[-1], f"qbsweep: {last_line}")
        return result.stderr
