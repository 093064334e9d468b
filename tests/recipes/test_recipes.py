"""The recipes of CONTRIBUTING.md, executed: a dissipator, a term of H and an observable that the program does not have
are added to a copy of the source as the recipes say, the copy is built, and its numbers are held against the 2^N space
on every path. A path that cannot compute with them refuses; none ignores them."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

SOURCE_DIR = os.environ["QBSWEEP_SOURCE_DIR"]
sys.path.insert(0, SOURCE_DIR)

from plots import brute_force  # noqa: E402  (found by the path above)

COPIED = ["src", "include", "cmake", "CMakeLists.txt", "inputs", "jobs"]
BATTERY = {"interaction": "dicke", "coupling_scaling": "sqrt_n", "N": 2, "g": 0.5, "omega_0": 1.0, "omega_c": 1.0,
           "kappa": 0.1, "gamma_down": 0.1, "gamma_phi": 0.1, "m": 1.0, "charger": "coherent", "fock_dim": 6}
T_MAX, SAMPLES = 4.0, 5
PATHS = {"default": [], "assembled": ["--operator", "assembled"], "ts": ["--propagator", "ts"],
         "ts on the matrix": ["--propagator", "ts", "--operator", "assembled"]}


def recipes():
    """The changes that CONTRIBUTING.md gives, in its order."""
    with open(os.path.join(SOURCE_DIR, "CONTRIBUTING.md"), encoding="utf-8") as file:
        return re.findall(r"^```diff\n(.*?)^```$", file.read(), re.MULTILINE | re.DOTALL)


def build(folder):
    """The program with all recipes applied, as fast as it compiles."""
    for name in COPIED:
        path = os.path.join(SOURCE_DIR, name)
        copy = shutil.copytree if os.path.isdir(path) else shutil.copy
        copy(path, os.path.join(folder, name))
    for change in recipes():
        subprocess.run(["git", "apply", "-"], input=change, text=True, cwd=folder, check=True)
    output = os.path.join(folder, "build")
    subprocess.run(["cmake", "-S", folder, "-B", output, "-G", "Ninja", "-D", "CMAKE_BUILD_TYPE=Debug",
                    "-D", "CMAKE_CXX_FLAGS_DEBUG=-O0", "-D", "QBSWEEP_TESTS=OFF", "--log-level=ERROR"],
                   check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", output, "--target", "qbsweep"], check=True, stdout=subprocess.DEVNULL)
    return os.path.join(output, "src", "qbsweep")


class FullSpace:
    """The battery with what the recipes add, every atom a factor of the space."""

    def __init__(self, battery):
        self.battery = battery
        N, fock_dim = battery["N"], battery["fock_dim"]
        self.H, self.jumps = brute_force.hamiltonian_and_jumps(battery)
        self.photons = np.kron(np.eye(2 ** N), np.diag(np.arange(fock_dim)))
        excited = np.kron(np.diag(brute_force.Spins(N).excitations()), np.eye(fock_dim))
        self.H = self.H + battery.get("chi", 0.0) * excited @ self.photons
        self.jumps = self.jumps + [np.sqrt(battery.get("kappa_phi", 0.0)) * self.photons]
        self.counting = brute_force.Counting(battery)

    def rate(self, rho):
        flow = -1j * (self.H @ rho - rho @ self.H)
        for jump in self.jumps:
            square = jump.T @ jump
            flow = flow + jump @ rho @ jump.T - (square @ rho + rho @ square) / 2
        return flow

    def evolved(self, rho, duration):
        """By Taylor series, to rounding."""
        for _ in range(steps := max(1, round(duration / 0.1))):
            term = rho
            for k in range(1, 40):
                term = self.rate(term) * (duration / steps / k)
                rho = rho + term
        return rho

    def numbers(self, rho):
        """What an archive has of the state."""
        N, fock_dim = self.battery["N"], self.battery["fock_dim"]
        rho_B = np.einsum("anbn->ab", rho.reshape(2 ** N, fock_dim, 2 ** N, fock_dim))
        populations = np.real(np.diag(rho))
        photons = np.real(np.diag(self.photons))
        return {"battery_energy": self.counting.energy(rho_B),
                "ergotropy": self.counting.ergotropies(rho_B)["global"],
                "photon_number": populations @ photons,
                "total_energy": np.real(np.trace(self.H @ rho)),
                "photon_parity": populations @ (-1.0) ** photons}

    def samples(self):
        rho = brute_force.start_state(self.battery)
        all_numbers = [self.numbers(rho)]
        for _ in range(SAMPLES - 1):
            rho = self.evolved(rho, T_MAX / (SAMPLES - 1))
            all_numbers.append(self.numbers(rho))
        return {name: np.array([numbers[name] for numbers in all_numbers]) for name in all_numbers[0]}


class Recipes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="qbsweep-recipes-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.program = build(cls.folder)

    def sweep_file(self, battery, sections):
        lines = ["name: recipe", "parameters:"] + [f"  {name}: {value}" for name, value in battery.items()]
        path = os.path.join(self.folder, "recipe.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines + ["observables: [photon_parity]"] + sections) + "\n")
        return path

    def run_program(self, *arguments):
        return subprocess.run([self.program, *arguments], capture_output=True, text=True, cwd=self.folder, timeout=600)

    def archive_of(self, battery, sections, *options):
        out = os.path.join(self.folder, "recipe.h5")
        if os.path.exists(out):
            os.remove(out)
        result = self.run_program("run", self.sweep_file(battery, sections), "-o", out, *options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return out

    def charged(self, battery, *options):
        section = f"charging: {{t_max: {T_MAX}, samples: {SAMPLES}, tolerance: 1e-9}}"
        with h5py.File(self.archive_of(battery, [section], *options)) as archive:
            numbers = {name: archive[name][...] for name in
                       ("battery_energy", "photon_number", "total_energy", "photon_parity")}
            numbers["ergotropy"] = archive["ergotropy"][0]
            self.assertEqual(archive["photon_parity_at_tau"].shape, (3,))
        return numbers

    def assert_same(self, found, expected):
        for name, numbers in expected.items():
            np.testing.assert_allclose(found[name], numbers, atol=1e-7, err_msg=name)

    def expect_term(self, name, value, word):
        """The numbers change with the term, and are those of the 2^N space wherever there are any."""
        with_term = dict(BATTERY, **{name: value})
        expected = FullSpace(with_term).samples()
        without = FullSpace(BATTERY).samples()
        self.assertGreater(np.abs(expected["ergotropy"] - without["ergotropy"]).max(), 1e-3)
        for path, options in PATHS.items():
            with self.subTest(path=path):
                self.assert_same(self.charged(with_term, *options), expected)
        with self.subTest(path="Tavis-Cummings"):
            rotating = dict(with_term, interaction="tavis_cummings")
            self.assert_same(self.charged(rotating), FullSpace(rotating).samples())
        self.expect_steady_state(with_term, word)

    def expect_steady_state(self, battery, word):
        full = FullSpace(battery)
        expected = full.numbers(full.evolved(brute_force.start_state(battery), 250.0))
        for method in ("auto", "shift_invert"):
            with self.subTest(method=method):
                with h5py.File(self.archive_of(battery, [f"steady_state: {{method: {method}}}"])) as archive:
                    for name in ("battery_energy", "photon_number", "total_energy", "photon_parity"):
                        self.assertAlmostEqual(archive["steady_" + name][()], expected[name], delta=1e-6)
        for method in ("gmres", "propagator"):
            with self.subTest(method=method):
                result = self.run_program("validate", self.sweep_file(battery, [f"steady_state: {{method: {method}}}"]))
                self.assertNotEqual(result.returncode, 0)
                self.assertIn(word, result.stderr)

    def test_each_changes_three_files_at_most(self):
        self.assertEqual([change.count("\n+++ ") for change in recipes()], [3, 3, 1])

    def test_a_dissipator_is_computed_with_or_refused(self):
        self.expect_term("kappa_phi", 0.3, "cavity dephasing")

    def test_a_term_of_H_is_computed_with_or_refused(self):
        self.expect_term("chi", 0.4, "dispersive shift")

    def test_a_ground_state_does_not_carry_the_term(self):
        section = f"charging: {{t_max: {T_MAX}}}"
        result = self.run_program("validate", self.sweep_file(dict(BATTERY, chi=0.4, initial_state="ground_state"), [section]))
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("dispersive shift", result.stderr)

    def test_an_observable_is_seen_by_every_kernel(self):
        quiet = {"kappa": 0.0, "gamma_down": 0.0, "gamma_phi": 0.0}
        for title, battery in {"parity sectors": BATTERY,
                               "excitation sectors": dict(BATTERY, interaction="tavis_cummings"),
                               "the state vector": dict(BATTERY, **quiet)}.items():
            for path, options in PATHS.items():
                with self.subTest(battery=title, path=path):
                    self.assert_same(self.charged(battery, *options), FullSpace(battery).samples())

    def test_the_plan_says_that_the_matrix_is_taken(self):
        section = [f"charging: {{t_max: {T_MAX}}}"]
        plain = self.run_program("plan", self.sweep_file(BATTERY, section)).stdout
        with_term = self.run_program("plan", self.sweep_file(dict(BATTERY, chi=0.4), section)).stdout
        self.assertNotIn("assembled", plain)
        self.assertIn("assembled", with_term)


if __name__ == "__main__":
    unittest.main()
