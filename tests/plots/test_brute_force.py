"""plots/brute_force.py against the numbers of tests/reference, against closed forms, and against the engine."""

import glob
import json
import math
import os
import sys
import unittest

import numpy as np

sys.path.insert(0, os.path.abspath(os.environ["QBSWEEP_SOURCE_DIR"]))

from plots import brute_force  # noqa: E402: the checkout is on the path only now

REFERENCES = os.path.join(brute_force.ROOT, "tests", "reference")


def reference(name):
    """The content of a file of tests/reference."""
    with open(os.path.join(REFERENCES, name), encoding="utf-8") as file:
        return json.load(file)


class Blocks(unittest.TestCase):
    def test_bases_of_all_blocks_are_one_orthonormal_basis(self):
        for N in 1, 2, 3, 4, 5:
            bases = brute_force.Spins(N).blocks()
            vectors = np.concatenate([basis.reshape(-1, 2 ** N) for basis in bases])
            np.testing.assert_allclose(vectors @ vectors.T, np.eye(2 ** N), atol=1e-13)

    def test_numbers_of_copies(self):
        copies = [len(basis) for basis in brute_force.Spins(6).blocks()]
        self.assertEqual(copies, [1, 5, 9, 5])

    def test_blocks_of_a_permutation_invariant_state_hold_its_spectrum(self):
        battery = dict(reference("brute_tc_n3_bare_decay.json"), gamma_phi=0.1)
        counting = brute_force.Counting(battery)
        rho_B = brute_force.evolve(battery, 3.0)(3.0)
        from_blocks = np.concatenate([
            np.repeat(np.linalg.eigvalsh(block) / len(basis), len(basis))
            for block, basis in zip(counting.blocks(rho_B), counting.bases)])
        np.testing.assert_allclose(np.sort(from_blocks), np.linalg.eigvalsh(rho_B), atol=1e-9)


class Ergotropies(unittest.TestCase):
    battery = {"N": 4, "omega_0": 1.0}

    def energies(self, rho_B):
        counting = brute_force.Counting(self.battery)
        return counting.energy(rho_B), counting.ergotropies(rho_B)

    def test_all_spins_up_give_everything(self):
        energy, ergotropies = self.energies(np.diag(np.eye(16)[15]))
        self.assertAlmostEqual(energy, 4.0)
        for name in brute_force.DEFINITIONS:
            self.assertAlmostEqual(ergotropies[name], 4.0, msg=name)

    def test_of_the_mixture_of_everything_only_the_blocks_counted_once_promise_something(self):
        energy, ergotropies = self.energies(np.eye(16) / 16.0)
        self.assertAlmostEqual(energy, 2.0)
        self.assertAlmostEqual(ergotropies["global"], 0.0)
        self.assertAlmostEqual(ergotropies["permutation_invariant"], 0.0)
        # Traces of one vector: j = 2 has 5 of 1/16, j = 1 has 3 of 3/16, j = 0 has 1 of 2/16. In descending
        # order 3/16 fills levels 0, 1, 1, then 2/16 and a 1/16 level 1, the last four level 2.
        self.assertAlmostEqual(ergotropies["dicke_subspace"], 2.0 - (3 + 3 + 2 + 1 + 2 * 4) / 16.0)


class AgainstTheReferences(unittest.TestCase):
    def test_rows(self):
        for path in glob.glob(os.path.join(REFERENCES, "brute_*.json")):
            battery = reference(os.path.basename(path))
            state = brute_force.evolve(battery, battery["rows"][-1][0])
            apart = brute_force.differences_from_reference(battery, state, brute_force.Counting(battery))
            self.assertLess(max(apart), 1e-8, battery["name"])

    def test_a_coherent_start_is_normalised(self):
        battery = reference("brute_dicke_n2_coherent.json")
        self.assertAlmostEqual(np.trace(brute_force.start_state(battery)).real, 1.0)


class AgainstTheEngine(unittest.TestCase):
    def test_maxima_of_all_definitions(self):
        for name in "brute_tc_n4_strong_dephasing.json", "brute_dicke_n3_coherent.json":
            battery = reference(name)
            t_max = battery["rows"][-1][0]
            counting = brute_force.Counting(battery)
            found = brute_force.maxima(brute_force.evolve(battery, t_max), counting, t_max)
            engine = brute_force.engine_maxima(os.environ["QBSWEEP"], battery, t_max)
            for definition in brute_force.DEFINITIONS:
                mine, its = found[definition], engine[definition]
                self.assertLess(abs(mine.ergotropy - its.ergotropy), brute_force.TOLERANCE, definition)
                self.assertLess(abs(mine.tau - its.tau), brute_force.TOLERANCE_OF_TAU, definition)

    def test_local_noise_breaks_the_bound_of_the_paper(self):
        battery = reference("brute_tc_n4_strong_dephasing.json")
        found = brute_force.maxima(brute_force.evolve(battery, 12.0), brute_force.Counting(battery), 12.0)
        bound = 2.0 * 4 / (4 + 2)
        self.assertGreater(found["global"].locked_energy, bound)
        self.assertGreater(found["permutation_invariant"].locked_energy, bound)
        self.assertLess(found["dicke_subspace"].locked_energy, bound)

    def test_one_spin_and_one_photon_swap(self):
        """N = 1 without noise: E_B = sin^2(g t), all of it ergotropy at its maximum (tests/reference)."""
        battery = dict(reference("brute_tc_n4_strong_dephasing.json"), N=1, m=1, fock_dim=2, gamma_phi=0.0)
        found = brute_force.maxima(brute_force.evolve(battery, 5.0), brute_force.Counting(battery), 5.0)
        for name in brute_force.DEFINITIONS:
            self.assertAlmostEqual(found[name].tau, math.pi / (2.0 * battery["g"]), delta=1e-5)
            self.assertAlmostEqual(found[name].ergotropy, 1.0, delta=1e-8)


if __name__ == "__main__":
    unittest.main()
