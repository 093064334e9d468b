"""The limit N -> infinity of a charging run: every spin sees the same classical field.

With the coupling g/sqrt(N) and m proportional to N the cavity's amplitude is sqrt(N) a with a number a, and
the correlations between the spins vanish as 1/N: the battery is in the state of N equal, independent spins.
What is left are the equations of Maxwell and Bloch for a, the excited population p and the coherence
s = <sigma_-> of one spin (hbar = 1; paper, Eqs. (1) to (3), with <J_-> = N s):

    da/dt = -(i omega_c + kappa/2) a - i g S
    dp/dt = -gamma_down p - 2 g Im(A* s)
    ds/dt = -(i omega_0 + gamma_down/2 + 2 gamma_phi) s - i g A (1 - 2 p)

    Tavis-Cummings    A = a             S = s
    Dicke             A = a + a*        S = s + s*

The pure dephasing rate of s is 2 gamma_phi because sigma_z is the Pauli matrix. All energies below are per spin.

    python3 -m plots.mean_field

prints the charging run at half the critical coupling with the noise sets of the paper's Fig. 4."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import minimize_scalar

# Of the integration; the numbers below are good to about ten times as much.
TOLERANCE = 1e-10
# Times at which the maximum is looked for first, and phases of the field that stand for all of them.
TIMES = 2001
PHASES = 64

# Rates of the paper's Fig. 4.
NOISE = {"cavity": {"kappa": 0.15},
         "cavity+dephasing": {"kappa": 0.15, "gamma_phi": 0.1},
         "all": {"kappa": 0.15, "gamma_phi": 0.1, "gamma_down": 0.1}}


@dataclass(frozen=True)
class Battery:
    """A battery of infinitely many spins that starts in its ground state, under the names of a sweep file."""
    interaction: str = "tavis_cummings"
    g: float = 0.5
    kappa: float = 0.0
    gamma_down: float = 0.0
    gamma_phi: float = 0.0
    m_per_n: float = 1.0
    omega_0: float = 1.0
    omega_c: float = 1.0
    charger: str = "coherent"

    def window(self):
        """The end of the default charging window, g' sqrt(N) t_max = 5."""
        return 5.0 / self.g

    def phases(self):
        """Phases of the field at t = 0 that the battery's state is a mixture of.

        A coherent state with real alpha has the phase 0. A Fock state has none: for all that is measured on
        the battery it is a mixture over all phases. For Tavis-Cummings they only turn the spins about z,
        which changes no energy; for Dicke phases that differ by pi do the same."""
        if self.charger == "fock" and self.interaction == "dicke":
            return np.arange(PHASES) * np.pi / PHASES
        return np.zeros(1)


@dataclass(frozen=True)
class Charge:
    """Figures of merit per spin at a time tau; energies in the unit in which
    omega_0 is given."""
    tau: float
    battery_energy: float
    ergotropy: float
    quench_energy: float

    @property
    def locked_energy(self):
        """E_B - ergotropy, what the `global` and `permutation_invariant` locked energies over N tend to."""
        return self.battery_energy - self.ergotropy


def field_on_a_spin(battery, a):
    """A, where a spin's interaction is g (A sigma_+ + A* sigma_-)."""
    return a if battery.interaction == "tavis_cummings" else 2.0 * np.real(a)


def field_of_a_spin(battery, s):
    """S, where the field's source is -i g S."""
    return s if battery.interaction == "tavis_cummings" else 2.0 * np.real(s)


def rates(battery, state):
    """Time derivatives of (a, p, s), each an array over the phases."""
    a, p, s = state
    A = field_on_a_spin(battery, a)
    g = battery.g
    decay_of_s = 0.5 * battery.gamma_down + 2.0 * battery.gamma_phi
    return np.array([
        -(1j * battery.omega_c + 0.5 * battery.kappa) * a - 1j * g * field_of_a_spin(battery, s),
        -battery.gamma_down * p - 2.0 * g * np.imag(np.conj(A) * s),
        -(1j * battery.omega_0 + decay_of_s) * s - 1j * g * A * (1.0 - 2.0 * p)])


def evolve(battery, t_max=None):
    """Integrates the charging run over [0, t_max]; returns a function that gives a, p and s at a time, each an
    array over the phases of the field."""
    phases = battery.phases()
    start = np.zeros((3, phases.size), dtype=complex)
    start[0] = np.sqrt(battery.m_per_n) * np.exp(1j * phases)
    solution = solve_ivp(lambda _, y: rates(battery, y.reshape(start.shape)).ravel(),
                         (0.0, t_max or battery.window()), start.ravel(), method="DOP853",
                         rtol=TOLERANCE, atol=TOLERANCE, dense_output=True)
    if not solution.success:
        raise RuntimeError(solution.message)

    def state(t):
        a, p, s = solution.sol(t).reshape(start.shape)
        return a, np.real(p), s

    return state


def battery_energy(battery, state):
    """E_B per spin (paper, section III), a mean over the phases."""
    _, p, _ = state
    return battery.omega_0 * np.mean(p)


def passive_energy(battery, state):
    """Energy per spin of the passive state (paper, Eq. (4)).

    N spins in the state of one with the eigenvalues q <= 1/2 and 1 - q have the eigenvalues
    q^k (1 - q)^(N-k), C(N, k)-fold, which fill the level k omega_0: N q omega_0. In a mixture over
    phases, states of many spins are all but orthogonal and their eigenvalues differ exponentially in N, so
    every one keeps the passive energy of its own."""
    _, p, s = state
    bloch_length = np.sqrt((1.0 - 2.0 * p) ** 2 + 4.0 * np.abs(s) ** 2)
    return battery.omega_0 * np.mean(0.5 * (1.0 - bloch_length))


def ergotropy(battery, state):
    """Ergotropy per spin."""
    return battery_energy(battery, state) - passive_energy(battery, state)


def quench_energy(battery, state):
    """-<H_I> per spin (paper, Eq. (5))."""
    a, _, s = state
    return -2.0 * battery.g * np.mean(np.real(np.conj(field_on_a_spin(battery, a)) * s))


def charge_at(battery, state, t):
    """The figures of merit at time t of what `evolve` returned."""
    return Charge(t, battery_energy(battery, state(t)), ergotropy(battery, state(t)),
                  quench_energy(battery, state(t)))


def charge(battery, t_max=None):
    """The charging run at the time of the largest ergotropy in [0, t_max]."""
    state = evolve(battery, t_max)
    times = np.linspace(0.0, t_max or battery.window(), TIMES)
    best = int(np.argmax([ergotropy(battery, state(t)) for t in times]))
    bounds = times[max(best - 1, 0)], times[min(best + 1, TIMES - 1)]
    tau = minimize_scalar(lambda t: -ergotropy(battery, state(t)), bounds=bounds, method="bounded",
                          options={"xatol": 1e-10}).x
    return charge_at(battery, state, tau)


def main():
    """Prints the limits that docs/three-ergotropies.md quotes."""
    print("interaction     charger   noise             tau       E_B / N   ergotropy / N  locked / N"
          "   (omega_0 = omega_c = 1)")
    for interaction, g in ("tavis_cummings", 0.5), ("dicke", 0.25):
        for charger in "coherent", "fock":
            for name, noise in NOISE.items():
                battery = replace(Battery(interaction, g, charger=charger), **noise)
                limit = charge(battery)
                print(f"{interaction:15} {charger:9} {name:17} {limit.tau:.5f}   {limit.battery_energy:.6f}  "
                      f"{limit.ergotropy:.6f}       {limit.locked_energy:.6f}")


if __name__ == "__main__":
    main()
