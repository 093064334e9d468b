"""The code of docs/how-to.md runs as it stands there, and prints what it says.

A block is known by the words after its fence: `yaml` is a file, named by its first line; `sh` and `python` are run,
and end with 0; `text` is what the block before it prints; `sh slurm` is only looked at. The blocks of a section share
a folder."""

import collections
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

import xarray

import qbsweep_cli as cli

PAGE = os.path.join(cli.SOURCE_DIR, "docs", "how-to.md")
KINDS = ("yaml", "sh", "python", "text", "sh slurm")

Block = collections.namedtuple("Block", "line kind text")


def sections_of(page):
    """The blocks of every section that has any, by its title."""
    sections = {}
    title, kind, begin, lines = "", None, 0, []
    for number, line in enumerate(page.splitlines(), 1):
        if kind is None and line.startswith("## "):
            title = line[3:]
        elif kind is None and line.startswith("```"):
            kind, begin, lines = line[3:], number, []
        elif line == "```":
            sections.setdefault(title, []).append(Block(begin, kind, "\n".join(lines) + "\n"))
            kind = None
        elif kind is not None:
            lines.append(line)
    if kind is not None:
        raise ValueError(f"docs/how-to.md:{begin}: a block without an end")
    return sections


def without_trailing_blanks(text):
    return [line.rstrip() for line in text.splitlines()]


class HowTo(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        with open(PAGE, encoding="utf-8") as file:
            self.sections = sections_of(file.read())
        temporary = tempfile.TemporaryDirectory(prefix="qbsweep-how-to-")
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name
        # As the page says: the program is on the PATH, python is the one that runs this.
        self.environment = dict(cli.ENVIRONMENT, OMPI_MCA_rmaps_base_oversubscribe="1",
                                PATH=os.pathsep.join([os.path.dirname(cli.PROGRAM), os.environ["PATH"]]))

    def run_block(self, block, where):
        shell = ["bash", "-euo", "pipefail", "-c"] if block.kind == "sh" else ["/usr/bin/python3", "-B", "-c"]
        result = subprocess.run([*shell, block.text], cwd=self.folder, env=self.environment, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                timeout=cli.PATIENCE, check=False)
        self.assertEqual(result.returncode, 0, f"{where}\n{block.text}\n{result.stderr}")
        return result.stdout

    def check_scripts(self, block, where):
        """The scripts that commands for Slurm name are in jobs/, and those submitted were copied before."""
        copied = set()
        for line in block.text.splitlines():
            for word in shlex.split(line):
                if word.startswith("~/qbsweep/"):
                    self.assertTrue(os.path.isfile(os.path.join(cli.SOURCE_DIR, word[len("~/qbsweep/"):])),
                                    f"{where}: no {word} in a checkout")
                    copied.add(os.path.basename(word))
                elif word.endswith(".sbatch"):
                    self.assertIn(word, copied, where)

    def run_section(self, title):
        shutil.rmtree(self.folder)
        os.mkdir(self.folder)
        printed = None
        for block in self.sections[title]:
            where = f"docs/how-to.md:{block.line}"
            self.assertIn(block.kind, KINDS, where)
            if block.kind == "yaml":
                name = re.match(r"# (\S+\.yaml)\n", block.text)
                self.assertTrue(name, f"{where}: the first line names no file")
                with open(os.path.join(self.folder, name[1]), "w", encoding="utf-8") as file:
                    file.write(block.text)
            elif block.kind == "sh slurm":
                self.check_scripts(block, where)
            elif block.kind == "text":
                self.assertIsNotNone(printed, where)
                self.assertEqual(without_trailing_blanks(printed), without_trailing_blanks(block.text), where)
            else:
                printed = self.run_block(block, where)

    def test_scan_two_parameters(self):
        self.run_section("Scan two parameters")

    def test_extend_a_scan(self):
        self.run_section("Extend a scan")
        # What was joined is what one sweep over all values gives.
        subprocess.run(cli.command("run", "first.yaml", "--set", "g_over_gc=[0.25,0.5,1.0,2.0]", "-o", "whole.h5"),
                       cwd=self.folder, env=self.environment, check=True, capture_output=True)
        with (xarray.open_dataset(os.path.join(self.folder, "both.nc"), engine="h5netcdf") as both,
              xarray.open_dataset(os.path.join(self.folder, "whole.h5"), engine="h5netcdf") as whole):
            self.assertEqual(set(both.variables), set(whole.variables))
            # A checksum is that of the point's place in its grid, too.
            for name in set(whole.variables) - {"wall_seconds", "checksum"}:
                xarray.testing.assert_equal(both[name].variable, whole[name].variable)

    def test_run_on_slurm(self):
        self.run_section("Run on Slurm")

    def test_read_one_trajectory(self):
        self.run_section("Read one trajectory in Python")

    def test_rebuild_the_state(self):
        self.run_section("Rebuild the battery's state in Python")

    def test_check_convergence(self):
        self.run_section("Check convergence")

    def test_check_an_archive_for_damage(self):
        self.run_section("Check an archive for damage")

    def test_every_section_is_tested(self):
        self.assertEqual(set(self.sections), {"Scan two parameters", "Extend a scan", "Run on Slurm",
                                              "Read one trajectory in Python", "Check convergence",
                                              "Rebuild the battery's state in Python",
                                              "Check an archive for damage"})


if __name__ == "__main__":
    unittest.main()
