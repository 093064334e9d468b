"""The three ergotropies of a small battery by brute force, without any symmetry.

Every spin is a factor of the space: 2^N battery states times fock_dim photon numbers. The master equation
(paper, Eq. (3)) is integrated as a full density matrix with a jump operator for every single spin, the
battery's state rho_B is the partial trace over the cavity, and its ergotropy (paper, Eq. (4)) comes from the
2^N eigenvalues of rho_B and the 2^N levels of H_B. Only then the total-spin blocks of the same rho_B are cut
out, to count as the paper's appendix B does and to see where the two part. numpy and scipy do it all; nothing
of the engine is used.

    python3 -m plots.brute_force [REFERENCE.json] [--program PROGRAM]

The battery is that of a file of tests/reference, tc_n4_strong_dephasing unless another one is named, and its
rows are compared with. --program (or the variable QBSWEEP) names the engine, which then charges the same
battery. The exit code is 1 if numbers differ by more than TOLERANCE."""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import reduce

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import minimize_scalar

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REFERENCE = os.path.join(ROOT, "tests", "reference", "brute_tc_n4_strong_dephasing.json")

DEFINITIONS = ("global", "permutation_invariant", "dicke_subspace")

# Of DOP853 for the density matrix. A hundredth of both moves no ergotropy by more than 1e-11.
RTOL, ATOL = 1e-10, 1e-12
# What may lie between two energies, in units of omega_0: the references are good to 1e-8, the engine is asked
# for 1e-8 and may be off by four times as much.
TOLERANCE = 1e-7
# The times of two maxima may differ by more: an error e of the ergotropy moves its flat top by about sqrt(e).
TOLERANCE_OF_TAU = 1e-3
# Times between 0 and t_max at which a maximum is looked for first.
TIMES = 401

DOWN_TO_UP = np.array([[0.0, 0.0], [1.0, 0.0]])  # sigma_+ in the basis (down, up)
SIGMA_Z = np.diag([-1.0, 1.0])


@dataclass(frozen=True)
class Spins:
    """Operators on the 2^N space of the spins."""
    N: int

    def single(self, operator, i):
        """An operator on spin i."""
        return reduce(np.kron, [operator if k == i else np.eye(2) for k in range(self.N)])

    def minus(self, i):
        """sigma_-^i."""
        return self.single(DOWN_TO_UP.T, i)

    def z(self, i):
        """sigma_z^i, the Pauli matrix."""
        return self.single(SIGMA_Z, i)

    def collective_minus(self):
        """J_-."""
        return sum(self.minus(i) for i in range(self.N))

    def excitations(self):
        """How many spins are up in each of the 2^N states: the levels of H_B in units of omega_0."""
        return np.diag(sum(self.z(i) for i in range(self.N)) + self.N * np.eye(2 ** self.N)) / 2.0

    def blocks(self):
        """For every j = N/2, N/2 - 1, ... orthonormal bases of its d_j copies: an array (d_j, 2j + 1, 2^N) of
        the vectors |j, m, copy>, m = j, j - 1, ..., -j.

        The highest vectors are what J_+ sends to zero among the states with J_z = j; J_- makes the others."""
        lower = self.collective_minus()
        up = self.excitations()
        bases = []
        for spins_down in range(self.N // 2 + 1):
            j = self.N / 2.0 - spins_down
            states = np.flatnonzero(up == self.N - spins_down)
            _, singular, rows = np.linalg.svd(lower.T[:, states])
            highest = rows[np.count_nonzero(singular > 1e-10):]
            copies = np.zeros((len(highest), round(2 * j) + 1, 2 ** self.N))
            copies[:, 0, states] = highest
            for k in range(1, copies.shape[1]):
                m = j - (k - 1)
                copies[:, k] = copies[:, k - 1] @ lower.T / math.sqrt((j + m) * (j - m + 1))
            bases.append(copies)
        return bases


def start_state(battery):
    """Spins down, the cavity in its Fock or truncated and normalised coherent state; a density matrix."""
    fock_dim, m = battery["fock_dim"], battery["m"]
    if battery["charger"] == "fock":
        cavity = np.eye(fock_dim)[round(m)]
    else:
        cavity = np.array([math.sqrt(m) ** n / math.sqrt(math.factorial(n)) for n in range(fock_dim)])
        cavity /= np.linalg.norm(cavity)
    state = np.kron(np.eye(2 ** battery["N"])[0], cavity)
    return np.outer(state, state).astype(complex)


def hamiltonian_and_jumps(battery):
    """H (paper, Eqs. (1) and (2)) and the list of sqrt(rate) times jump operator (Eq. (3)), 2N + 1 of them."""
    N, fock_dim = battery["N"], battery["fock_dim"]
    spins = Spins(N)
    a = np.diag(np.sqrt(np.arange(1.0, fock_dim)), 1)

    def on_spins(operator):
        return np.kron(operator, np.eye(fock_dim))

    def on_cavity(operator):
        return np.kron(np.eye(2 ** N), operator)

    g = battery["g"] / (math.sqrt(N) if battery["coupling_scaling"] == "sqrt_n" else 1.0)
    lower = spins.collective_minus()
    if battery["interaction"] == "dicke":
        interaction = g * np.kron(lower + lower.T, a + a.T)
    else:
        interaction = g * (np.kron(lower.T, a) + np.kron(lower, a.T))
    H = (battery["omega_0"] * on_spins(np.diag(spins.excitations()))
         + battery["omega_c"] * on_cavity(a.T @ a) + interaction)

    jumps = [math.sqrt(battery["kappa"]) * on_cavity(a)]
    for i in range(N):
        jumps.append(math.sqrt(battery["gamma_down"]) * on_spins(spins.minus(i)))
        jumps.append(math.sqrt(battery["gamma_phi"]) * on_spins(spins.z(i)))
    return H, [jump for jump in jumps if jump.any()]


def evolve(battery, t_max, rtol=RTOL, atol=ATOL):
    """Integrates the master equation over [0, t_max]; returns the function t -> rho_B(t), 2^N x 2^N."""
    H, jumps = hamiltonian_and_jumps(battery)
    drift = -1j * H - 0.5 * sum((jump.T @ jump for jump in jumps), np.zeros_like(H))
    shape = H.shape

    def rate(_, y):
        rho = y.reshape(shape)
        flow = drift @ rho
        flow += flow.conj().T
        for jump in jumps:
            flow += jump @ rho @ jump.T
        return flow.ravel()

    solution = solve_ivp(rate, (0.0, t_max), start_state(battery).ravel(), method="DOP853",
                         rtol=rtol, atol=atol, dense_output=True)
    if not solution.success:
        raise RuntimeError(solution.message)
    spin_dim, fock_dim = 2 ** battery["N"], battery["fock_dim"]

    def battery_state(t):
        rho = solution.sol(t).reshape(spin_dim, fock_dim, spin_dim, fock_dim)
        return np.einsum("anbn->ab", rho)

    return battery_state


def passive_energy(eigenvalues, levels):
    """Energy of eigenvalues that fill levels, the largest the lowest (paper, Eq. (B1))."""
    descending = np.sort(eigenvalues)[::-1]
    return float(descending @ np.sort(levels)[:descending.size])


class Counting:
    """Energies of one battery's states, counted in the three ways."""

    def __init__(self, battery):
        spins = Spins(battery["N"])
        self.levels = battery["omega_0"] * spins.excitations()
        self.bases = spins.blocks()

    def blocks(self, rho_B):
        """rho_B,j for every j: the sum of its d_j copies, (2j+1) x (2j+1)."""
        return [np.einsum("cma,ab,cnb->mn", basis, rho_B, basis) for basis in self.bases]

    def energy(self, rho_B):
        """E_B."""
        return float(np.real(np.diag(rho_B)) @ self.levels)

    def ergotropies(self, rho_B):
        """The ergotropy for every definition."""
        in_block = [np.linalg.eigvalsh(block) for block in self.blocks(rho_B)]
        passive = {
            # All unitaries: the 2^N eigenvalues as they are.
            "global": passive_energy(np.linalg.eigvalsh(rho_B), self.levels),
            # Alike on all copies: those of a block stay on the levels of the block.
            "permutation_invariant": sum(
                passive_energy(values, basis[0] ** 2 @ self.levels)
                for values, basis in zip(in_block, self.bases)),
            # Appendix B: each block once, so that (N+2)^2/4 numbers fill the lowest of the 2^N levels.
            "dicke_subspace": passive_energy(np.concatenate(in_block), self.levels)}
        energy = self.energy(rho_B)
        return {name: energy - passive[name] for name in DEFINITIONS}


def largest(function, t_max):
    """Time and value of the largest function(t) in [0, t_max]."""
    times = np.linspace(0.0, t_max, TIMES)
    best = int(np.argmax([function(t) for t in times]))
    found = minimize_scalar(lambda t: -function(t), method="bounded", options={"xatol": 1e-9},
                            bounds=(times[max(best - 1, 0)], times[min(best + 1, TIMES - 1)]))
    return found.x, -found.fun


@dataclass(frozen=True)
class Maximum:
    """What one definition finds where its ergotropy is largest; energies in the unit in which
    omega_0 is given."""
    tau: float
    battery_energy: float
    ergotropy: float

    @property
    def locked_energy(self):
        """E_B - ergotropy."""
        return self.battery_energy - self.ergotropy


def maxima(battery_state, counting, t_max):
    """The Maximum of every definition in [0, t_max]."""
    found = {}
    for name in DEFINITIONS:
        tau, ergotropy = largest(lambda t: counting.ergotropies(battery_state(t))[name], t_max)
        found[name] = Maximum(tau, counting.energy(battery_state(tau)), ergotropy)
    return found


def engine_maxima(program, battery, t_max):
    """The same numbers by `qbsweep run`; needs xarray."""
    import xarray
    names = ("interaction", "coupling_scaling", "N", "g", "omega_0", "omega_c", "kappa", "gamma_down",
             "gamma_phi", "charger", "m", "fock_dim")
    with tempfile.TemporaryDirectory(prefix="qbsweep-brute-") as folder:
        sweep, archive = os.path.join(folder, "brute.yaml"), os.path.join(folder, "brute.h5")
        with open(sweep, "w", encoding="utf-8") as file:
            json.dump({"name": "brute", "description": battery["name"],
                       "parameters": {name: battery[name] for name in names},
                       "charging": {"t_max": t_max, "tolerance": 1e-8}}, file)
        run = subprocess.run([program, "run", sweep, "-o", archive], capture_output=True, text=True)
        if run.returncode != 0:
            raise RuntimeError(run.stderr)
        with xarray.open_dataset(archive, engine="h5netcdf") as data:
            by_definition = {name: data.sel(ergotropy_definition=name).squeeze() for name in DEFINITIONS}
            return {name: Maximum(float(row.tau), float(row.battery_energy_at_tau), float(row.ergotropy_max))
                    for name, row in by_definition.items()}


def differences_from_reference(reference, battery_state, counting):
    """The largest differences of E_B and of the global ergotropy from the rows of the reference."""
    rows = [dict(zip(reference["columns"], row)) for row in reference["rows"]]
    states = [battery_state(row["t"]) for row in rows]
    return (max(abs(counting.energy(state) - row["battery_energy"]) for state, row in zip(states, rows)),
            max(abs(counting.ergotropies(state)["global"] - row["ergotropy_global"])
                for state, row in zip(states, rows)))


def print_blocks(rho_B, counting, tau):
    """What appendix B counts and what there is: the spectrum of rho_B by blocks."""
    N = len(counting.bases[0][0]) - 1
    print(f"\nThe spectrum of rho_B at t = {tau:.4f}, where the global ergotropy is largest:")
    print("  j    copies d_j   Tr rho_j   eigenvalues of one copy, each d_j-fold in rho_B")
    for k, (block, basis) in enumerate(zip(counting.blocks(rho_B), counting.bases)):
        values = np.sort(np.linalg.eigvalsh(block))[::-1] / len(basis)
        print(f"  {N / 2 - k:<4g} {len(basis):<12d} {np.real(np.trace(block)):.6f}   "
              + " ".join(f"{value:.5f}" for value in values))
    rank = np.count_nonzero(np.linalg.eigvalsh(rho_B) > 1e-9)
    print(f"  rank of rho_B: {rank} of 2^N = {2 ** N}; dim S of the paper's Eq. (B3): {(N + 2) ** 2 // 4}")


def print_maxima(found, engine):
    """A line for every definition, and below it the engine's if there is one."""
    print("\nAt the largest ergotropy of each definition:")
    print("  definition               tau        E_B         ergotropy   locked energy")
    for name in DEFINITIONS:
        for who, row in (name, found[name]), ("  by the engine", engine and engine[name]):
            if row:
                print(f"  {who:22} {row.tau:8.5f}   {row.battery_energy:.7f}   {row.ergotropy:.7f}   "
                      f"{row.locked_energy:.7f}")


def main():
    parser = argparse.ArgumentParser(description="The three ergotropies by brute force on the 2^N space.")
    parser.add_argument("reference", nargs="?", default=REFERENCE, help="a file of tests/reference")
    parser.add_argument("--program", default=os.environ.get("QBSWEEP"),
                        help="qbsweep, to charge the same battery (default: the variable QBSWEEP)")
    options = parser.parse_args()
    with open(options.reference, encoding="utf-8") as file:
        battery = json.load(file)
    t_max = battery["rows"][-1][0]
    N = battery["N"]
    print(f"{battery['name']}: {battery['interaction']}, N = {N}, {battery['charger']} charger with m = "
          f"{battery['m']}, g = {battery['g']},\nkappa = {battery['kappa']}, gamma_down = "
          f"{battery['gamma_down']}, gamma_phi = {battery['gamma_phi']}; density matrix of "
          f"{2 ** N} x {battery['fock_dim']} states, t from 0 to {t_max:g}")

    battery_state, counting = evolve(battery, t_max), Counting(battery)
    found = maxima(battery_state, counting, t_max)
    engine = engine_maxima(options.program, battery, t_max) if options.program else None
    print_maxima(found, engine)
    print(f"  the paper's bound on the locked energy, 2N/(N+2) omega_0 (Eq. (9)): "
          f"{2.0 * N / (N + 2) * battery['omega_0']:.7f}")
    print_blocks(battery_state(found["global"].tau), counting, found["global"].tau)

    apart = list(differences_from_reference(battery, battery_state, counting))
    print(f"\nLargest difference from {len(battery['rows'])} rows of the reference: "
          f"E_B {apart[0]:.1e}, global ergotropy {apart[1]:.1e}")
    taus_agree = True
    if engine:
        apart += [abs(found[name].ergotropy - engine[name].ergotropy) for name in DEFINITIONS]
        taus_agree = all(abs(found[name].tau - engine[name].tau) < TOLERANCE_OF_TAU for name in DEFINITIONS)
        print(f"Largest difference of an ergotropy from the engine's: {max(apart[2:]):.1e}")
    agree = max(apart) < TOLERANCE and taus_agree
    print(f"{'Agrees' if agree else 'DOES NOT AGREE'} within {TOLERANCE:g}.")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
