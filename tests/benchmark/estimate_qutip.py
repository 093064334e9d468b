"""What the paper's figures would take with QuTiP and PIQS, beside what they took here.

estimate_qutip.py measure OUT.json: charges small batteries by QuTiP's mesolve (rtol 1e-6, a few minutes) and
notes the processor time of each. estimate_qutip.py table OUT.json RESULTS: fits these times and sums the fit
over the points of the archives that jobs/reproduce_paper.sh has made.

The fit is log(time / t_max) = a + p log D + q log F for each interaction, with D elements of the battery's
density matrix and F = fock_dim, over batteries with local noise (PIQS's basis, all blocks) and without it (the
symmetric subspace, as a careful user would do). Points without any noise, which need a state vector only, are not
counted. See README.md."""

import json
import os
import subprocess
import sys
import time

from measure import ENVIRONMENT, keep_to_one_core, load_text
from noisy_battery import COUPLING, GAMMA_DOWN, GAMMA_PHI, KAPPA, OMEGA_0, OMEGA_C

T_MAX = 5.0
SAMPLES = 200  # from which a maximum would be read off

# (N, fock_dim, local noise)
MEASURED = [(2, 9, True), (3, 13, True), (4, 9, True), (4, 17, True), (5, 21, True), (6, 13, True), (6, 25, True),
            (7, 29, True), (4, 17, False), (8, 17, False), (8, 33, False), (12, 25, False), (12, 49, False)]

# The archives of each figure, in RESULTS/converged.
FIGURES = {
    "Fig. 2": ["fig2"],
    "Fig. 3": ["fig3"],
    "Fig. 4": ["fig4"],
    "Fig. 5": ["fig5"],
    "Fig. 6": ["fig6"],
    "Fig. 7": ["fig7"],
    "Fig. 8": ["fig8"],
    "Fig. 9": ["fig9", "fig9_detuning", "fig9_charger_energy"],
    "Fig. 10": ["fig10", "fig10_detuning", "fig10_charger_energy"],
    "Figs. 4, 5, 6, 10, larger N": ["coherent_sqrt_n", "coherent_bare", "coherent_tavis_cummings"],
    "Fig. 9, larger N": ["fock_sqrt_n", "fock_bare", "fock_tavis_cummings"],
}


def battery_elements(N, local_noise):
    """Elements of the battery's density matrix as PIQS keeps it, all pairs of Dicke states."""
    states = (N + 2) ** 2 // 4 if local_noise else N + 1
    return states ** 2


def charge(interaction, N, levels, local_noise):
    """Processor seconds that mesolve takes for a charging run until T_MAX."""
    import numpy as np
    import qutip
    from qutip import piqs

    if local_noise:
        spin = {axis: piqs.jspin(N, axis) for axis in "xz+-"}
        atoms = piqs.Dicke(N, emission=GAMMA_DOWN, dephasing=4 * GAMMA_PHI).liouvillian()
        down = piqs.dicke(N, N / 2, -N / 2)
    else:
        spin = {axis: qutip.jmat(N / 2, axis) for axis in "xz+-"}
        atoms = 0 * qutip.to_super(spin["z"])
        down = qutip.ket2dm(qutip.basis(N + 1, N))
    one_atoms, one_cavity = qutip.qeye(spin["z"].shape[0]), qutip.qeye(levels)
    a = qutip.destroy(levels)
    battery = OMEGA_0 * (spin["z"] + N / 2)
    exchange = 2 * qutip.tensor(spin["x"], a + a.dag()) if interaction == "dicke" else \
        qutip.tensor(spin["+"], a) + qutip.tensor(spin["-"], a.dag())
    H = (qutip.tensor(battery, one_cavity) + OMEGA_C * qutip.tensor(one_atoms, a.dag() * a)
         + COUPLING[interaction] / np.sqrt(N) * exchange)
    L = (qutip.liouvillian(H) + qutip.super_tensor(atoms, qutip.to_super(one_cavity))
         + qutip.super_tensor(qutip.to_super(one_atoms), KAPPA * qutip.lindblad_dissipator(a)))
    charger = qutip.coherent(levels, np.sqrt((levels - 1) / 4), method="analytic").unit()
    begin = time.process_time()
    qutip.mesolve(L, qutip.tensor(down, qutip.ket2dm(charger)), np.linspace(0, T_MAX, SAMPLES), [],
                  [qutip.tensor(battery, one_cavity)], options=qutip.Options(rtol=1e-6, nsteps=1_000_000))
    return time.process_time() - begin


def measure(path):
    keep_to_one_core()
    print(load_text())
    rows = []
    for interaction in COUPLING:
        for N, levels, local_noise in MEASURED:
            command = [sys.executable, "-B", __file__, "charge", interaction, N, levels, int(local_noise)]
            seconds = float(subprocess.run([str(word) for word in command], env=ENVIRONMENT, check=True,
                                           capture_output=True, text=True).stdout)
            rows.append({"interaction": interaction, "N": N, "fock_dim": levels, "local_noise": local_noise,
                         "seconds": seconds})
            print(rows[-1], flush=True)
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"t_max": T_MAX, "charges": rows}, file, indent=1)
        file.write("\n")


def fit(measured, interaction):
    """(a, p, q), and the largest factor by which the fit misses a measured time. Of the times above a tenth of a
    second: below, starting costs most."""
    import numpy as np

    rows = [row for row in measured["charges"] if row["interaction"] == interaction and row["seconds"] > 0.1]
    matrix = [[1, np.log(battery_elements(row["N"], row["local_noise"])), np.log(row["fock_dim"])] for row in rows]
    times = np.log([row["seconds"] / measured["t_max"] for row in rows])
    solution = np.linalg.lstsq(matrix, times, rcond=None)[0]
    return solution, float(np.exp(np.abs(matrix @ solution - times).max()))


def points(path):
    """Every point with noise of an archive: interaction, N, fock_dim, whether there is local noise, t_max, and the
    seconds that it took here."""
    import numpy as np
    import xarray
    import yaml

    with xarray.open_dataset(path, engine="h5netcdf") as sweep:
        text = yaml.safe_load(sweep.attrs["sweep_file"])
        fixed = {"kappa": 0.0, "gamma_down": 0.0, "gamma_phi": 0.0, "coupling_scaling": "sqrt_n", **text["parameters"]}

        def everywhere(name):
            return sweep[name].broadcast_like(sweep.status).values.ravel() if name in sweep.coords else \
                np.full(sweep.status.size, fixed[name])

        N = everywhere("N").astype(float)
        g_prime = sweep.point_g.values.ravel() / np.where(everywhere("coupling_scaling") == "bare", 1, np.sqrt(N))
        t_max = np.full(N.size, text["charging"]["t_max"]) if "t_max" in text["charging"] else \
            5 / (g_prime * np.sqrt(N))
        local_noise = everywhere("gamma_down") + everywhere("gamma_phi") > 0
        noise = local_noise | (everywhere("kappa") > 0)
        columns = (everywhere("interaction"), N, sweep.point_fock_dim.values.ravel(), local_noise, t_max,
                   sweep.wall_seconds.values.ravel())
        return [point for point, noisy in zip(zip(*columns), noise) if noisy]


def duration(seconds):
    for size, unit in ((365 * 86400, "years"), (86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.2g} {unit}" if seconds < 1e4 * size else f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def table(path, results):
    import numpy as np

    with open(path, encoding="utf-8") as file:
        measured = json.load(file)
    fits = {interaction: fit(measured, interaction) for interaction in COUPLING}
    print("| figure | points with noise | largest N | here | QuTiP (estimate) | ratio |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    sums = np.zeros(2)
    for figure, archives in FIGURES.items():
        all_points = [point for name in archives for point in points(os.path.join(results, "converged", name + ".h5"))]
        ours = sum(point[-1] for point in all_points)
        theirs = 0.0
        for interaction, N, levels, local_noise, t_max, _ in all_points:
            (a, p, q), _ = fits[interaction]
            theirs += t_max * np.exp(a + p * np.log(battery_elements(int(N), local_noise)) + q * np.log(levels))
        sums += ours, theirs
        print(f"| {figure} | {len(all_points)} | {max(int(point[1]) for point in all_points)} | {duration(ours)} | "
              f"{duration(theirs)} | {theirs / ours:,.0f} |")
    print(f"| all | | | {duration(sums[0])} | {duration(sums[1])} | {sums[1] / sums[0]:,.0f} |")
    print()
    for interaction, ((a, p, q), miss) in fits.items():
        print(f"{interaction}: {np.exp(a):.2g} s x t_max x D^{p:.2f} x F^{q:.2f}, within a factor of {miss:.2f} of "
              "what was measured")


def main():
    match sys.argv[1:]:
        case ["charge", interaction, N, levels, local_noise]:
            print(charge(interaction, int(N), int(levels), local_noise == "1"))
        case ["measure", path]:
            measure(path)
        case ["table", path, results]:
            table(path, results)
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
