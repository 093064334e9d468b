"""What `cmake --install` makes works from where it is."""

import os
import shutil
import subprocess
import sys
import unittest

SOURCE_DIR = os.path.abspath(os.environ["QBSWEEP_SOURCE_DIR"])
sys.path.insert(0, os.path.join(SOURCE_DIR, "tests", "cli"))

import qbsweep_cli as cli  # noqa: E402

BUILD_DIR = os.path.abspath(os.path.join(os.path.dirname(cli.PROGRAM), ".."))
SWEEP = """name: two
parameters: {interaction: dicke, g: 0.25, m: 1, fock_dim: 5}
axes:
  - {name: N, values: [1, 2]}
charging: {t_max: 1.0}
"""


class Installed(cli.CliTestCase):
    def setUp(self):
        super().setUp()
        self.prefix = self.path("with blank")
        subprocess.run(["cmake", "--install", BUILD_DIR, "--prefix", self.prefix], check=True, capture_output=True,
                       timeout=cli.PATIENCE)
        self.share = os.path.join(self.prefix, "share", "qbsweep")

    def test_files(self):
        self.assertTrue(os.access(os.path.join(self.prefix, "bin", "qbsweep"), os.X_OK))
        self.assertEqual(set(os.listdir(os.path.join(self.share, "inputs"))),
                         set(os.listdir(os.path.join(SOURCE_DIR, "inputs"))))
        checkout_only = {"quickstart.sh", "reproduce_paper.sh", "debian-packages.sh"}
        self.assertEqual(set(os.listdir(os.path.join(self.share, "jobs"))),
                         set(os.listdir(os.path.join(SOURCE_DIR, "jobs"))) - checkout_only)

    def test_workstation_script_finds_the_program_beside_it(self):
        self.write("two.yaml", SWEEP)
        self.assertIsNone(shutil.which("qbsweep"))
        environment = {name: value for name, value in cli.ENVIRONMENT.items() if name != "QBSWEEP"}
        done = subprocess.run([os.path.join(self.share, "jobs", "workstation.sh"), "-n", "2", "two.yaml"],
                              cwd=self.folder, env=environment, capture_output=True, text=True, check=False,
                              timeout=cli.PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(os.path.exists(self.path("two.h5")))

    def test_slurm_scripts_name_what_is_installed(self):
        for name in "slurm-sweep.sbatch", "slurm-array.sbatch":
            with self.subTest(name), open(os.path.join(self.share, "jobs", name), encoding="utf-8") as file:
                script = file.read()
                settings = [line for line in script.splitlines() if line.startswith(("qbsweep=", "program="))]
                asked = "\n".join([*settings, 'printf "%s\\n" "$program" "$qbsweep/jobs/until-complete.sh"'])
                paths = subprocess.run(["bash", "-euc", asked], check=True, capture_output=True,
                                       text=True).stdout.splitlines()
                self.assertEqual([os.path.exists(path) for path in paths], [True, True], paths)
                subprocess.run(["bash", "-n", os.path.join(self.share, "jobs", name)], check=True)


if __name__ == "__main__":
    unittest.main()
