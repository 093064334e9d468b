"""What scheduling and writing cost.

scheduling.py BUILD [ROUNDS]: runs the programs of the build folder alternately, ROUNDS times (default 5), and
prints medians. Needs two cores that have nothing else to do; see README.md."""

import os
import statistics
import sys
import tempfile

from measure import load_text, mpirun, run

TRIVIAL = """
name: trivial
parameters: {interaction: dicke, N: 1, m: 1, gamma_phi: 0.1, gamma_down: 0.1, fock_dim: paper}
axes:
  - {name: kappa, linspace: {from: 0, to: 0.5, count: 100}}
  - {name: g, linspace: {from: 0.2, to: 0.3, count: 200}}
charging: {t_max: 1.0}
"""

# 0.4 s each.
EQUAL = """
name: equal
parameters: {interaction: dicke, N: 5, m: 5, g: 0.25, kappa: 0.15, gamma_down: 0.1, fock_dim: paper}
axes:
  - {name: gamma_phi, linspace: {from: 0.1, to: 0.1001, count: 40}}
charging: {t_max: 20.0}
"""

# Takes what the processes take to come up and go down.
ONE_TRIVIAL = """
name: one_trivial
parameters: {interaction: dicke, N: 1, m: 1, g: 0.25, fock_dim: paper}
charging: {t_max: 1.0}
"""


class Workshop:
    """A build and a folder: the ways to compute the points of a sweep file."""

    def __init__(self, build, folder):
        self.program = os.path.join(build, "src", "qbsweep")
        self.loop_program = os.path.join(build, "tests", "benchmark", "loop_points")
        self.sweep = os.path.join(folder, "sweep.yaml")
        self.archive = os.path.join(folder, "out.h5")

    def loop(self, text):
        self.write(text)
        return run([self.loop_program, self.sweep])

    def run_on(self, ranks, text):
        self.write(text)
        try:
            return run([*mpirun(ranks), self.program, "run", self.sweep, "-o", self.archive])
        finally:
            if os.path.exists(self.archive):
                os.remove(self.archive)

    def write(self, text):
        with open(self.sweep, "w", encoding="utf-8") as file:
            file.write(text)


class Way:
    """One way to compute a sweep, and what it took in every round."""

    def __init__(self, name, compute, ranks=1):
        self.name, self.compute, self.ranks = name, compute, ranks
        self.wall, self.start, self.computing, self.cpu = [], [], [], []

    def measure(self, text):
        whole, start = self.compute(text), self.compute(ONE_TRIVIAL)
        self.wall.append(whole.wall)
        self.start.append(start.wall)
        self.computing.append(whole.wall - start.wall)
        self.cpu.append(whole.cpu)


def median_ratio(values, others):
    """The median of the ratios within the rounds, in each of which the machine was the same."""
    return statistics.median(value / other for value, other in zip(values, others, strict=True))


def compare(title, text, ways, rounds):
    """Measures the ways alternately and prints a line for each; the ratios are to the first of them, and in
    them wall times count once for every rank."""
    for _ in range(rounds):
        for way in ways:
            way.measure(text)
    first = ways[0]
    print(f"{title}, medians of {rounds}\n"
          "                      wall    start      CPU   ranks x wall       the same      CPU\n"
          "                         s        s        s        / first  without start  / first")
    for way in ways:
        print(f"{way.name:17}{statistics.median(way.wall):9.2f}{statistics.median(way.start):9.2f}"
              f"{statistics.median(way.cpu):9.2f}"
              f"{way.ranks * median_ratio(way.wall, first.wall):15.3f}"
              f"{way.ranks * median_ratio(way.computing, first.computing):15.3f}"
              f"{median_ratio(way.cpu, first.cpu):9.3f}", flush=True)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    rounds = int(sys.argv[2]) if len(sys.argv) == 3 else 5
    print(load_text(), flush=True)
    with tempfile.TemporaryDirectory(prefix="qbsweep-benchmark-") as folder:
        shop = Workshop(sys.argv[1], folder)

        def ways_on_ranks():
            return [Way("run, 1 rank", lambda text: shop.run_on(1, text)),
                    Way("run, 2 ranks", lambda text: shop.run_on(2, text), ranks=2)]

        compare("20,000 trivial points", TRIVIAL, [Way("one plain loop", shop.loop), *ways_on_ranks()],
                rounds)
        compare("40 equal points", EQUAL, ways_on_ranks(), rounds)
    print(load_text())


if __name__ == "__main__":
    main()
