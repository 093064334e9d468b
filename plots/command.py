"""How the scripts of this package end."""

import os
import sys


class Refused(ValueError):
    """What was asked for cannot be had of these archives."""


def run(main):
    """Runs `main`; the exit code. What is refused, and a file that cannot be read or written, is one
    line and code 1."""
    try:
        return main() or 0
    except (Refused, OSError) as error:
        reason = " ".join(str(error).split())
        print(f"plots.{os.path.splitext(os.path.basename(sys.argv[0]))[0]}: error: {reason}", file=sys.stderr)
        return 1
