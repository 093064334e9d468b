"""What the commands say of files that are no sound archives."""

import os
import shutil
import unittest

import h5py

import archive_compare
from refusals import ARCHIVE, BAD_INPUT, DAMAGED, ENVIRONMENT, NOTHING, BadInputTestCase, edited


def remove(name):
    """What is done to an archive: a dataset or attribute is taken out."""
    def edit(file):
        del (file.attrs if name in file.attrs else file)[name]
    return edit


def set_attribute(name, value):
    return lambda file: file.attrs.__setitem__(name, value)


def shorten_status(file):
    del file["status"]
    file["status"] = [0]


def as_version(number):
    """As another program makes them: not one of today's whose version was damaged."""
    def edit(file):
        del file.attrs["sweep_checksum"]
        file.attrs["format_version"] = number
    return edit


HINT = "; `qbsweep run` with its sweep file keeps what is whole of it"
ANOTHER_SWEEP = f" is damaged: what it says of its sweep is not what it was made with{HINT}"

# What was done to a good archive (a number: how many of its bytes are left), and what is said of it.
ARCHIVES = {
    "nothing left": (0, f" is not an HDF5 file; {ARCHIVE}"),
    "a tenth left": (0.1, f" is a damaged HDF5 file: truncated file: ...{HINT}"),
    "nearly all left": (0.99, f" is a damaged HDF5 file: truncated file: ...{HINT}"),
    "another format": (remove("format"),
                       " is an HDF5 file, but no archive of qbsweep: it has no attribute 'format'"),
    "a format of that name": (set_attribute("format", "something"),
                              " is an HDF5 file, but no archive of qbsweep: its attribute 'format' is "
                              "'something', not 'qbsweep-archive'"),
    "a later version": (as_version(6),
                        " has the archive format version 6 of a newer qbsweep, and this program reads "
                        "versions 2 to 5: use that qbsweep, or run the sweep file again with another -o"),
    "an earlier version": (as_version(1),
                           " has the archive format version 1 of an older qbsweep, and this program reads "
                           "versions 2 to 5: use that qbsweep, or run the sweep file again with another -o"),
    "a damaged version": (set_attribute("format_version", 6), ANOTHER_SWEEP),
    "dataset missing": (remove("tau"), f" is damaged: cannot open dataset tau of ...{HINT}"),
    "dataset too short": (shorten_status, " is damaged: dataset status has the shape (1), but its sweep "
                          f"needs (2){HINT}"),
    "another sweep's text": (set_attribute("sweep_file", edited("0.25", "0.5")), ANOTHER_SWEEP),
    "no sweep file": (remove("sweep_file"), ANOTHER_SWEEP),
}

# What `run` refuses, too; from the others it takes over the points that are whole.
LOST = {"nothing left": NOTHING, "a tenth left": NOTHING, "a later version": "", "an earlier version": ""}


class Archives(BadInputTestCase):
    def setUp(self):
        super().setUp()
        self.make_archive()

    def damage(self, how):
        shutil.copy(self.path("bad.h5"), self.path("damaged.h5"))
        if callable(how):
            with h5py.File(self.path("damaged.h5"), "r+") as file:
                how(file)
        else:
            os.truncate(self.path("damaged.h5"), int(how * os.path.getsize(self.path("bad.h5"))))

    def test_each_is_refused(self):
        for what, (how, message) in ARCHIVES.items():
            with self.subTest(what):
                self.damage(how)
                for command in "status", "export":
                    self.refuse([command, "damaged.h5"], BAD_INPUT, "damaged.h5" + message)
                self.refuse(["verify", "damaged.h5"], DAMAGED if HINT in message else BAD_INPUT,
                            "damaged.h5" + message)
                run = ["run", "good.yaml", "-o", "damaged.h5"]
                if what in LOST:
                    self.refuse(run, BAD_INPUT, "damaged.h5" + message.replace(HINT, "") + LOST[what])
                else:
                    result = self.run_program(*run)
                    self.assertEqual(result.returncode, 0, result.stderr)
                    self.assertIn("2 of 2 points are whole and kept", result.stderr)
                    self.assertEqual(archive_compare.differences(self.path("bad.h5"), self.path("damaged.h5")), [])
                    os.remove(self.path("damaged.h5.damaged"))

    def test_one_line_for_all_ranks(self):
        how, message = ARCHIVES["a tenth left"]
        self.damage(how)
        self.refuse(["run", "good.yaml", "-o", "damaged.h5"], BAD_INPUT,
                    "damaged.h5" + message.replace(HINT, NOTHING), ranks=3)

    def test_files_of_other_programs(self):
        with h5py.File(self.path("other.h5"), "w") as file:
            file["tau"] = [1.0, 2.0]
        for arguments, end in (["export", "other.h5"], ""), (["run", "good.yaml", "-o", "other.h5"], NOTHING):
            self.refuse(arguments, BAD_INPUT, "other.h5 is an HDF5 file, but no archive of qbsweep: "
                        "it has no attribute 'format'" + end)

    def test_name_that_leads_nowhere(self):
        os.symlink("nowhere/a.h5", self.path("link.h5"))
        result = self.run_program("run", "good.yaml", "-o", "link.h5")
        self.assertEqual((result.returncode, result.stderr),
                         (ENVIRONMENT, "qbsweep: error: cannot create link.h5: File exists\n"))


if __name__ == "__main__":
    unittest.main()
