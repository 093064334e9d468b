"""What the commands do with good input: validate, plan, run, status, export, --set, and a run again."""

import csv
import glob
import io
import json
import os
import re
import shutil
import unittest
import zlib

import h5py
import numpy as np

import qbsweep_cli as cli
from archive_compare import differences

PENDING, DONE, FAILED = 0, 1, 2
SOME_POINTS_FAILED = 3

DEFINITIONS = ["global", "permutation_invariant", "dicke_subspace"]

# A plain axis of words, a zipped one whose labels need quotes in a CSV, and one of numbers.
GRID = """# a comment
name: grid
description: three axes
parameters:
  g: 0.25
  m: 1
  fock_dim: 5
axes:
  - {name: interaction, values: [dicke, tavis_cummings]}
  - name: noise
    labels: ["none, at all", 'all of "it"']
    values: {kappa: [0, 0.15], gamma_down: [0, 0.1]}
  - {name: N, values: [1, 2, 3]}
charging: {t_max: 2.0, samples: 3}
"""

# The same sweep: other comments, order of keys, spelling of numbers, description, name.
SAME_GRID = """
charging: {samples: 3, t_max: 2}
description: >
  the same in other words
axes:   # outermost first
  - values: [dicke, tavis_cummings]
    name: interaction
  - values: {gamma_down: [0.0, 1.0e-1], kappa: [0.0, 15e-2]}
    labels: ["none, at all", 'all of "it"']
    name: noise
  - name: N
    range: {from: 1, to: 3, step: 1}
parameters: {fock_dim: 5, m: 1.0, g: 0.250, omega_0: 1.0}
name: grid
"""

LINE = """
name: line
parameters: {interaction: dicke, g: 0.25, m: 1, fock_dim: 5}
axes:
  - {name: N, values: [1, 2, 3, 4]}
charging: {t_max: 2.0}
"""

# Both interactions, with and without each kind of noise, maxima within the window.
METHODS = """
name: methods
parameters: {g_over_gc: 1.0, m: 2, fock_dim: 7}
axes:
  - {name: interaction, values: [dicke, tavis_cummings]}
  - name: noise
    labels: [none, cavity, all]
    values: {kappa: [0, 0.15, 0.15], gamma_phi: [0, 0, 0.1], gamma_down: [0, 0, 0.1]}
  - {name: N, values: [1, 2]}
charging: {t_max: 6.0, samples: 4, tolerance: 1.0e-9}
"""
# What depends on the method by more than rounding and tolerance.
OF_THE_METHOD = {"trace_error_max", "fock_tail_max", "truncation_error", "wall_seconds", "operator_applications", "point_unknowns",
                 "reductions", "checksum"}  # the last is that of all bits

# A Dicke battery beyond the critical coupling, from both starts, and what both settle in.
STEADY = """
name: steady
parameters: {interaction: dicke, N: 2, g_over_gc: 2, m: 1, kappa: 0.15, gamma_down: 0.1, gamma_phi: 0.5}
axes:
  - {name: initial_state, values: [charged_cavity, ground_state]}
  - {name: fock_dim, values: [12, 16]}
charging: {t_max: 3.0, samples: 4}
steady_state: {gap: true}
"""

# The same without a charge: no photon number is needed, no window.
STEADY_ONLY = """
name: only
parameters: {N: 2, fock_dim: 8, kappa: 0.15, gamma_down: 0.1}
axes:
  - {name: interaction, values: [dicke, tavis_cummings]}
  - {name: g_over_gc, values: [0, 0.5, 1.5]}
steady_state: {}
"""

# The point g = 20 takes 184 steps of PETSc's integrator, the others up to 20.
ONE_FAST_POINT = """
name: uneven
parameters: {interaction: tavis_cummings, N: 1, charger: fock, m: 1, fock_dim: 3}
axes:
  - {name: g, values: [0.5, 20, 1]}
charging: {t_max: 2.0, tolerance: 1.0e-6}
"""
TS = ["--propagator", "ts"]
FEW_STEPS = [*TS, "--", "-ts_max_steps", "60"]


def unknowns(atoms, fock_dim):
    return (atoms + 1) * (atoms + 2) * (atoms + 3) // 6 * fock_dim ** 2


def attempts_checksum(point, attempts):
    """What an archive keeps of a point that was started and has no results."""
    numbers = [int(number).to_bytes(8, "little") for number in (point, attempts)]
    return zlib.crc32(numbers[0] + b"attempts" + numbers[1]) or 1


class CommandTestCase(cli.CliTestCase):
    def edit(self, archive, **numbers):
        """Writes numbers into the datasets of an archive: name=array. Points that are no longer done lose the
        checksum of their results; they have that of `attempts`."""
        with h5py.File(self.path(archive), "r+") as file:
            for name, values in numbers.items():
                file[name][...] = values
            if "status" in numbers:
                status, attempts = file["status"][()].ravel(), file["attempts"][()].ravel()
                sums = file["checksum"][()].ravel()
                for point in np.flatnonzero(status != DONE):
                    sums[point] = attempts_checksum(int(point), int(attempts[point]))
                file["checksum"][...] = sums.reshape(file["checksum"].shape)

    def make_pending(self, archive, number):
        """Leaves an archive as a run does that was stopped: the last points, `number` of them, pending."""
        with h5py.File(self.path(archive), "r+") as file:
            for name in "status", "attempts", "checksum":
                file[name][-number:] = 0
            file["wall_seconds"][-number:] = np.nan

    def failures(self, archive):
        with open(self.path(archive + ".failures.jsonl"), encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def check_run(self, code, last_line, *arguments):
        """Runs a sweep; returns what it printed on standard error."""
        result = self.run_program("run", *arguments)
        self.assertEqual((result.returncode, result.stdout), (code, ""), result.stderr)
        self.assertEqual(result.stderr.splitlines()[-1], f"qbsweep: {last_line}")
        return result.stderr


class Program(CommandTestCase):
    def test_version(self):
        self.assertRegex(self.succeed("--version"),
                         r"^qbsweep \d+\.\d+\.\d+ \(.+\), PETSc \d+\.\d+\.\d+, SLEPc \d+\.\d+\.\d+, HDF5 \d+\.\d+\.\d+\n$")

    def test_help(self):
        text = self.succeed("--help")
        for name in "run", "plan", "validate", "status", "merge", "export", "--version":
            self.assertRegex(text, rf"(?m)^  {name} ")
        text = self.succeed("run", "--help")
        self.assertRegex(text, r"--output[^~]*PETSc options follow --\. They concern --propagator ts only, "
                         r"as in: qbsweep run .* --propagator ts -- ")
        for text in text, self.succeed("plan", "--help"):
            self.assertRegex(text, r"(?m)^ +--operator TEXT:\{assembled,matrix_free\}")
            self.assertRegex(text, r"(?m)^ +--propagator TEXT:\{chebyshev,ts\}")


class ValidateAndPlan(CommandTestCase):
    def test_shipped_sweep_files_are_acceptable(self):
        inputs = sorted(glob.glob(os.path.join(cli.SOURCE_DIR, "inputs", "*.yaml")))
        self.assertTrue(inputs)
        for path in inputs:
            with self.subTest(path):
                self.assertRegex(self.succeed("validate", path), r": acceptable, \d+ points: ")

    def test_validate_counts_the_points(self):
        self.write("grid.yaml", GRID)
        self.assertEqual(self.succeed("validate", "grid.yaml"),
                         "grid.yaml: acceptable, 12 points: interaction 2 x noise 2 x N 3\n")
        self.assertEqual(self.succeed("validate", "grid.yaml", "--set", "N=2", "--set", "interaction=dicke"),
                         "grid.yaml: acceptable, 2 points: noise 2\n")

    def test_validate_refuses_what_run_would(self):
        self.write("line.yaml", LINE)
        self.succeed("run", "line.yaml", "-o", "out.h5", "--set", "N=[1, 2]", "--shard", "1/2")
        whole = self.read("out.h5")
        same = ["line.yaml", "-o", "out.h5", "--set", "N=[1, 2]", "--shard", "1/2"]
        for arguments in (same, [*same, "--operator", "assembled", "--time-limit", "1h", "--", "-ts_type", "rk"],
                          ["line.yaml", "-o", "new.h5"]):
            self.assertRegex(self.succeed("validate", *arguments), r"^line\.yaml: acceptable, \d points: N \d\n$")
        for arguments, in_vain in ((["line.yaml", "-o", "out.h5"], ""), (same[:-2], ""),
                                   ([*same, "--operator", "dense"], ""), ([*same, "--set", "m=2"], ""),
                                   (["line.yaml", "-o", "line.yaml"],
                                    "; nothing of it could be saved by this sweep file: move it away, or "
                                    "give another -o")):  # which only run tries
            refusals = [self.run_program(command, *arguments) for command in ("validate", "run")]
            self.assertEqual([refusal.returncode for refusal in refusals], [1, 1], arguments)
            self.assertEqual(refusals[0].stderr.replace("validate --help", "run --help").replace("\n", f"{in_vain}\n"),
                             refusals[1].stderr)
        self.assertEqual(self.read("out.h5"), whole)

    def test_plan_knows_the_unknowns(self):
        self.write("line.yaml", LINE)
        text = self.succeed("plan", "line.yaml", "--set", "gamma_down=0.1", "--set", "N=[1,3,8,15]")
        self.assertIn("line: 4 points: N 4\n", text)
        self.assertRegex(text, rf"(?m)^unknowns +{unknowns(1, 5)} to {unknowns(15, 5)}$")
        for atoms in 1, 3, 8, 15:
            self.assertRegex(text, rf"(?m) {unknowns(atoms, 5)} unknowns  N={atoms}$")
        self.assertRegex(text, r"(?m)^memory +up to \d.* for each rank, \d.* available here$")
        self.assertRegex(text, r"(?m)^time +about \d")

    def test_plan_counts_only_what_is_reached(self):
        self.write("line.yaml", LINE)
        text = self.succeed("plan", "line.yaml", "--set", "kappa=0.1", "--set", "m=2", "--set",
                            "fock_dim=paper")
        for atoms in 1, 2, 3, 4:
            self.assertRegex(text, rf"(?m) {((atoms + 1) * 9) ** 2} unknowns  N={atoms}$")

    def test_plan_takes_methods_and_automatic_levels(self):
        self.write("line.yaml", LINE)
        for options in cli.PLAIN_PATH, ["--set", "fock_dim=auto"], ["--set", "fock_dim=[paper,auto,9]"]:
            self.assertRegex(self.succeed("plan", "line.yaml", *options), r"(?m)^unknowns +\d+ to \d+$")

    def test_plan_names_points_that_will_be_refused(self):
        self.write("line.yaml", LINE)
        for fock_dim in "6", "auto":
            text = self.succeed("plan", "line.yaml", "--set", "charging.t_max=1e9", "--set", f"fock_dim={fock_dim}")
            self.assertRegex(text, r"(?m)^refused +4 of 4 points, as N=1: in the charging window t_max = "
                                   r"1000000000 the fastest motion turns through ")
            self.assertRegex(text, r"(?m)^time +about \d+\.\d s ")
        self.assertNotIn("refused", self.succeed("plan", "line.yaml"))

    def test_validate_looks_at_the_folder(self):
        self.write("line.yaml", LINE)
        self.succeed("validate", "line.yaml", "-o", "out.h5")
        result = self.run_program("validate", "line.yaml", "-o", "nowhere/out.h5")
        self.assertEqual((result.returncode, result.stderr),
                         (2, "qbsweep: error: cannot create nowhere/out.h5: folder nowhere: No such file or directory\n"))

    def test_nothing_is_computed_or_created(self):
        self.write("large.yaml", LINE)
        # It would take years.
        text = self.succeed("plan", "large.yaml", "--set", "N=[60,61]", "--set", "fock_dim=4000", "--set",
                            "gamma_phi=0.1")
        self.assertIn(f" {unknowns(61, 4000)}\n", text)
        self.succeed("validate", "large.yaml")
        self.assertEqual(os.listdir(self.folder), ["large.yaml"])


class Export(CommandTestCase):
    def setUp(self):
        super().setUp()
        self.write("grid.yaml", GRID)
        self.succeed("run", "grid.yaml")

    def rows(self, *options):
        return list(csv.DictReader(io.StringIO(self.succeed("export", "grid.h5", *options)), strict=True))

    def scalars(self):
        """Every column that the archive gives rise to, and its numbers at all points."""
        columns = {}
        with h5py.File(self.path("grid.h5"), "r") as file:
            for name, dataset in file.items():
                if dataset.ndim == 3 and name not in ("status", "checksum"):
                    columns[name] = dataset[()].ravel()
                elif dataset.ndim == 4 and dataset.dims[3][0].name == "/ergotropy_definition":
                    for k, definition in enumerate(DEFINITIONS):
                        columns[f"{name}_{definition}"] = dataset[..., k].ravel()
        return columns

    def test_columns(self):
        columns = self.scalars().keys()
        self.assertLess({"ergotropy_max_dicke_subspace", "tau_global", "tau_at_window_end_global",
                         "battery_energy_max", "point_g", "trace_error_max", "attempts"}, columns)
        header = list(self.rows()[0])
        self.assertEqual(header[:6], ["interaction", "noise", "kappa", "gamma_down", "N", "status"])
        self.assertCountEqual(header[6:], columns)

    def test_axes(self):
        self.assertEqual([(row["interaction"], row["noise"], row["kappa"], row["gamma_down"], row["N"])
                          for row in self.rows()],
                         [(interaction, *noise, atoms) for interaction in ("dicke", "tavis_cummings")
                          for noise in (("none, at all", "0", "0"), ('all of "it"', "0.15", "0.1"))
                          for atoms in "123"])

    def test_numbers_are_those_of_the_archive(self):
        rows = self.rows()
        self.assertEqual({row["status"] for row in rows}, {"done"})
        for name, numbers in self.scalars().items():
            np.testing.assert_array_equal([float(row[name]) for row in rows], numbers, err_msg=name)

    def test_formats(self):
        self.assertEqual(self.succeed("export", "grid.h5", "--format", "csv"),
                         self.succeed("export", "grid.h5"))
        header, *lines = self.succeed("export", "grid.h5", "--format", "table").splitlines()
        self.assertEqual(header.split()[:5],
                         ["interaction", "noise", "N", "status", "ergotropy_max_global"])
        self.assertEqual(len(lines), 12)
        # Aligned: every column begins where its title does.
        begins = [match.start() for match in re.finditer(r"\S+", header)]
        for line in lines:
            for begin in begins:
                self.assertRegex(line[begin - 2:begin + 1] if begin else line[0], r"^(  )?\S$")
        self.assertTrue(all("none, at all" in line or 'all of "it"' in line for line in lines))

    def test_points_without_numbers(self):
        with h5py.File(self.path("grid.h5"), "r") as file:
            energies = file["battery_energy_max"][()]
        energies[0, 0, :2] = np.nan
        self.edit("grid.h5", status=np.reshape([PENDING, FAILED] + 10 * [DONE], (2, 2, 3)),
                  battery_energy_max=energies)
        rows = self.rows()
        self.assertEqual([row["status"] for row in rows], ["pending", "failed"] + 10 * ["done"])
        self.assertEqual([row["battery_energy_max"] == "" for row in rows], 2 * [True] + 10 * [False])
        self.assertRegex(self.succeed("export", "grid.h5", "--format", "table"), r"1  pending .* - ")


class Status(CommandTestCase):
    def setUp(self):
        super().setUp()
        self.write("line.yaml", LINE)
        self.succeed("run", "line.yaml")

    def warnings(self, done):
        """The line on the few levels of the first points, a regular expression."""
        if done == 0:
            return ""
        errors = cli.contents(self.path("line.h5"))[0]["truncation_error"][:done]
        self.assertTrue(np.all(errors > 1e-8))
        worst = np.argmax(errors)
        return re.escape(f"warnings    truncation_error is above charging.tolerance (1e-08) at {done} of 4 points, "
                         f"the largest {errors[worst]:.2g} at N={worst + 1}: "
                         "fock_dim: auto or more levels keep it below\n")

    def test_complete(self):
        self.assertRegex(self.succeed("status", "line.h5"),
                         r"^line\.h5: 4 of 4 points done, 0 failed, 0 pending\n"
                         r"run         no run is writing it\n"
                         rf"time spent  \S+ s of one core\n{self.warnings(4)}$")

    def test_complete_without_warnings(self):
        self.succeed("run", "line.yaml", "-o", "enough.h5", "--set", "fock_dim=40")
        self.assertRegex(self.succeed("status", "enough.h5"),
                         r"^enough\.h5: 4 of 4 points done, 0 failed, 0 pending\n"
                         r"run         no run is writing it\n"
                         r"time spent  \S+ s of one core\n$")

    def test_partly_done(self):
        for pending in 1, 4:
            self.make_pending("line.h5", pending)
            self.assertRegex(self.succeed("status", "line.h5"),
                             rf"^line\.h5: {4 - pending} of 4 points done, 0 failed, {pending} pending\n"
                             r"run         no run is writing it\n"
                             r"time spent  \S+ s of one core\ntime left   about \S+ s of one core\n"
                             rf"{self.warnings(4 - pending)}$")

    def test_failed(self):
        self.edit("line.h5", status=[DONE, FAILED, PENDING, FAILED])
        text = self.succeed("status", "line.h5")
        self.assertIn("line.h5: 1 of 4 points done, 2 failed, 1 pending\n", text)
        self.assertIn("failures    line.h5.failures.jsonl says why; run the sweep again to retry them\n",
                      text)

    def test_does_not_touch_the_archive(self):
        before = self.read("line.h5")
        self.succeed("status", "line.h5")
        self.succeed("export", "line.h5")
        self.assertEqual(self.read("line.h5"), before)
        self.assertEqual(sorted(os.listdir(self.folder)), ["line.h5", "line.yaml"])


class Run(CommandTestCase):
    def test_default_name(self):
        os.mkdir(self.path("inputs"))
        self.write("inputs/anything.yaml", LINE)
        self.check_run(0, "line.h5: complete", "inputs/anything.yaml")
        self.assertEqual(sorted(os.listdir(self.folder)), ["inputs", "line.h5"])
        self.assertEqual(os.listdir(self.path("inputs")), ["anything.yaml"])
        self.check_run(0, "other.h5: complete", "inputs/anything.yaml", "--set", "name=other")

    def test_without_axes(self):
        self.write("line.yaml", LINE)
        self.check_run(0, "line.h5: complete", "line.yaml", "--set", "N=2")
        header, row = self.succeed("export", "line.h5").splitlines()
        self.assertTrue(header.startswith("status,ergotropy_max_global,"))
        self.assertTrue(row.startswith("done,"))

    def test_again(self):
        self.write("line.yaml", LINE)
        self.assertIn("line.h5: 4 of 4 points to compute on 1 rank\n",
                      self.check_run(0, "line.h5: complete", "line.yaml"))
        os.rename(self.path("line.h5"), self.path("first.h5"))
        self.succeed("run", "line.yaml")
        before = self.read("line.h5")
        self.assertIn("line.h5: 0 of 4 points to compute on 1 rank\n",
                      self.check_run(0, "line.h5: complete", "line.yaml"))
        self.assertEqual(self.read("line.h5"), before)
        self.make_pending("line.h5", 3)
        self.assertIn("line.h5: 3 of 4 points to compute on 1 rank\n",
                      self.check_run(0, "line.h5: complete", "line.yaml"))
        self.assertEqual(differences(self.path("first.h5"), self.path("line.h5")), [])

    def test_same_sweep_in_other_words(self):
        self.write("grid.yaml", GRID)
        self.write("same.yaml", SAME_GRID)
        self.succeed("run", "grid.yaml")
        self.assertIn("grid.h5: 0 of 12 points to compute",
                      self.check_run(0, "grid.h5: complete", "same.yaml"))
        self.assertEqual(cli.contents(self.path("grid.h5"))[1]["sweep_file"], GRID)

    def make_format_3(self, archive, sweep_file):
        """Makes an archive one of the format before checksums; its sweep file takes the place of an equal one."""
        with h5py.File(self.path(archive), "r+") as file:
            for name in "sweep_checksum", "metadata_checksum":
                del file.attrs[name]
            since_4 = [name for name in file if re.fullmatch("checksum|tau_.+_max_at_window_end", name)]
            self.assertEqual(len(since_4), 4)
            for name in since_4:
                del file[name]
            file.attrs["sweep_file"] = sweep_file
            file.attrs.modify("format_version", np.int32(3))

    def test_axis_values_of_an_older_archive_stay(self):
        """Older programs stored linspace with its rounding errors: the sweep file means those values there."""
        text = LINE.replace("N, values: [1, 2, 3, 4]", "kappa, linspace: {from: 0, to: 0.15, count: 5}")
        text = text.replace("{interaction", "{N: 1, interaction")
        self.write("line.yaml", text)
        self.write("then.yaml", text.replace("linspace: {from: 0, to: 0.15, count: 5}",
                                             "values: [0, 0.0375, 0.075, 0.11249999999999999, 0.15]"))
        self.succeed("run", "then.yaml")
        shutil.copy(self.path("line.h5"), self.path("whole.h5"))
        self.make_pending("line.h5", 3)
        for name in "line.h5", "whole.h5":
            self.make_format_3(name, text)
        result = self.run_program("run", "line.yaml", ranks=2)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("line.h5: 3 of 5 points to compute", result.stderr)
        self.assertEqual(differences(self.path("whole.h5"), self.path("line.h5")), [])
        self.assertTrue(np.all(cli.status_of(self.path("line.h5")) == DONE))
        self.assertIn("0.11249999999999999,done,", self.succeed("export", "line.h5"))
        self.succeed("run", "line.yaml", "-o", "new.h5")
        self.assertIn("\n0.1125,done,", self.succeed("export", "new.h5"))

    def test_sweep_file_from_the_standard_input(self):
        self.write("line.yaml", LINE)
        with open(self.path("line.yaml"), encoding="utf-8") as file:
            self.succeed("run", "/dev/stdin", stdin=file)
        self.assertEqual(cli.contents(self.path("line.h5"))[1]["sweep_file"], LINE)

    def test_petsc_options_reach_the_integrator(self):
        self.write("line.yaml", LINE)
        self.check_run(0, "a.h5: complete", "line.yaml", "-o", "a.h5", *TS)
        self.check_run(0, "b.h5: complete", "line.yaml", "-o", "b.h5", *TS, "--", "-ts_rk_type", "8vr")
        datasets, _ = cli.contents(self.path("a.h5"))
        others, _ = cli.contents(self.path("b.h5"))
        self.assertTrue(np.all(datasets["operator_applications"] != others["operator_applications"]))
        np.testing.assert_allclose(datasets["tau"], others["tau"], rtol=1e-5)

    def test_misspelt_petsc_option(self):
        self.write("line.yaml", LINE)
        self.check_run(0, "warning: the PETSc option -ts_tipe was not used",
                       "line.yaml", *TS, "--", "-ts_tipe", "rk")

    def test_petsc_option_without_its_integrator(self):
        self.write("line.yaml", LINE)
        self.check_run(0, "warning: the PETSc option -ts_rk_type was not used",
                       "line.yaml", "--", "-ts_rk_type", "8vr")


class Methods(CommandTestCase):
    def setUp(self):
        super().setUp()
        self.write("methods.yaml", METHODS)

    def run_by(self, archive, *options, ranks=None):
        """Runs the sweep; returns its datasets."""
        self.succeed("run", "methods.yaml", "-o", archive, *options, ranks=ranks)
        return cli.contents(self.path(archive))[0]

    def check_close(self, datasets, others):
        """The results are the same but for the tolerance."""
        self.assertEqual(datasets.keys(), others.keys())
        for name in datasets.keys() - OF_THE_METHOD:
            with self.subTest(name):
                if np.issubdtype(datasets[name].dtype, np.floating):
                    np.testing.assert_allclose(datasets[name], others[name], rtol=0, atol=1e-6)
                else:
                    np.testing.assert_array_equal(datasets[name], others[name])

    def test_all_give_the_same_results(self):
        default = self.run_by("default.h5")
        for operator in "assembled", "matrix_free":
            for propagator in "ts", "chebyshev":
                with self.subTest(operator=operator, propagator=propagator):
                    archive = f"{operator}-{propagator}.h5"
                    datasets = self.run_by(archive, "--operator", operator, "--propagator", propagator)
                    self.check_close(datasets, default)
                    same_work = np.array_equal(datasets["operator_applications"],
                                               default["operator_applications"])
                    # The assembled operator is applied to the whole state, not sector by sector.
                    self.assertEqual(same_work, (operator, propagator) == ("matrix_free", "chebyshev"))
        self.assertEqual(differences(self.path("matrix_free-chebyshev.h5"), self.path("default.h5")), [])

    def test_every_rank_uses_the_method(self):
        for options in [], ["--operator", "assembled"], TS, cli.PLAIN_PATH:
            with self.subTest(options=options):
                for ranks in None, 3:
                    self.run_by(f"{ranks}.h5", *options, ranks=ranks)
                self.assertEqual(differences(self.path("None.h5"), self.path("3.h5")), [])
                for ranks in None, 3:
                    os.remove(self.path(f"{ranks}.h5"))

    def test_a_run_goes_on_by_another_method(self):
        before = self.run_by("a.h5", *TS)
        self.edit("a.h5", status=np.where(np.arange(2).reshape(2, 1, 1) == 1, PENDING, before["status"]))
        after = self.run_by("a.h5")
        self.assertIn("sound; 12 of 12 points done", self.succeed("verify", "a.h5"))
        self.assertTrue(np.all(after["attempts"] == [[[1]], [[2]]]))
        self.check_close({name: values for name, values in after.items() if name != "attempts"},
                         {name: values for name, values in before.items() if name != "attempts"})
        np.testing.assert_array_equal(after["operator_applications"][0], before["operator_applications"][0])
        self.assertTrue(np.all(after["operator_applications"][1] != before["operator_applications"][1]))


class AutomaticFockLevels(CommandTestCase):
    """A coherent charger of one photon, of which the paper's five levels cut 0.4 %."""

    def setUp(self):
        super().setUp()
        self.write("line.yaml", LINE.replace("fock_dim: 5", "fock_dim: auto"))

    def test_run_status_export(self):
        self.check_run(0, "line.h5: complete", "line.yaml")
        self.assertIn("line.h5: 4 of 4 points done, 0 failed, 0 pending\n", self.succeed("status", "line.h5"))
        datasets, _ = cli.contents(self.path("line.h5"))
        rows = list(csv.DictReader(io.StringIO(self.succeed("export", "line.h5"))))
        self.assertEqual([int(row["point_fock_dim"]) for row in rows], datasets["point_fock_dim"].tolist())
        self.assertEqual([int(row["reductions"]) for row in rows], datasets["reductions"].tolist())
        self.assertTrue(np.all(datasets["point_fock_dim"] > 5))
        self.assertTrue(np.all(datasets["coherent_weight_cut"] < 1e-8))

        self.succeed("run", "line.yaml", "-o", "many.h5", "--set", "fock_dim=40")
        many, _ = cli.contents(self.path("many.h5"))
        for name in "ergotropy_max", "battery_energy_at_tau", "battery_energy_max", "power_energy_max":
            np.testing.assert_allclose(datasets[name], many[name], rtol=0, atol=1e-7, err_msg=name)
        np.testing.assert_allclose(datasets["tau"], many["tau"], rtol=1e-6)

    def test_on_an_axis_beside_numbers(self):
        self.succeed("run", "line.yaml", "--set", "N=2", "--set", "fock_dim=[paper,auto,7]")
        rows = list(csv.DictReader(io.StringIO(self.succeed("export", "line.h5"))))
        self.assertEqual([row["fock_dim"] for row in rows], ["paper", "auto", "7"])
        levels = [int(row["point_fock_dim"]) for row in rows]
        self.assertEqual((levels[0], levels[2]), (5, 7))
        self.assertGreater(levels[1], 5)

    def test_resumes_with_the_same_word_only(self):
        self.succeed("run", "line.yaml")
        self.make_pending("line.h5", 2)
        for value in "paper", "5":
            result = self.run_program("run", "line.yaml", "--set", f"fock_dim={value}")
            self.assertEqual(result.returncode, 1)
            self.assertIn("line.h5 belongs to another sweep: fock_dim differs", result.stderr)
        self.succeed("run", "line.yaml", "-o", "whole.h5")
        self.check_run(0, "line.h5: complete", "line.yaml")
        self.assertEqual(differences(self.path("line.h5"), self.path("whole.h5")), [])


class SteadyStates(CommandTestCase):
    def setUp(self):
        super().setUp()
        self.write("steady.yaml", STEADY)
        self.write("only.yaml", STEADY_ONLY)

    def rows(self, archive):
        return list(csv.DictReader(io.StringIO(self.succeed("export", archive)), strict=True))

    def test_beside_charges(self):
        self.check_run(0, "steady.h5: complete", "steady.yaml")
        datasets, _ = cli.contents(self.path("steady.h5"))
        # The steady state forgets where the charge began.
        for name in "steady_battery_energy", "steady_total_energy", "liouvillian_gap", "steady_ergotropy":
            np.testing.assert_allclose(datasets[name][0], datasets[name][1], rtol=0, atol=1e-8, err_msg=name)
        self.assertTrue(np.all(datasets["steady_error"] < 1e-9))
        self.assertTrue(np.all(datasets["steady_multiplicity"] == 1))
        self.assertEqual(datasets["steady_fock_dim"].tolist(), [[12, 16], [12, 16]])
        # The charge from the ground state begins with its energy, at which the other does not.
        self.assertTrue(np.all(np.isnan(datasets["ground_energy"][0])))
        np.testing.assert_allclose(datasets["total_energy"][1, :, 0], datasets["ground_energy"][1], atol=1e-8)
        self.assertTrue(np.all(datasets["total_energy"][0, :, 0] > 0.9))
        self.assertTrue(np.all(datasets["ground_energy"][1] < -1))
        self.assertTrue(np.all(datasets["steady_total_energy"] > datasets["ground_energy"][1]))

    def test_columns(self):
        self.succeed("run", "steady.yaml")
        rows = self.rows("steady.h5")
        self.assertEqual([(row["initial_state"], row["fock_dim"]) for row in rows],
                         [("charged_cavity", "12"), ("charged_cavity", "16"), ("ground_state", "12"),
                          ("ground_state", "16")])
        self.assertLess({"tau_global", "steady_battery_energy", "steady_photon_number", "steady_total_energy",
                         *(f"steady_ergotropy_{definition}" for definition in DEFINITIONS),
                         "steady_residual", "steady_multiplicity", "liouvillian_gap", "steady_method",
                         "steady_fock_dim", "ground_energy", "ground_state_j", "ground_state_parity"},
                        rows[0].keys())
        self.assertEqual([row["ground_energy"] == "" for row in rows], [True, True, False, False])
        self.assertEqual({row["ground_state_j"] for row in rows[2:]}, {"1"})
        header, *lines = self.succeed("export", "steady.h5", "--format", "table").splitlines()
        self.assertLess({"steady_total_energy", "steady_ergotropy_global", "liouvillian_gap", "ground_energy"},
                        set(header.split()))
        self.assertEqual(len(lines), 4)

    def test_without_charges(self):
        self.check_run(0, "only.h5: complete", "only.yaml")
        datasets, _ = cli.contents(self.path("only.h5"))
        for name in "tau", "battery_energy_max", "point_fock_dim", "liouvillian_gap", "ground_energy":
            self.assertNotIn(name, datasets)
        # Tavis-Cummings settles in the vacuum, and so does Dicke without a coupling.
        np.testing.assert_allclose(datasets["steady_total_energy"][1], 0, atol=1e-9)
        np.testing.assert_allclose(datasets["steady_photon_number"][:, 0], 0, atol=1e-9)
        self.assertTrue(np.all(datasets["steady_battery_energy"][0, 1:] > 1e-3))
        self.assertIn("only.h5: 6 of 6 points done", self.succeed("status", "only.h5"))
        self.assertEqual(len(self.rows("only.h5")), 6)

    def test_methods_agree_and_are_recorded(self):
        found = {}
        for number, method in enumerate(("shift_invert", "propagator", "gmres"), 1):
            self.succeed("run", "only.yaml", "-o", f"{method}.h5", "--set", f"steady_state.method={method}")
            found[method], _ = cli.contents(self.path(f"{method}.h5"))
            self.assertTrue(np.all(found[method]["steady_method"] == number))
        for method in "propagator", "gmres":
            for name in "steady_battery_energy", "steady_photon_number", "steady_total_energy":
                np.testing.assert_allclose(found[method][name], found["shift_invert"][name], rtol=0, atol=1e-7)

    def test_resume(self):
        self.succeed("run", "steady.yaml", "-o", "whole.h5")
        self.succeed("run", "steady.yaml")
        with h5py.File(self.path("steady.h5"), "r+") as file:
            for name in "status", "attempts":
                file[name][1] = 0
            for name in "wall_seconds", "steady_total_energy", "ground_energy":
                file[name][1] = np.nan
        self.assertIn("steady.h5: 2 of 4 points to compute",
                      self.check_run(0, "steady.h5: complete", "steady.yaml"))
        self.assertEqual(differences(self.path("whole.h5"), self.path("steady.h5")), [])
        before = self.read("steady.h5")
        for key, value in (("method", "gmres"), ("gap", "false"), ("tolerance", "1e-8")):
            result = self.run_program("run", "steady.yaml", "--set", f"steady_state.{key}={value}")
            self.assertEqual(result.returncode, 1)
            self.assertIn(f"steady.h5 belongs to another sweep: steady_state.{key} differs from this sweep",
                          result.stderr)
        self.assertEqual(self.read("steady.h5"), before)

    def test_automatic_levels_are_chosen_by_each(self):
        self.succeed("run", "steady.yaml", "--set", "fock_dim=auto", "--set", "charging.tolerance=1e-3")
        datasets, _ = cli.contents(self.path("steady.h5"))
        self.assertTrue(np.all(datasets["steady_fock_dim"] > datasets["point_fock_dim"]))
        self.assertTrue(np.all(datasets["steady_truncation_error"] < 1e-6))

    def test_plan(self):
        text = self.succeed("plan", "only.yaml", "--set", "N=[1,3]")
        self.assertRegex(text, rf"(?m)^unknowns +{unknowns(1, 8)} to {unknowns(3, 8)}$")
        self.assertNotIn("operator applications", text)
        self.assertRegex(text, r"(?m)^memory +up to \d.* for each rank, \d.* available here$")
        both = self.succeed("plan", "steady.yaml")
        self.assertRegex(both, r"(?m)^operator applications  about \d+ to \d+ for the charge$")

    def test_solve_that_does_not_converge(self):
        """Rounding of so large an energy alone is above the tolerance; the other point is computed."""
        overrides = ["--set", "interaction=tavis_cummings", "--set", "g_over_gc=0.5", "--set", "omega_0=[1,1e4]",
                     "--set", "steady_state.tolerance=1e-13"]
        result = self.run_program("run", "only.yaml", *overrides)
        self.assertEqual(result.returncode, SOME_POINTS_FAILED, result.stderr)
        (failure,) = self.failures("only.h5")
        self.assertEqual((failure["point"], failure["where"]), (1, "omega_0=10000"))
        # Every method was tried, and says how far it came.
        self.assertRegex(failure["message"], r"^no steady state with 8 Fock levels: shift_invert: the error of its "
                         r"energies is about \d\.\de-1\d and 1\.0e-13 is required; \|\|L rho\|\| / \|\|rho\|\| went "
                         r"from .*; (gmres|propagator): .*; (gmres|propagator): ")
        done, failed = self.rows("only.h5")
        self.assertEqual((done["status"], failed["status"]), ("done", "failed"))
        self.assertEqual((failed["steady_residual"], failed["steady_multiplicity"]), ("", "0"))

    def test_states_that_are_not_unique(self):
        """Dephasing alone keeps every photon number apart; that is a result, not a failure."""
        self.succeed("run", "only.yaml", "--set", "kappa=0", "--set", "gamma_down=0", "--set", "gamma_phi=0.1")
        for row in self.rows("only.h5"):
            self.assertEqual(row["status"], "done")
            self.assertGreater(int(row["steady_multiplicity"]), 1)
            self.assertEqual((row["steady_total_energy"], row["steady_ergotropy_global"]), ("", ""))


class Set(CommandTestCase):
    def setUp(self):
        super().setUp()
        self.write("line.yaml", LINE)

    def coordinates(self, archive):
        with h5py.File(self.path(archive), "r") as file:
            return {scale[0].name[1:]: scale[0][()].tolist() for scale in file["status"].dims}

    def test_parameters_and_axes(self):
        for overrides, coordinates in (
                ([], {"N": [1, 2, 3, 4]}),
                (["N=2"], {}),
                (["N=[2,1]"], {"N": [2, 1]}),
                (["N=[1,2]", "kappa=[0,0.1]"], {"N": [1, 2], "kappa": [0, 0.1]}),
                (["g_over_gc=[0.5]", "N=1"], {"g_over_gc": [0.5]})):
            with self.subTest(overrides=overrides):
                self.succeed("run", "line.yaml", *(word for override in overrides
                                                   for word in ("--set", override)))
                self.assertEqual(self.coordinates("line.h5"), coordinates)
                attributes = cli.contents(self.path("line.h5"))[1]
                self.assertEqual(attributes["sweep_file"], LINE)
                self.assertEqual(json.loads(attributes["sweep_overrides"]), overrides)
                os.remove(self.path("line.h5"))

    def test_numbers_are_those_that_were_set(self):
        self.succeed("run", "line.yaml", "--set", "g=0.125", "--set", "fock_dim=7", "--set", "omega_c=2")
        datasets, _ = cli.contents(self.path("line.h5"))
        self.assertEqual(set(datasets["point_g"]), {0.125})
        self.assertEqual(set(datasets["point_fock_dim"]), {7})
        self.assertEqual(set(datasets["point_omega_c"]), {2.0})

    def test_resume_needs_the_same_meaning(self):
        self.succeed("run", "line.yaml", "--set", "kappa=0.1")
        before = self.read("line.h5")
        for overrides, differs in ((["kappa=0.2"], "kappa differs"), ([], "kappa differs"),
                                   (["kappa=0.1", "N=[1,2]"], "N differs"),
                                   (["kappa=[0.1]"], "axes differs"),
                                   (["charging.tolerance=1e-6"], "charging.tolerance, kappa differ")):
            with self.subTest(overrides=overrides):
                result = self.run_program("run", "line.yaml", *(word for override in overrides
                                                                for word in ("--set", override)))
                self.assertEqual(result.returncode, 1)
                self.assertIn(f"line.h5 belongs to another sweep: {differs} from this sweep file",
                              result.stderr)
        self.assertEqual(self.read("line.h5"), before)
        # Set on the command line or written in the file: the meaning is the same.
        self.write("line.yaml", LINE.replace("fock_dim: 5", "fock_dim: 5, kappa: 1e-1"))
        self.check_run(0, "line.h5: complete", "line.yaml")


class Failures(CommandTestCase):
    def setUp(self):
        super().setUp()
        self.write("uneven.yaml", ONE_FAST_POINT)
        self.says_why = ("uneven.h5: complete, but 1 point failed; uneven.h5.failures.jsonl says why")

    def check_one_failure(self, message):
        self.assertEqual(list(cli.status_of(self.path("uneven.h5"))), [DONE, FAILED, DONE])
        (failure,) = self.failures("uneven.h5")
        self.assertEqual((failure["point"], failure["where"]), (1, "g=20"))
        self.assertRegex(failure["message"], message)
        self.assertRegex(failure["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_other_points_go_on_and_a_further_run_retries(self):
        for _ in range(2):
            self.check_run(SOME_POINTS_FAILED, self.says_why, "uneven.yaml", *FEW_STEPS)
            self.check_one_failure(r"^the integration stopped at t = 0\.\d+ before t_max = 2: ")
        _, failed, _ = csv.DictReader(io.StringIO(self.succeed("export", "uneven.h5")))
        self.assertEqual((failed["g"], failed["status"], failed["tau_global"]), ("20", "failed", ""))

        self.assertIn("uneven.h5: 1 of 3 points to compute",
                      self.check_run(0, "uneven.h5: complete", "uneven.yaml", *TS))
        self.assertEqual(sorted(os.listdir(self.folder)), ["uneven.h5", "uneven.yaml"])
        self.check_run(0, "whole.h5: complete", "uneven.yaml", "-o", "whole.h5", *TS)
        self.assertEqual(differences(self.path("uneven.h5"), self.path("whole.h5")), [])

    def test_every_rank_reports(self):
        result = self.run_program("run", "uneven.yaml", *FEW_STEPS, ranks=3)
        self.assertEqual(result.returncode, SOME_POINTS_FAILED, result.stderr)
        self.check_one_failure("^the integration stopped")

    def test_point_that_took_the_job_down_twice(self):
        self.succeed("run", "uneven.yaml")
        whole = self.read("uneven.h5")
        self.edit("uneven.h5", status=[DONE, PENDING, DONE], attempts=[1, 2, 1])
        self.assertIn("uneven.h5: 0 of 3 points to compute",
                      self.check_run(SOME_POINTS_FAILED, self.says_why, "uneven.yaml"))
        self.check_one_failure("^the job died 2 times while this point was computed "
                               r"\(killed from outside or its node was lost; the point needs about ")
        self.check_run(0, "uneven.h5: complete", "uneven.yaml")
        self.assertEqual(sorted(os.listdir(self.folder)), ["uneven.h5", "uneven.yaml"])
        self.write("whole.h5", whole)
        self.assertEqual(differences(self.path("uneven.h5"), self.path("whole.h5")), [])
        self.assertEqual(list(cli.contents(self.path("uneven.h5"))[0]["attempts"]), [1, 1, 1])

    def test_point_that_took_the_job_down_once_is_tried_again(self):
        self.succeed("run", "uneven.yaml")
        self.edit("uneven.h5", status=[DONE, PENDING, DONE], attempts=[1, 1, 1])
        self.check_run(0, "uneven.h5: complete", "uneven.yaml")
        self.assertEqual(list(cli.contents(self.path("uneven.h5"))[0]["attempts"]), [1, 2, 1])


if __name__ == "__main__":
    unittest.main()
