"""plots/mean_field.py against what is known in closed form, against the master equation of one spin, and
against the engine's numbers for growing N."""

import json
import math
import os
import subprocess
import sys
import tempfile
import unittest

import numpy as np
from scipy.integrate import solve_ivp

sys.path.insert(0, os.path.abspath(os.environ["QBSWEEP_SOURCE_DIR"]))

from plots import mean_field  # noqa: E402: the checkout is on the path only now
from plots.archive import open_archive  # noqa: E402
from plots.mean_field import Battery  # noqa: E402

ALL_NOISE = mean_field.NOISE["all"]


def spin_in_a_given_field(battery, field, t):
    """p and s = <sigma_-> at t by the master equation of one spin with H = omega_0 n + g (A sigma_+ + A* sigma_-),
    A = field(t); basis (down, up)."""
    raising, z = np.array([[0, 0], [1, 0]]), np.diag([-1, 1])
    jumps = (math.sqrt(battery.gamma_down) * raising.T, math.sqrt(battery.gamma_phi) * z)

    def rate(t, y):
        rho = y.reshape(2, 2)
        coupling = battery.g * field(t) * raising
        H = battery.omega_0 * np.diag([0, 1]) + coupling + coupling.conj().T
        flow = -1j * (H @ rho - rho @ H)
        for L in jumps:
            flow += L @ rho @ L.T - 0.5 * (L.T @ L @ rho + rho @ L.T @ L)
        return flow.ravel()

    end = solve_ivp(rate, (0.0, t), np.array([1, 0, 0, 0], dtype=complex), rtol=1e-10, atol=1e-12).y[:, -1]
    rho = end.reshape(2, 2)
    return rho[1, 1].real, np.trace(raising.T @ rho)


class WithoutNoise(unittest.TestCase):
    def test_photons_and_excitations_are_conserved(self):
        state = mean_field.evolve(Battery(g=0.7, m_per_n=1.3, omega_0=1.1))
        for t in np.linspace(0.0, 7.0, 15):
            a, p, _ = state(t)
            self.assertAlmostEqual(float(np.abs(a[0]) ** 2 + p[0]), 1.3, delta=1e-8)

    def test_the_energy_is_conserved(self):
        for interaction in "tavis_cummings", "dicke":
            battery = Battery(interaction, 0.4, m_per_n=1.3, omega_0=1.1, omega_c=0.8)
            evolved = mean_field.evolve(battery)
            for t in np.linspace(0.0, 12.0, 7):
                state = evolved(t)
                energy = (mean_field.battery_energy(battery, state) - mean_field.quench_energy(battery, state)
                          + battery.omega_c * float(np.abs(state[0][0]) ** 2))
                self.assertAlmostEqual(energy, 0.8 * 1.3, delta=1e-8, msg=interaction)

    def test_as_many_photons_as_spins_are_a_pendulum_on_its_way_to_the_top(self):
        """m = N on resonance is the separatrix: p = tanh^2(g t)."""
        state = mean_field.evolve(Battery(g=0.5))
        for t in 0.5, 2.0, 5.0, 10.0:
            self.assertAlmostEqual(state(t)[1][0], math.tanh(0.5 * t) ** 2, delta=1e-7)

    def test_a_strong_field_drives_rabi_oscillations(self):
        state = mean_field.evolve(Battery(g=1e-4, m_per_n=1e8), t_max=6.0)
        for t in 1.0, 3.0, 6.0:
            self.assertAlmostEqual(state(t)[1][0], math.sin(t) ** 2, delta=1e-6)

    def test_nothing_is_locked_without_local_noise(self):
        for interaction in "tavis_cummings", "dicke":
            for charger in "coherent", "fock":
                limit = mean_field.charge(Battery(interaction, 0.25, kappa=0.15, charger=charger))
                self.assertGreater(limit.ergotropy, 0.5)
                self.assertAlmostEqual(limit.locked_energy, 0.0, delta=1e-7)


class OneSpin(unittest.TestCase):
    def test_noise_on_a_spin_in_a_strong_field_is_that_of_the_master_equation(self):
        g, t = 1e-4, 3.0
        for interaction in "tavis_cummings", "dicke":
            battery = Battery(interaction, g, kappa=0.2, gamma_down=0.13, gamma_phi=0.21, m_per_n=1e8,
                              omega_0=1.2, omega_c=0.9)

            def field(time, interaction=interaction):
                a = 1e4 * np.exp(-(0.9j + 0.1) * time)
                return a if interaction == "tavis_cummings" else a + np.conj(a)

            p, s = spin_in_a_given_field(battery, field, t)
            _, mine, coherence = mean_field.evolve(battery, t)(t)
            self.assertAlmostEqual(mine[0], p, delta=1e-6)
            self.assertAlmostEqual(coherence[0], s, delta=1e-6)

    def test_the_tavis_cummings_energies_do_not_know_the_phase(self):
        coherent, fock = (mean_field.charge(Battery(charger=charger, **ALL_NOISE))
                          for charger in ("coherent", "fock"))
        self.assertEqual(coherent, fock)

    def test_more_phases_change_nothing(self):
        battery = Battery("dicke", 0.25, charger="fock", **ALL_NOISE)
        few = mean_field.charge(battery)
        self.addCleanup(setattr, mean_field, "PHASES", mean_field.PHASES)
        mean_field.PHASES *= 2
        self.assertAlmostEqual(few.ergotropy, mean_field.charge(battery).ergotropy, delta=1e-9)


class ManySpins(unittest.TestCase):
    """The engine at N = 8 and 16, at a fixed time: twice the second less the first number cancels 1/N."""

    TIME = 2.7

    def without_the_first_correction(self, interaction, charger):
        """E_B and passive energy (definition `global`), both per spin."""
        with tempfile.TemporaryDirectory(prefix="qbsweep-test-") as folder:
            sweep, archive = (os.path.join(folder, name) for name in ("limit.yaml", "limit.h5"))
            with open(sweep, "w", encoding="utf-8") as file:
                json.dump({"name": "limit", "description": "towards many spins",
                           "parameters": {"interaction": interaction, "charger": charger, "g_over_gc": 0.5,
                                          "m_per_n": 1, "fock_dim": "auto", **ALL_NOISE},
                           "axes": [{"name": "N", "values": [8, 16]}],
                           "charging": {"t_max": self.TIME, "samples": 2, "tolerance": 1e-6}}, file)
            subprocess.run([os.environ["QBSWEEP"], "run", sweep, "-o", archive], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            points = open_archive(archive).isel(sample=-1)
        energy = points.battery_energy / points.N
        passive = energy - points.ergotropy.sel(ergotropy_definition="global") / points.N
        return [float(2 * value[1] - value[0]) for value in (energy, passive)]

    def limit(self, interaction, charger):
        g = 0.5 if interaction == "tavis_cummings" else 0.25
        battery = Battery(interaction, g, charger=charger, **ALL_NOISE)
        state = mean_field.evolve(battery)(self.TIME)
        return mean_field.battery_energy(battery, state), mean_field.passive_energy(battery, state)

    def test_coherent_chargers_come_to_mean_field_as_1_over_N(self):
        for interaction in "tavis_cummings", "dicke":
            for mine, its in zip(self.limit(interaction, "coherent"),
                                 self.without_the_first_correction(interaction, "coherent")):
                self.assertAlmostEqual(mine, its, delta=6e-4, msg=interaction)

    def test_fock_chargers_come_to_the_mean_over_phases(self):
        for interaction in "tavis_cummings", "dicke":
            energy, passive = self.limit(interaction, "fock")
            its_energy, its_passive = self.without_the_first_correction(interaction, "fock")
            self.assertAlmostEqual(energy, its_energy, delta=2e-3, msg=interaction)
            # The entropy of the phase: of (ln N)/(2 N beta) twice the second less the first number leaves this,
            # and terms of higher order are up to a quarter of it at these N.
            of_phase = math.log(2.0) / (8.0 * 2.0 * math.log((1.0 - passive) / passive))
            self.assertAlmostEqual(passive + of_phase, its_passive, delta=0.008, msg=interaction)


if __name__ == "__main__":
    unittest.main()
