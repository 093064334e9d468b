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
parameters: {interaction: dicke, N: 1, m: 1, gamma_phi: 0.1, gamma_down: 0.1}
axes:
  - {name: kappa, linspace: {from: 0, to: 0.5, count: 100}}
  - {name: g, linspace: {from: 0.2, to: 0.3, count: 200}}
charging: {t_max: 1.0}
"""

# About 0.3 s each.
EQUAL = """
name: equal
parameters: {interaction: dicke, N: 5, m: 5, g: 0.25, kappa: 0.15, gamma_down: 0.1}
axes:
  - {name: gamma_phi, linspace: {from: 0.1, to: 0.1001, count: 40}}
charging: {t_max: 20.0}
"""


def median_of(ways, kind):
    return statistics.median(getattr(used, kind) for used in ways)


def median_ratio(ways, base, kind, factor=1):
    """The median of the ratios within the rounds, in each of which the machine was the same."""
    return statistics.median(factor * getattr(one, kind) / getattr(other, kind)
                             for one, other in zip(ways, base))


class Workshop:
    """A folder with a sweep file, and the ways to compute it."""

    def __init__(self, build, folder, name, text):
        self.program = os.path.join(build, "src", "qbsweep")
        self.loop_program = os.path.join(build, "tests", "benchmark", "loop_points")
        self.archive = os.path.join(folder, name + ".h5")
        self.sweep = os.path.join(folder, name + ".yaml")
        with open(self.sweep, "w", encoding="utf-8") as file:
            file.write(text)

    def loop(self):
        return run([self.loop_program, self.sweep])

    def sweep_on(self, launcher):
        try:
            return run([*launcher, self.program, "run", self.sweep, "-o", self.archive])
        finally:
            if os.path.exists(self.archive):
                os.remove(self.archive)


def trivial_points(build, folder, rounds):
    shop = Workshop(build, folder, "trivial", TRIVIAL)
    loop, one, two = [], [], []
    for _ in range(rounds):
        loop.append(shop.loop())
        one.append(shop.sweep_on([]))
        two.append(shop.sweep_on(mpirun(2)))
    print("20,000 trivial points, whole processes, medians of", rounds)
    print(f"{'':24}{'wall s':>9}{'CPU s':>9}{'wall / loop':>14}{'CPU / loop':>13}")
    for name, ways, ranks in ("one plain loop", loop, 1), ("run, 1 rank", one, 1), ("run, 2 ranks", two, 2):
        wall_name = f"{median_ratio(ways, loop, 'wall', ranks):.3f}" + (" (x 2)" if ranks == 2 else "")
        print(f"{name:24}{median_of(ways, 'wall'):9.2f}{median_of(ways, 'cpu'):9.2f}"
              f"{wall_name:>14}{median_ratio(ways, loop, 'cpu'):13.3f}")


def equal_points(build, folder, rounds):
    shop = Workshop(build, folder, "equal", EQUAL)
    one, two = [], []
    for _ in range(rounds):
        one.append(shop.sweep_on(mpirun(1)))
        two.append(shop.sweep_on(mpirun(2)))
    print(f"40 equal points under mpirun: 1 rank {median_of(one, 'wall'):.2f} s, "
          f"2 ranks {median_of(two, 'wall'):.2f} s, ratio {median_ratio(two, one, 'wall'):.3f}")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    build, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else 5
    print(load_text(), flush=True)
    with tempfile.TemporaryDirectory(prefix="qbsweep-benchmark-") as folder:
        trivial_points(build, folder, rounds)
        sys.stdout.flush()
        equal_points(build, folder, rounds)
    print(load_text())


if __name__ == "__main__":
    main()
