"""Where output cannot be written (as on a full disk) the program says so in one line."""

import os
import resource
import subprocess
import unittest

import qbsweep_cli as cli
from refusals import ENVIRONMENT, SWEEP, BadInputTestCase, limit


class Disks(BadInputTestCase):
    # The launcher's own files must have room.
    LARGEST_FILE = 8_000_000
    LARGE = ["run", "good.yaml", "--set", "charging.samples=100000"]
    # Every point fails.
    FAILING = "run good.yaml -o disk/a.h5 --propagator ts -- -ts_max_steps 2"

    def setUp(self):
        super().setUp()
        self.write("good.yaml", SWEEP)
        os.mkdir(self.path("disk"))

    def test_file_size_limit(self):
        for ranks in None, 3:
            self.refuse(self.LARGE, ENVIRONMENT, "cannot create bad.h5: 18 MiB are needed: File too large",
                        ranks=ranks, preexec_fn=limit(resource.RLIMIT_FSIZE, self.LARGEST_FILE))

    def on_disk(self, options, script):
        """Runs a shell script in a namespace of its own, with a file system made by `options` mounted on
        the folder `disk`; returns subprocess's CompletedProcess."""
        script = f"mount -t tmpfs {options} tmpfs disk || exit 99\n{script}"
        result = subprocess.run(["unshare", "--map-root-user", "--mount", "bash", "-c", script, "bash",
                                 cli.PROGRAM], cwd=self.folder, env=cli.ENVIRONMENT, text=True,
                                stdin=subprocess.DEVNULL, capture_output=True, timeout=cli.PATIENCE)
        if result.returncode == 99 or result.stderr.startswith("unshare:"):
            self.skipTest("nothing can be mounted here: " + result.stderr)
        return result

    def test_disk_without_room(self):
        result = self.on_disk("-o size=1m", '"$1" ' + " ".join(self.LARGE) +
                              " -o disk/a.h5; code=$?; ls -A disk; exit $code")
        self.assertEqual((result.returncode, result.stdout), (ENVIRONMENT, ""))
        self.assertEqual(result.stderr, "qbsweep: error: cannot create disk/a.h5: 18 MiB are needed, and "
                         "1020 KiB are free on its disk\n")

    def test_disk_that_is_full_when_a_failure_is_to_be_noted(self):
        result = self.on_disk(
            "-o size=1m", f'"$1" {self.FAILING} 2>/dev/null; rm disk/*.jsonl\n'
            "head -c 2M /dev/zero >disk/filler 2>/dev/null\n"
            f'"$1" {self.FAILING}; code=$?\n'
            'rm disk/filler; "$1" run good.yaml -o disk/a.h5 2>/dev/null; echo "then $?"; exit $code')
        self.assertEqual((result.returncode, result.stdout), (ENVIRONMENT, "then 0\n"))
        self.assertEqual(result.stderr.splitlines()[-1], "qbsweep: error: rank 0: cannot write "
                         "disk/a.h5.failures.jsonl: No space left on device")

    def test_read_only_folder(self):
        result = self.on_disk("-o ro", '"$1" run good.yaml -o disk/a.h5')
        self.assertEqual((result.returncode, result.stderr), (
            ENVIRONMENT, "qbsweep: error: cannot create disk/a.h5: folder disk: Read-only file system\n"))

    def test_archive_in_a_read_only_folder(self):
        result = self.on_disk(
            "", f'"$1" {self.FAILING} 2>/dev/null; sum=$(md5sum disk/*)\n'
            "mount -o remount,ro disk\n"
            '"$1" run good.yaml -o disk/a.h5; code=$?\n'
            '[[ $(md5sum disk/*) == "$sum" ]] && echo unchanged; "$1" status disk/a.h5; exit $code')
        self.assertEqual(result.returncode, ENVIRONMENT)
        self.assertEqual(result.stdout.splitlines()[:2],
                         ["unchanged", "disk/a.h5: 0 of 2 points done, 2 failed, 0 pending"])
        self.assertEqual(result.stderr,
                         "qbsweep: error: cannot write disk/a.h5: folder disk: Read-only file system\n")

    def test_read_only_archive(self):
        """In a folder that takes files."""
        result = self.on_disk(
            "", f'"$1" {self.FAILING} 2>/dev/null\n'
            "mount --bind disk/a.h5 disk/a.h5 && mount -o remount,bind,ro disk/a.h5 || exit 99\n"
            'mpirun --quiet -n 2 "$1" run good.yaml -o disk/a.h5')
        self.assertEqual((result.returncode, result.stderr), (
            ENVIRONMENT, "qbsweep: error: cannot write disk/a.h5: Read-only file system\n"))

    def test_output_that_nobody_takes(self):
        self.succeed("run", "good.yaml")
        with open("/dev/full", "w", encoding="ascii") as full:
            for arguments in (["export", "bad.h5"], ["status", "bad.h5"], ["plan", "good.yaml"],
                              ["validate", "good.yaml"], ["--help"]):
                with self.subTest(arguments=arguments):
                    self.refuse(arguments, ENVIRONMENT, "cannot write to the standard output: "
                                "No space left on device", stdout=full)


if __name__ == "__main__":
    unittest.main()
