"""Time and memory of one point beside QuTiP with PIQS.

compare_qutip.py BUILD [N ...] (default 6 8): a Dicke battery with all noise, once with `qbsweep run` on one
rank, once with QuTiP's mesolve, each a process of its own. See README.md."""

import json
import os
import sys
import tempfile
import time

from measure import load_text, run

OMEGA_0, OMEGA_C, G = 1.0, 1.0, 0.25
KAPPA, GAMMA_DOWN, GAMMA_PHI = 0.15, 0.1, 0.1
T_MAX, SAMPLES = 10.0, 101

SWEEP = f"""
name: one_point
parameters:
  interaction: dicke
  omega_0: {OMEGA_0}
  omega_c: {OMEGA_C}
  g: {G}
  kappa: {KAPPA}
  gamma_down: {GAMMA_DOWN}
  gamma_phi: {GAMMA_PHI}
  charger: coherent
  m_per_n: 1.0
  fock_dim: paper
axes:
  - {{name: N, values: [%d]}}
charging: {{t_max: {T_MAX}, samples: {SAMPLES}, tolerance: 1.0e-8}}
"""


def charge_with_qutip(N):
    """E_B at the sample times and the seconds that mesolve took; rtol 1e-6, no states kept."""
    import numpy as np
    import qutip
    from qutip import piqs

    levels = 4 * N + 1
    atoms = piqs.Dicke(N, emission=GAMMA_DOWN, dephasing=4 * GAMMA_PHI)  # PIQS's belongs to sigma_z/2
    one_atoms, one_cavity = qutip.qeye(piqs.num_dicke_states(N)), qutip.qeye(levels)
    a = qutip.destroy(levels)
    battery = OMEGA_0 * (piqs.jspin(N, "z") + N / 2)
    H = (qutip.tensor(battery, one_cavity) + OMEGA_C * qutip.tensor(one_atoms, a.dag() * a)
         + 2 * G / np.sqrt(N) * qutip.tensor(piqs.jspin(N, "x"), a + a.dag()))
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
        return file["battery_energy"][0].tolist()


def main():
    if sys.argv[1:2] == ["--qutip"]:
        print(json.dumps(charge_with_qutip(int(sys.argv[2]))))
        return
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program = os.path.join(sys.argv[1], "src", "qbsweep")
    sizes = list(map(int, sys.argv[2:])) or [6, 8]

    print(load_text(), flush=True)
    measured = []
    with tempfile.TemporaryDirectory(prefix="qbsweep-benchmark-") as folder:
        for N in sizes:
            sweep, archive = (os.path.join(folder, f"n{N}.{ending}") for ending in ("yaml", "h5"))
            with open(sweep, "w", encoding="utf-8") as file:
                file.write(SWEEP % N)
            ours = run([program, "run", sweep, "-o", archive])
            theirs = run([sys.executable, "-B", __file__, "--qutip", N])
            measured.append((N, archive, ours, theirs))

        print("     qbsweep run         QuTiP, whole process   mesolve   QuTiP / qbsweep   E_B differs\n"
              " N        s      MiB          s        MiB            s     time   memory   by up to")
        for N, archive, ours, theirs in measured:
            qutip = json.loads(theirs.output)
            difference = max(abs(e - f) for e, f in zip(battery_energy(archive),
                                                        qutip["battery_energy"], strict=True))
            print(f"{N:2}{ours.wall:9.2f}{ours.peak / 2**20:9.0f}"
                  f"{theirs.wall:11.2f}{theirs.peak / 2**20:11.0f}{qutip['seconds']:13.2f}"
                  f"{theirs.wall / ours.wall:9.1f}{theirs.peak / ours.peak:9.1f}{difference:11.1e}")
    print(load_text())


if __name__ == "__main__":
    main()
