"""Puts what jobs/reproduce_paper.sh has found into the README: pictures and tables.

python3 -m plots.update_readme RESULTS: copies RESULTS/figures/*.png to docs/figures and replaces what stands between
the marks `<!-- NAME: begin -->` and `<!-- NAME: end -->` of README.md and docs/paper.md.
"""

import glob
import os
import re
import shutil
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# Which command prints what stands between the marks NAME.
TABLES = {
    "statements": ["-m", "plots.statements", "--markdown"],
    "truncation": ["-m", "plots.truncation", "--markdown"],
    "times": ["tests/benchmark/estimate_qutip.py", "table", "tests/benchmark/qutip_charges.json"],
}


def replaced(text, name, new):
    """The text with `new` between the marks NAME, if it has them."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    return re.sub(re.escape(begin) + ".*?" + re.escape(end), lambda _: begin + new + end, text, flags=re.DOTALL)


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    results = os.path.abspath(sys.argv[1])
    tables = {name: subprocess.run([sys.executable, "-B", *command, results], check=True, stdout=subprocess.PIPE,
                                   text=True, cwd=TOP).stdout for name, command in TABLES.items()}
    for page in ("README.md", "docs/paper.md"):
        path = os.path.join(TOP, page)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for name, table in tables.items():
            text = replaced(text, name, table)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    pictures = os.path.join(TOP, "docs", "figures")
    os.makedirs(pictures, exist_ok=True)
    for picture in glob.glob(os.path.join(results, "figures", "*.png")):
        shutil.copy(picture, pictures)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError:
        sys.exit(1)  # it has said why
