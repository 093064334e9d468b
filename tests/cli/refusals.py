"""What the tests of refused input share: a good sweep file to spoil, exit codes, a test case."""

import os
import re
import resource

import qbsweep_cli as cli

BAD_INPUT = 1
DAMAGED = 4
ENVIRONMENT = 2

SWEEP = """name: bad
description: good, but for what a test changes
parameters:
  interaction: dicke
  g: 0.25
  m: 1
  kappa: 0.1
  fock_dim: 5
axes:
  - {name: N, values: [1, 2]}
charging: {t_max: 1.0}
"""

# What messages of several tests say.
METHODS = "accepted: auto, shift_invert, propagator or gmres"
ARCHIVE = "accepted is an archive of qbsweep"
NOTHING = "; nothing of it could be saved by this sweep file: move it away, or give another -o"


def edited(*replacements):
    """SWEEP with pairs (old, new) of texts replaced."""
    text = SWEEP
    for old, new in zip(replacements[::2], replacements[1::2]):
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def limit(what, most):
    """Sets a resource limit in a child process."""
    return lambda: resource.setrlimit(what, (most, most))


class BadInputTestCase(cli.CliTestCase):
    def refuse(self, arguments, code, message, ranks=None, **options):
        """The program ends with `code`, prints `message` as its one line, and leaves every file as it
        was. "..." in the message stands for any text."""
        before = self.everything()
        result = self.run_program(*arguments, ranks=ranks, **options)
        self.check_refused(result, code, message)
        self.assertEqual(self.everything(), before)

    def check_refused(self, result, code, message):
        pattern = "qbsweep: error: " + ".*".join(map(re.escape, message.split("..."))) + "\n"
        self.assertRegex(result.stderr, f"^{pattern}$")
        self.assertEqual(result.stderr.count("\n"), 1)
        self.assertEqual((result.returncode, result.stdout or ""), (code, ""))

    def everything(self):
        """The bytes of every file in the folder, None for what is none."""
        return {name: self.read(name) if os.path.isfile(self.path(name)) else None
                for name in os.listdir(self.folder)}

    def make_archive(self):
        """good.yaml, and its archive bad.h5."""
        self.write("good.yaml", SWEEP)
        self.succeed("run", "good.yaml")
