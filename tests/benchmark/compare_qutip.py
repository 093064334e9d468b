"""Time and memory of a charging run beside QuTiP with PIQS, and how far the results lie apart.

Every point is charged by `qbsweep run`, with QuTiP's fock_dim and with `auto`, and by QuTiP's mesolve, all
on one core and each in a process of its own. See README.md."""

import argparse
import json
import os
import sys
import tempfile
import time

from measure import keep_to_one_core, load_text, run
from noisy_battery import (COUPLING, GAMMA_DOWN, GAMMA_PHI, KAPPA, OMEGA_0, OMEGA_C, T_MAX, Battery,
                           charge)

SAMPLES = 400


def charge_with_qutip(interaction, N):
    """E_B at the sample times and the seconds that mesolve took; rtol 1e-6, no states kept."""
    import numpy as np
    import qutip
    from qutip import piqs

    levels = 4 * N + 1
    atoms = piqs.Dicke(N, emission=GAMMA_DOWN, dephasing=4 * GAMMA_PHI)  # PIQS's belongs to sigma_z/2
    one_atoms, one_cavity = qutip.qeye(piqs.num_dicke_states(N)), qutip.qeye(levels)
    a = qutip.destroy(levels)
    battery = OMEGA_0 * (piqs.jspin(N, "z") + N / 2)
    if interaction == "dicke":
        exchange = 2 * qutip.tensor(piqs.jspin(N, "x"), a + a.dag())
    else:
        exchange = qutip.tensor(piqs.jspin(N, "+"), a) + qutip.tensor(piqs.jspin(N, "-"), a.dag())
    H = (qutip.tensor(battery, one_cavity) + OMEGA_C * qutip.tensor(one_atoms, a.dag() * a)
         + COUPLING[interaction] / np.sqrt(N) * exchange)
    noise = (qutip.super_tensor(atoms.liouvillian(), qutip.to_super(one_cavity))
             + qutip.super_tensor(qutip.to_super(one_atoms),
                                  KAPPA * qutip.lindblad_dissipator(a)))
    L = qutip.liouvillian(H) + noise

    charger = qutip.coherent(levels, np.sqrt(N), method="analytic").unit()
    start = qutip.tensor(piqs.dicke(N, N / 2, -N / 2), qutip.ket2dm(charger))
    begin = time.monotonic()
    result = qutip.mesolve(L, start, np.linspace(0, T_MAX, SAMPLES), [],
                           [qutip.tensor(battery, one_cavity)],
                           options=qutip.Options(rtol=1e-6, nsteps=1_000_000))
    return {"seconds": time.monotonic() - begin, "battery_energy": list(map(float, result.expect[0]))}


def battery_energy(archive):
    import h5py  # late: see measure.py

    with h5py.File(archive, "r") as file:
        return file["battery_energy"][()].tolist()


def measure(program, batteries, with_qutip, folder):
    """For each of the batteries: what it took us and, if wanted, QuTiP (None otherwise)."""
    measured, theirs = [], {}
    for battery in batteries:
        print(f"{battery} ...", file=sys.stderr, flush=True)
        ours = charge(program, battery, folder, SAMPLES)
        point = (battery.interaction, battery.N)
        if with_qutip and point not in theirs:
            print(f"{battery}, QuTiP ...", file=sys.stderr, flush=True)
            theirs[point] = run([sys.executable, "-B", __file__, "--qutip", *point])
        measured.append((battery, ours, theirs.get(point)))
    return measured


HEADER = (
    ("", "", "", "qbsweep", "", "", "QuTiP", "", "", "QuTiP /", "qbsweep", "", "E_B"),
    ("", "", "", "point", "process", "", "mesolve", "process", "", "mesolve", "process", "", "differs"),
    ("interaction", "N", "fock_dim", "s", "s", "MiB", "s", "s", "MiB", "/ point", "/ process", "memory",
     "by up to"))


def table_row(battery, ours, theirs):
    levels = ours.row["point_fock_dim"]
    row = [battery.interaction, battery.N, f"auto {levels}" if battery.fock_dim == "auto" else levels,
           f"{ours.seconds:.4f}", f"{ours.wall:.2f}", f"{ours.peak / 2**20:.0f}"]
    if theirs:
        qutip = json.loads(theirs.output)
        difference = max(abs(e - f) for e, f in zip(battery_energy(ours.archive), qutip["battery_energy"],
                                                    strict=True))
        row += [f"{qutip['seconds']:.2f}", f"{theirs.wall:.2f}", f"{theirs.peak / 2**20:.0f}",
                f"{qutip['seconds'] / ours.seconds:.0f}", f"{theirs.wall / ours.wall:.0f}",
                f"{theirs.peak / ours.peak:.1f}", f"{difference:.1e}"]
    return row


def print_table(measured):
    rows = [table_row(*one) for one in measured]
    for row in [line[:len(rows[0])] for line in HEADER] + rows:
        print(f"{row[0]:14}{row[1]:>4}{row[2]:>10}" + "".join(f"{cell:>11}" for cell in row[3:]))


def main():
    if sys.argv[1:2] == ["--qutip"]:
        print(json.dumps(charge_with_qutip(sys.argv[2], int(sys.argv[3]))))
        return
    arguments = argparse.ArgumentParser(description=__doc__,
                                        formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("build", metavar="BUILD", help="the build folder")
    arguments.add_argument("sizes", metavar="N", type=int, nargs="*", default=[8],
                           help="numbers of atoms (default: 8)")
    arguments.add_argument("--skip-qutip", action="store_true", help="measure qbsweep only")
    given = arguments.parse_intermixed_args()

    keep_to_one_core()
    print(load_text(), flush=True)
    batteries = [Battery(interaction, N, fock_dim=fock_dim) for interaction in COUPLING
                 for N in given.sizes for fock_dim in ("paper", "auto")]
    with tempfile.TemporaryDirectory(prefix="qbsweep-benchmark-") as folder:
        print_table(measure(os.path.join(given.build, "src", "qbsweep"), batteries,
                            not given.skip_qutip, folder))
    print(load_text())


if __name__ == "__main__":
    main()
