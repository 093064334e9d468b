"""The batteries that compare_qutip.py and growth.py charge, and what `qbsweep run` takes for one of them."""

import csv
import io
import os
from typing import NamedTuple

from measure import run

OMEGA_0, OMEGA_C = 1.0, 1.0
COUPLING = {"dicke": 0.25, "tavis_cummings": 0.5}  # g: half the critical one
KAPPA, GAMMA_DOWN, GAMMA_PHI = 0.15, 0.1, 0.1
T_MAX = 10.0

# A battery is charged this often, but not again once a minute has gone into it.
RUNS = 5
LONG_ENOUGH = 60.0


class Battery(NamedTuple):
    """All noise, and as many photons as atoms."""

    interaction: str
    N: int
    charger: str = "coherent"
    fock_dim: str = "auto"  # as in a sweep file

    def __str__(self):
        return f"{self.interaction}, {self.charger}, N = {self.N}, fock_dim {self.fock_dim}"


class Charge(NamedTuple):
    """What the runs for one battery took, each a process of its own."""

    seconds: float  # of the computation (`wall_seconds`), in the fastest run
    wall: float     # seconds of the whole process, in the fastest run
    peak: float     # bytes of the whole process, in the largest run
    row: dict       # the point as `qbsweep export` prints it, in the last run
    archive: str    # of the last run


def sweep_text(battery, samples):
    return f"""
name: noisy_battery
parameters:
  interaction: {battery.interaction}
  N: {battery.N}
  omega_0: {OMEGA_0}
  omega_c: {OMEGA_C}
  g: {COUPLING[battery.interaction]}
  kappa: {KAPPA}
  gamma_down: {GAMMA_DOWN}
  gamma_phi: {GAMMA_PHI}
  charger: {battery.charger}
  m_per_n: 1
  fock_dim: {battery.fock_dim}
charging: {{t_max: {T_MAX}, samples: {samples}, tolerance: 1.0e-8}}
"""


def charge(program, battery, folder, samples=0):
    """Charges `battery` on one rank; the files go to `folder`."""
    name = os.path.join(folder, "-".join(map(str, battery)))
    sweep, archive = name + ".yaml", name + ".h5"
    with open(sweep, "w", encoding="utf-8") as file:
        file.write(sweep_text(battery, samples))

    seconds, runs = [], []
    while len(runs) < RUNS and sum(used.wall for used in runs) < LONG_ENOUGH:
        if runs:
            os.remove(archive)
        runs.append(run([program, "run", sweep, "-o", archive]))
        row, = csv.DictReader(io.StringIO(run([program, "export", archive]).output))
        seconds.append(float(row["wall_seconds"]))
    return Charge(min(seconds), min(used.wall for used in runs), max(used.peak for used in runs),
                  row, archive)
