"""plots/protocols.py draws the archives of its three sweeps, and refuses others."""

import os
import subprocess
import sys
import unittest

SOURCE_DIR = os.path.abspath(os.environ["QBSWEEP_SOURCE_DIR"])
sys.path.insert(0, os.path.join(SOURCE_DIR, "tests", "cli"))

import qbsweep_cli as cli  # noqa: E402

SMALL = {"switching": ["N=2", "charging.samples=5"], "driven": ["drive=[0.1]", "omega_d=[0.9, 1.1]"],
         "storage": ["N=[1, 2]", "gamma_down=[0.1, 0.2]", "storage.samples=5"]}


class Protocols(cli.CliTestCase):
    def draw(self, picture, archive):
        return self.run_command([sys.executable, "-B", "-m", "plots.protocols", picture, self.path(archive),
                                 "-o", self.folder])

    def run_command(self, command):
        return subprocess.run(command, cwd=SOURCE_DIR, capture_output=True, text=True, timeout=cli.PATIENCE,
                              check=False)

    def test_every_picture_is_drawn(self):
        for picture, overrides in SMALL.items():
            sets = [word for override in overrides for word in ("--set", override)]
            self.succeed("run", os.path.join(SOURCE_DIR, "inputs", f"{picture}.yaml"), *sets,
                         "-o", self.path(f"{picture}.h5"))
            drawn = self.draw(picture, f"{picture}.h5")
            self.assertEqual((drawn.returncode, drawn.stderr), (0, ""), picture)
            self.assertGreater(os.stat(self.path(f"{picture}.png")).st_size, 10000)
        other = self.draw("driven", "storage.h5")
        self.assertEqual(other.returncode, 1)
        self.assertIn("is not made of inputs/driven.yaml", other.stderr)


if __name__ == "__main__":
    unittest.main()
