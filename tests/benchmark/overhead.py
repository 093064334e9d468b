"""What a sweep of many short points spends on anything but its points.

overhead.py BUILD [POINTS]: runs POINTS points of N = 2 (default 100,000) on two ranks, asking `status` meanwhile,
and compares ranks x wall time with the seconds that the points took by the archive's own account. Needs two
cores that have nothing else to do, and h5py; see README.md."""

import os
import sys
import tempfile
import threading

import h5py

from measure import load_text, mpirun, run

RANKS = 2
ACROSS = 400

SWEEP = """
name: overhead
parameters: {{interaction: dicke, N: 2, m: 2, gamma_phi: 0.1, gamma_down: 0.1, fock_dim: paper}}
axes:
  - {{name: kappa, linspace: {{from: 0.05, to: 0.5, count: {rows}}}}}
  - {{name: g, linspace: {{from: 0.2, to: 0.4, count: {across}}}}}
charging: {{}}
"""

SECONDS_BETWEEN_STATUS = 10


class StatusWatch:
    """Asks for the status of an archive now and then while it is written."""

    def __init__(self, program, archive):
        self.command = [program, "status", archive]
        self.archive = archive
        self.seconds = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        while not self.over.wait(SECONDS_BETWEEN_STATUS):
            if os.path.exists(self.archive):
                self.seconds.append(run(self.command).wall)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    program = os.path.join(sys.argv[1], "src", "qbsweep")
    rows = max(2, (int(sys.argv[2]) if len(sys.argv) == 3 else 100_000) // ACROSS)
    print(load_text(), flush=True)
    with tempfile.TemporaryDirectory(prefix="qbsweep-benchmark-") as folder:
        sweep = os.path.join(folder, "sweep.yaml")
        archive = os.path.join(folder, "out.h5")
        with open(sweep, "w", encoding="utf-8") as file:
            file.write(SWEEP.format(rows=rows, across=ACROSS))
        with StatusWatch(program, archive) as watch:
            used = run([*mpirun(RANKS), program, "run", sweep, "-o", archive])
        with h5py.File(archive) as file:
            points = file["status"].size
            in_points = float(file["wall_seconds"][...].sum())
    total = RANKS * used.wall
    print(f"{points} points of N = 2 on {RANKS} ranks: {used.wall:.1f} s, {used.cpu:.1f} s of CPU\n"
          f"in the points               {in_points:10.1f} s   {100 * in_points / total:6.2f} % of ranks x wall\n"
          f"everything else             {total - in_points:10.1f} s   {100 * (1 - in_points / total):6.2f} %")
    if watch.seconds:
        print(f"status, {len(watch.seconds)} times meanwhile: at most {max(watch.seconds):.2f} s")
    print(load_text())


if __name__ == "__main__":
    main()
