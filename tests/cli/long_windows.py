"""Charging runs over windows of a hundred and more with dephasing, where a bound that says too little of the
Liouvillian lets a series lose every digit.

As a program: long_windows.py PROGRAM makes tests/reference/long_windows.json anew, by an integrator of PETSc of
order 8; 20 minutes."""

import datetime
import json
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np

REFERENCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "reference", "long_windows.json")
REFERENCE_METHOD = ["--propagator", "ts", "--", "-ts_rk_type", "8vr"]
REFERENCE_TOLERANCE = 1e-9

DONE = 1  # in the dataset `status`

# 168 and 252 points. `strong` is as strong as the frequencies.
SCAN = """
name: long_windows
parameters: {{interaction: {interaction}, m_per_n: 1, fock_dim: paper}}
axes:
  - name: noise
    labels: [none, loss, decay, dephasing, all, strong dephasing, strong]
    values:
      kappa: [0, 0.15, 0, 0, 0.15, 0, 1]
      gamma_down: [0, 0, 0.1, 0, 0.1, 0, 1]
      gamma_phi: [0, 0, 0, 0.5, 0.1, 2, 1]
  - {{name: N, values: {atoms}}}
  - {{name: g_over_gc, values: [0.2, 0.5, 0.8, 1, 1.5, 2]}}
  - {{name: detuning_ratio, values: [1, 0.5]}}
charging: {{t_max: 100, samples: 5, tolerance: {tolerance}}}
"""


def point(interaction, atoms, coupling, ratio, kappa, gamma_down, gamma_phi, fock_dim="paper", t_max=100):
    """A point with as many photons as atoms, as in a sweep file."""
    return {"interaction": interaction, "N": atoms, "m": atoms, "g_over_gc": coupling, "detuning_ratio": ratio,
            "kappa": kappa, "gamma_down": gamma_down, "gamma_phi": gamma_phi, "fock_dim": fock_dim, "t_max": t_max}


TC, DICKE = "tavis_cummings", "dicke"
# The first one also with automatic levels.
LONGEST = point(TC, 8, 0.2, 0.5, 0, 0, 0.5, t_max=200)
SHORT_FORM = [
    LONGEST,
    point(TC, 8, 0.2, 0.5, 0, 0, 0.5, fock_dim=24, t_max=200),
    point(TC, 2, 0.2, 0.5, 0, 0, 2),
    point(TC, 4, 0.2, 0.5, 0, 0, 1),
    point(TC, 4, 0.2, 0.5, 0, 0, 2),
    point(DICKE, 2, 0.2, 1, 0.15, 0, 2),
    point(DICKE, 2, 0.5, 0.5, 0.15, 0, 2),
    point(DICKE, 2, 0.2, 1, 0, 0, 0.5),
    point(DICKE, 2, 0.5, 0.5, 0, 0, 1),
    point(DICKE, 2, 0.8, 1, 0, 0, 2),
    point(DICKE, 2, 0.5, 1, 0, 0.1, 2),
    point(DICKE, 4, 0.2, 1, 0, 0, 0.5),
    point(DICKE, 4, 0.2, 0.5, 0, 0, 1),
    point(DICKE, 4, 0.5, 0.5, 0, 0, 2),
    point(DICKE, 4, 0.2, 0.5, 0.15, 0, 2),
    point(DICKE, 4, 0.2, 1, 0, 0.1, 2),
    point(DICKE, 4, 0.2, 0.5, 0.15, 0.1, 2),
]
# Of the scan's points that are long for PETSc's integrators one for each noise but none.
LARGE = [
    point(TC, 8, 1, 1, 0.15, 0, 0),
    point(TC, 8, 0.5, 0.5, 0, 0.1, 0),
    point(TC, 8, 0.2, 0.5, 0, 0, 0.5),
    point(TC, 8, 1, 0.5, 0.15, 0.1, 0.1),
    point(TC, 8, 0.2, 1, 0, 0, 2),
    point(TC, 8, 2, 1, 1, 1, 1),
]


def point_text(parameters, tolerance, fock_dim=None):
    """The sweep file of one point."""
    given = dict(parameters) | ({"fock_dim": fock_dim} if fock_dim else {})
    t_max = given.pop("t_max")
    lines = [f"  {name}: {value}" for name, value in given.items()]
    return "\n".join(["name: point", "parameters:", *lines,
                      f"charging: {{t_max: {t_max}, samples: 5, tolerance: {tolerance}}}", ""])


# Energies by themselves, those at a time of a maximum with that time, powers with the time that they belong to.
ENERGIES = ["ergotropy_max", "battery_energy_max", "battery_energy", "interaction_energy", "total_energy", "ergotropy"]
AT_TAU = ["battery_energy_at_tau", "locked_energy_at_tau", "quench_energy_at_tau"]
POWERS = {"power_energy_max": "tau_power_energy_max", "power_ergotropy_max": "tau_power_ergotropy_max"}
FIGURES = [*ENERGIES, *AT_TAU, "tau", "photon_number", *POWERS, *POWERS.values(), "point_omega_c"]
# No energy of these points changes faster. Where a maximum is flat its time is not known as well as its height.
FASTEST = 1e3


def figures_of(archive):
    """The numbers of an archive that are compared, and `status`."""
    with h5py.File(archive, "r") as file:
        return {name: file[name][()] for name in [*FIGURES, "status"]}


def errors_of(found, right):
    """How far the numbers of every point are off, in the unit of omega_0: the largest of every dataset."""
    axes = np.ndim(right["point_omega_c"])
    differences = {name: found[name] - right[name] for name in ENERGIES}
    apart = FASTEST * np.abs(found["tau"] - right["tau"])
    differences |= {name: np.maximum(np.abs(found[name] - right[name]) - apart, 0) for name in AT_TAU}
    differences |= {power: (found[power] - right[power]) * right[time] for power, time in POWERS.items()}
    differences["photon_number"] = ((found["photon_number"] - right["photon_number"])
                                    * np.asarray(right["point_omega_c"])[..., np.newaxis])
    return {name: np.max(np.abs(np.reshape(value, np.shape(value)[:axes] + (-1,))), axis=-1)
            for name, value in differences.items()}


def worst_errors(found, right):
    """The largest error of every point, infinite where it has no number; and the dataset that it is in."""
    errors = errors_of(found, right)
    table = np.array([np.where(np.isnan(errors[name]), np.inf, errors[name]) for name in errors])
    return np.max(table, axis=0), np.array(list(errors))[np.argmax(table, axis=0)]


def references():
    """The stored numbers of a point, as a function of the point."""
    with open(REFERENCE, encoding="utf-8") as file:
        stored = json.load(file)["points"]

    def find(parameters):
        figures = next(entry["figures"] for entry in stored if entry["parameters"] == parameters)
        return {name: np.array(value) for name, value in figures.items()}
    return find


def make_references(program):
    version = subprocess.run([program, "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    content = {"source": f"{version}; run {' '.join(REFERENCE_METHOD)}, tolerance {REFERENCE_TOLERANCE}",
               "made_by": "tests/cli/long_windows.py",
               "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(), "points": []}
    for parameters in sorted(SHORT_FORM + LARGE, key=lambda point: point["N"] * point["t_max"]):
        with tempfile.TemporaryDirectory(prefix="qbsweep-reference-") as folder:
            sweep, archive = os.path.join(folder, "point.yaml"), os.path.join(folder, "point.h5")
            with open(sweep, "w", encoding="utf-8") as file:
                file.write(point_text(parameters, REFERENCE_TOLERANCE))
            subprocess.run([program, "run", sweep, "-o", archive, *REFERENCE_METHOD], check=True)
            figures = {name: value.tolist() for name, value in figures_of(archive).items() if name != "status"}
        content["points"].append({"parameters": parameters, "figures": figures})
        with open(REFERENCE, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    make_references(os.path.abspath(sys.argv[1]))
