"""The paper's statements, each with the number that our archives give for it.

python3 -m plots.statements RESULTS [--markdown]: RESULTS is the folder that jobs/reproduce_paper.sh fills. A line
per statement: whether it holds, and the numbers. The exit code is 0 if every number lies where README says
that it does, also for the statements that do not hold.
"""

import argparse
import sys

from plots.archive import PaperResults
from plots.command import run
from plots.paper_checks import PaperChecks


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("results", help="the folder that jobs/reproduce_paper.sh fills")
    parser.add_argument("--markdown", action="store_true", help="as a table for a README")
    parser.add_argument("--numbers", action="store_true", help="every number with its range")
    arguments = parser.parse_args()
    findings = PaperChecks(PaperResults(arguments.results)).all()
    if arguments.markdown:
        print("| the paper | | agrees | what we find |\n| --- | --- | --- | --- |")
        for finding in findings:
            print(f"| {finding.where} | {finding.statement} | {finding.agrees} | {finding.found} |")
        return 0
    for finding in findings:
        print(f"{'as expected' if finding.as_expected else 'NOT AS EXPECTED'}: {finding.where}: {finding.statement}: "
              f"{finding.agrees}; {finding.found}")
        for number in finding.numbers:
            if arguments.numbers or not number.fits:
                print(f"    {number.name}: {number.value:.6g}, expected {number.low:g} to {number.high:g}")
    wrong = sum(not finding.as_expected for finding in findings)
    print(f"{len(findings)} statements, {wrong} not as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(run(main))
