"""A steady state beside every steady-state solver of QuTiP with PIQS.

The Dicke battery of Fig. 2 (g = 2 g_c, kappa = 0.15, gamma_down = 0.1, gamma_phi = 0.5), fock_dim 4 N + 1, by
`qbsweep run` with each method and by QuTiP's steadystate() with each of its own, all on one core and each in a
process of its own. See README.md."""

import argparse
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import time

from measure import ENVIRONMENT, keep_to_one_core, load_text, run

KAPPA, GAMMA_DOWN, GAMMA_PHI = 0.15, 0.1, 0.5
OURS = ("auto", "shift_invert", "propagator", "gmres")
THEIRS = {"direct": {"method": "direct"},
          "direct, weight 1": {"method": "direct", "weight": 1.0},
          "eigen": {"method": "eigen"},
          "power": {"method": "power"},
          "iterative-gmres": {"method": "iterative-gmres", "use_precond": True},
          "iterative-lgmres": {"method": "iterative-lgmres", "use_precond": True},
          "iterative-bicgstab": {"method": "iterative-bicgstab", "use_precond": True}}
LONGEST = 600  # seconds of one solver of QuTiP


def steady_state_with_qutip(N, how):
    import numpy as np
    import qutip
    from qutip import piqs

    levels = 4 * N + 1
    atoms = piqs.Dicke(N, emission=GAMMA_DOWN, dephasing=4 * GAMMA_PHI)  # PIQS's belongs to sigma_z/2
    one_atoms, one_cavity = qutip.qeye(piqs.num_dicke_states(N)), qutip.qeye(levels)
    a = qutip.destroy(levels)
    battery = qutip.tensor(piqs.jspin(N, "z") + N / 2, one_cavity)
    photons = qutip.tensor(one_atoms, a.dag() * a)
    H = battery + photons + 1 / np.sqrt(N) * qutip.tensor(2 * piqs.jspin(N, "x"), a + a.dag())
    noise = (qutip.super_tensor(atoms.liouvillian(), qutip.to_super(one_cavity))
             + qutip.super_tensor(qutip.to_super(one_atoms),
                                  KAPPA * qutip.lindblad_dissipator(a)))
    L = qutip.liouvillian(H) + noise
    begin = time.monotonic()
    rho = qutip.steadystate(L, **THEIRS[how])
    seconds = time.monotonic() - begin
    residual = np.linalg.norm(L.data @ qutip.operator_to_vector(rho).full()) / np.linalg.norm(rho.full())
    return {"seconds": seconds, "residual": float(residual),
            "battery_energy": float(qutip.expect(battery, rho)),
            "photon_number": float(qutip.expect(photons, rho))}


def try_qutip(N, how):
    """What it found, or the last line of what it said."""
    command = [sys.executable, "-B", __file__, "--qutip", str(N), how]
    try:
        process = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False,
                                 timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return None, f"not done in {LONGEST} s"
    if process.returncode != 0:
        said = process.stderr.strip().splitlines() or [f"ended with {process.returncode}"]
        return None, said[-1][:80]
    return json.loads(process.stdout.splitlines()[-1]), ""


def sweep_text(N, method):
    return f"""
name: steady
parameters: {{interaction: dicke, N: {N}, g: 1, kappa: {KAPPA}, gamma_down: {GAMMA_DOWN},
             gamma_phi: {GAMMA_PHI}, fock_dim: {4 * N + 1}}}
steady_state: {{method: {method}}}
"""


def steady_state(program, N, method, folder):
    name = os.path.join(folder, f"{N}-{method}")
    with open(name + ".yaml", "w", encoding="utf-8") as file:
        file.write(sweep_text(N, method))
    best = None
    for _ in range(5):
        if os.path.exists(name + ".h5"):
            os.remove(name + ".h5")
        used = run([program, "run", name + ".yaml", "-o", name + ".h5"])
        row, = csv.DictReader(io.StringIO(run([program, "export", name + ".h5"]).output))
        if best is None or float(row["wall_seconds"]) < float(best["wall_seconds"]):
            best = row
        if used.wall > 5:
            break
    return {"seconds": float(best["wall_seconds"]), "residual": float(best["steady_residual"]),
            "battery_energy": float(best["steady_battery_energy"]),
            "photon_number": float(best["steady_photon_number"])}


def line(name, found):
    return (f"{name:28}{found['seconds']:10.3f}{found['residual']:11.1e}{found['battery_energy']:12.6f}"
            f"{found['photon_number']:12.6f}")


def main():
    if sys.argv[1:2] == ["--qutip"]:
        print(json.dumps(steady_state_with_qutip(int(sys.argv[2]), sys.argv[3])))
        return
    arguments = argparse.ArgumentParser(description=__doc__,
                                        formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("build", metavar="BUILD", help="the build folder")
    arguments.add_argument("N", type=int, nargs="?", default=4, help="number of atoms (default: 4)")
    given = arguments.parse_args()

    keep_to_one_core()
    print(load_text())
    print(f"N = {given.N}, fock_dim {4 * given.N + 1}")
    print(f"{'':28}{'s':>10}{'residual':>11}{'E_B':>12}{'photons':>12}")
    ours = {}
    with tempfile.TemporaryDirectory(prefix="qbsweep-benchmark-") as folder:
        for method in OURS:
            ours[method] = steady_state(os.path.join(given.build, "src", "qbsweep"), given.N, method, folder)
            print(line("qbsweep " + method, ours[method]), flush=True)
    right = []
    for how in THEIRS:
        found, complaint = try_qutip(given.N, how)
        if found is None:
            print(f"{'QuTiP ' + how:28}{complaint}", flush=True)
            continue
        # Four digits are what a solver has to agree in to count as one.
        agrees = abs(found["battery_energy"] / ours["auto"]["battery_energy"] - 1) < 1e-4
        print(line("QuTiP " + how, found) + ("" if agrees else "   wrong"), flush=True)
        if agrees:
            right.append(found["seconds"])
    if right:
        print(f"QuTiP's best over qbsweep auto: {min(right) / ours['auto']['seconds']:.0f}")
    print(load_text())


if __name__ == "__main__":
    main()
