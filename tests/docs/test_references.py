"""docs/sweep-file.md and docs/archive.md are, byte for byte, what the tables of the code give.

The environment names the program that prints the pages (QBSWEEP_REFERENCE) and the checkout
(QBSWEEP_SOURCE_DIR); ctest sets both."""

import difflib
import os
import subprocess
import unittest

PROGRAM = os.environ["QBSWEEP_REFERENCE"]
DOCS = os.path.join(os.environ["QBSWEEP_SOURCE_DIR"], "docs")
REGENERATE = "cmake --build build --target docs"


class References(unittest.TestCase):
    def check(self, page):
        result = subprocess.run([PROGRAM, page], check=True, capture_output=True)
        path = os.path.join(DOCS, page + ".md")
        committed = b""
        if os.path.exists(path):
            with open(path, "rb") as file:
                committed = file.read()
        if committed != result.stdout:
            lines = [text.decode("utf-8", "replace").splitlines() for text in (committed, result.stdout)]
            difference = "\n".join(difflib.unified_diff(*lines, "committed", "from the code", lineterm="", n=0))
            self.fail(f"docs/{page}.md is not what the code gives; regenerate it with\n"
                      f"  {REGENERATE}\nand commit it.\n{difference}")

    def test_sweep_file(self):
        self.check("sweep-file")

    def test_archive(self):
        self.check("archive")

    def test_other_words_are_refused(self):
        for arguments in [], ["readme"], ["archive", "archive"]:
            result = subprocess.run([PROGRAM, *arguments], check=False, capture_output=True, text=True)
            self.assertEqual(result.returncode, 1)
            self.assertEqual(result.stderr, "usage: qbsweep_reference sweep-file|archive\n")
            self.assertEqual(result.stdout, "")


if __name__ == "__main__":
    unittest.main()
