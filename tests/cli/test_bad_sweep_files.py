"""Every mistake in a sweep file is refused in one line that names its place."""

import concurrent.futures
import os
import unittest

from refusals import BAD_INPUT, METHODS, SWEEP, BadInputTestCase, edited

N_AXIS = "  - {name: N, values: [1, 2]}\n"


def with_parameter(line):
    """SWEEP with one more parameter, on line 9."""
    return edited("  fock_dim: 5\n", f"  fock_dim: 5\n  {line}\n")


def with_axis(axis):
    """SWEEP with a second axis, on line 11."""
    return edited(N_AXIS, f"{N_AXIS}  - {{{axis}}}\n")


ALIASES = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi"))

PARAMETERS = "accepted: interaction, coupling_scaling, N, g, ..., battery_angle or battery_excitations"
RATE = "accepted: a number >= 0 (and <= 1e+100)"
MAP = "accepted: a map with name, parameters, axes, charging and steady_state"

# What is wrong: the sweep file, and what is said of bad.yaml. "..." stands for any text.
SWEEP_FILES = {
    # Keys
    "unknown parameter": (edited("kappa:", "kapa:"),
                          f":7: parameters.kapa: found an unknown key; {PARAMETERS} (did you mean kappa?)"),
    "unknown section": (SWEEP + "solver: fast\n", ":12: solver: found an unknown key; "
                        "accepted: name, description, parameters, axes, charging, steady_state, observables, "
                        "photon_levels, storage, schedule or ranks_per_point"),
    "unknown setting": (edited("t_max", "tmax"), ":11: charging.tmax: found an unknown key; "
                        "accepted: t_max, samples or tolerance (did you mean t_max?)"),
    "YAML merge key": (edited("  kappa: 0.1", "  <<: {kappa: 0.1}"),
                       f":7: parameters.<<: found an unknown key; {PARAMETERS}"),
    "key twice": (edited("  kappa: 0.1\n", "  kappa: 0.1\n  kappa: 0.2\n"),
                  ":8: parameters.kappa: found the key again (first on line 7); accepted: every key once"),
    "section twice": (SWEEP + "name: again\n",
                      ":12: name: found the key again (first on line 1); accepted: every key once"),
    "unknown setting of steady states": (
        SWEEP + "steady_state: {tolerence: 1}\n", ":12: steady_state.tolerence: found an unknown key; "
        "accepted: method, gap or tolerance (did you mean tolerance?)"),
    "levels of steady states": (
        SWEEP + "steady_state: {fock_dim: 9}\n", ":12: steady_state.fock_dim: found an unknown key; "
        "accepted: method, gap or tolerance (did you mean parameters.fock_dim?)"),
    "setting of a charging run as a parameter": (
        with_parameter("samples: 3"), f":9: parameters.samples: found an unknown key; {PARAMETERS} "
        "(did you mean charging.samples or storage.samples?)"),
    "setting of a charging run at the top": (
        SWEEP + "t_max: 3\n", ":12: t_max: found an unknown key; accepted: name, description, parameters, axes, "
        "charging, steady_state, observables, photon_levels, storage, schedule or ranks_per_point "
        "(did you mean charging.t_max?)"),
    "no name": (edited("name: bad\n", ""), ":1: name: found nothing; accepted: up to 200 letters, digits, _ and -"),
    "bad name": (edited("name: bad", "name: ../bad"),
                 ":1: name: found ../bad; accepted: up to 200 letters, digits, _ and -"),
    "nothing to compute": (edited("charging: {t_max: 1.0}\n", ""), ":1: found neither charging nor "
                           "steady_state; accepted: one of these sections or both, also empty ones: what "
                           "is to be computed"),
    "charging in a word": (edited("charging: {t_max: 1.0}", "charging: fast"), ":11: charging: found fast; "
                           "accepted: {t_max: ..., samples: ..., tolerance: ...}, also empty"),
    "steady states in a word": (
        SWEEP + "steady_state: true\n", ":12: steady_state: found true; "
        "accepted: {method: ..., gap: ..., tolerance: ...}, also empty"),
    "no interaction": (edited("  interaction: dicke\n", ""), ":4: parameters.interaction: found nothing; "
                       "accepted: dicke, tavis_cummings or anisotropic, or an axis interaction"),
    # Values
    "word for a number": (edited("0.1", "lots"), f":7: parameters.kappa: found lots; {RATE}"),
    "list for a number": (edited("0.1", "[0, 0.1]"), f":7: parameters.kappa: found a list; {RATE}"),
    "map for a number": (edited("0.1", "{a: 1}"), f":7: parameters.kappa: found a map; {RATE}"),
    "nothing for a number": (edited(" 0.1", ""), f":7: parameters.kappa: found nothing; {RATE}"),
    "number in quotes": (edited("0.1", "'0.1'"), f':7: parameters.kappa: found "0.1" (in quotes); {RATE}'),
    "NaN": (edited("0.1", ".nan"), f":7: parameters.kappa: found .nan; {RATE}"),
    "nan": (edited("0.1", "nan"), f":7: parameters.kappa: found nan; {RATE}"),
    "infinite": (edited("0.25", ".inf"), f":5: parameters.g: found .inf; {RATE}"),
    "overflow": (edited("0.25", "1e400"), f":5: parameters.g: found 1e400; {RATE}"),
    "negative rate": (edited("0.1", "-0.1"), f":7: parameters.kappa: found -0.1; {RATE}"),
    "negative rate on an axis": (with_axis("name: gamma_phi, values: [0, -0.5]"),
                                 f":11: axes.gamma_phi.values[1]: found -0.5; {RATE}"),
    "zero frequency": (with_parameter("omega_c: 0"), ":9: parameters.omega_c: found 0; "
                       "accepted: a number > 0 (from 1e-100 to 1e+100)"),
    "no atoms": (edited("[1, 2]", "[0, 2]"),
                 ":10: axes.N.values[0]: found 0; accepted: a whole number from 1 to 1000"),
    "half an atom": (edited("[1, 2]", "[1, 1.5]"), ":10: axes.N.values[1]: found 1.5; "
                     "accepted: a whole number from 1 to 1000, written without a point or an exponent"),
    "one Fock level": (edited("fock_dim: 5", "fock_dim: 1"), ":8: parameters.fock_dim: found 1; "
                       "accepted: paper, auto or a whole number from 2 to 100000"),
    "Fock levels in a wrong word": (edited("fock_dim: 5", "fock_dim: automatic"),
                                    ":8: parameters.fock_dim: found automatic; "
                                    "accepted: paper, auto or a whole number from 2 to 100000"),
    "misspelt start": (with_parameter("initial_state: groundstate"),
                       ":9: parameters.initial_state: found groundstate; accepted: charged_cavity or "
                       "ground_state (did you mean ground_state?)"),
    "start twice": (with_axis("name: initial_state, values: [ground_state, ground_state]"),
                    ":11: axes.initial_state.values: found ground_state twice; "
                    "accepted: every value once"),
    "unknown method": (SWEEP + "steady_state: {method: arnoldi}\n",
                       f":12: steady_state.method: found arnoldi; {METHODS}"),
    "method with a slip": (SWEEP + "steady_state: {method: shift-invert}\n",
                           f":12: steady_state.method: found shift-invert; {METHODS} "
                           "(did you mean shift_invert?)"),
    "gap with a number": (SWEEP + "steady_state: {gap: 1}\n",
                          ":12: steady_state.gap: found 1; accepted: true or false"),
    "gap without a value": (SWEEP + "steady_state: {gap: }\n",
                            ":12: steady_state.gap: found nothing; accepted: true or false"),
    "tolerance of a steady state": (SWEEP + "steady_state: {tolerance: 0}\n",
                                    ":12: steady_state.tolerance: found 0; accepted: a number > 0 "
                                    "(from 1e-100 to 1e+100)"),
    "misspelt word": (edited("dicke", "dickie"), ":4: parameters.interaction: found dickie; "
                      "accepted: dicke, tavis_cummings or anisotropic (did you mean dicke?)"),
    "no time": (edited("t_max: 1.0", "t_max: 0"), ":11: charging.t_max: found 0; "
                "accepted: a number > 0 (from 1e-100 to 1e+100)"),
    "one sample": (edited("t_max: 1.0", "samples: 1"), ":11: charging.samples: found 1; "
                   "accepted: 0 or a whole number from 2 to 10000000"),
    "no tolerance": (edited("t_max: 1.0", "tolerance: 0"), ":11: charging.tolerance: found 0; "
                     "accepted: a number > 0 (from 1e-100 to 1e+100)"),
    # What does not go together
    "both couplings": (with_parameter("g_over_gc: 0.5"), ":9: parameters.g_over_gc: found g_over_gc "
                       "beside g (at bad.yaml:5, parameters.g); accepted: exactly one of g and g_over_gc"),
    "no coupling": (edited("  g: 0.25\n", ""), ":4: parameters.g: found neither g nor g_over_gc; "
                    "accepted: exactly one of g and g_over_gc"),
    "both photon numbers": (with_parameter("m_per_n: 1"), ":9: parameters.m_per_n: found m_per_n "
                            "beside m (at bad.yaml:6, parameters.m); accepted: exactly one of m and m_per_n"),
    "no photon number": (edited("  m: 1\n", ""), ":4: parameters.m: found neither m nor m_per_n; "
                         "accepted: exactly one of m and m_per_n"),
    "paper's levels of no photon number": (
        edited("  m: 1\n", "", "fock_dim: 5", "fock_dim: paper", "charging: {t_max: 1.0}",
               "steady_state:"),
        ":4: parameters.m: found neither m nor m_per_n; accepted: exactly one of m and m_per_n"),
    "photons on an axis, of no charger": (
        edited("  m: 1\n", "  initial_state: ground_state\n",
               N_AXIS, f"{N_AXIS}  - {{name: m, values: [1, 2]}}\n"),
        ":11: axes.m: found an axis along which nothing changes: no charging run starts with a charger; "
        "accepted: an axis of what the results depend on"),
    "chargers of no charging run": (
        edited(N_AXIS, f"{N_AXIS}  - {{name: charger, values: [coherent, fock]}}\n",
               "charging: {t_max: 1.0}", "steady_state: {}"),
        ":11: axes.charger: found an axis along which nothing changes: no charging run starts with a charger; "
        "accepted: an axis of what the results depend on"),
    "axis of the other coupling": (with_axis("name: g_over_gc, values: [0.5]"),
                                   ":11: axes.g_over_gc: found g_over_gc beside g (at bad.yaml:5, "
                                   "parameters.g); accepted: exactly one of g and g_over_gc"),
    "half a photon": (edited("m: 1\n", "m: 1.5\n  charger: fock\n"),
                      ":6: parameters.m: found m = 1.5 at N=1; "
                      "accepted: a whole number m for a fock charger"),
    "photons above the levels": (edited("m: 1\n", "m: 7\n  charger: fock\n"),
                                 ":9: parameters.fock_dim: found fock_dim = 5 with m = 7 at N=1; "
                                 "accepted: a fock_dim above m for a fock charger"),
    "photons above all levels": (edited("m: 1\n", "m: 100000\n", "fock_dim: 5", "fock_dim: auto"),
                                 ":6: parameters.m: found m = 100000 at N=1; accepted: an m below 100000, "
                                 "the most Fock levels that fock_dim: auto takes"),
    "no coupling, no window": (edited("0.25", "0", "t_max: 1.0", ""), ":5: parameters.g: found g = 0 at "
                               "N=1; accepted: g > 0, or a window of your own: give charging.t_max"),
    # Axes
    "axis and parameter": (with_parameter("N: 4"), ":11: axes.N: found N again (also at bad.yaml:9, "
                           "parameters.N); accepted: a parameter or an axis, once"),
    "zipped axis and parameter": (with_axis("name: noise, labels: [a, b], values: {kappa: [0, 1]}"),
                                  ":11: axes.noise: found kappa again (also at bad.yaml:7, "
                                  "parameters.kappa); accepted: a parameter or an axis, once"),
    "axis twice": (with_axis("name: N, values: [3]"),
                   ":11: axes.N: found a second axis of this name; accepted: every axis once"),
    "value twice": (edited("[1, 2]", "[1, 2, 1]"),
                    ":10: axes.N.values: found 1 twice; accepted: every value once"),
    "value twice, in two spellings": (with_axis("name: gamma_phi, values: [0.1, 1e-1]"),
                                      ":11: axes.gamma_phi.values: found 0.1 twice; "
                                      "accepted: every value once"),
    "label twice": (with_axis("name: noise, labels: [a, a], values: {gamma_phi: [0, 1]}"),
                    ":11: axes.noise.labels[1]: found a twice; accepted: every label once"),
    "too few zipped values": (with_axis("name: noise, labels: [a, b, c], values: {gamma_phi: [0, 1]}"),
                              ":11: axes.noise.values.gamma_phi: found 2 values; "
                              "accepted: 3 values, one for each label"),
    "a dataset's name": (with_axis("name: tau, labels: [a, b], values: {gamma_phi: [0, 1]}"),
                         ":11: axes.tau.name: found tau; accepted: a name that the archive does not use "
                         "itself"),
    "axis of nothing known": (with_axis("name: kapa, values: [0, 1]"),
                              f":11: axes.kapa.name: found no parameter of this name; {PARAMETERS} "
                              "(did you mean kappa?); a name of your own needs labels"),
    "empty axis": (edited("[1, 2]", "[]"), ":10: axes.N.values: found an empty list; "
                   "accepted: a list of at least one value: a whole number from 1 to 1000"),
    "two kinds of values": (edited("values: [1, 2]", "values: [1, 2], range: {from: 1, to: 2, step: 1}"),
                            ":10: axes.N: found both values and range; "
                            "accepted: exactly one of values, range, linspace or logspace"),
    "endless range": (edited("values: [1, 2]", "range: {from: 1, to: 4, step: 0}"),
                      ":10: axes.N.range.step: found 0; accepted: a step that leads from 1 to 4"),
    "range that runs away": (edited("values: [1, 2]", "range: {from: 4, to: 1, step: 1}"),
                             ":10: axes.N.range.step: found 1; accepted: a step that leads from 4 to 1"),
    "logarithm of zero": (with_axis("name: gamma_phi, logspace: {from: 0, to: 1, count: 5}"),
                          ":11: axes.gamma_phi.logspace.from: found 0; "
                          "accepted: a number > 0 (from 1e-100 to 1e+100)"),
    "10^12 points": (edited(N_AXIS, "  - {name: N, range: {from: 1, to: 1000, step: 1}}\n"
                            "  - {name: gamma_phi, linspace: {from: 0, to: 1, count: 1000000}}\n"
                            "  - {name: gamma_down, linspace: {from: 0, to: 1, count: 1000}}\n"),
                     ":10: axes: found 1000000000000 points; accepted: at most 100000000 points on the grid"),
    "10^300 points": (with_axis("name: gamma_phi, range: {from: 0, to: 1e100, step: 1e-100}"),
                      ":10: axes: found more than 1e15 points; "
                      "accepted: at most 100000000 points on the grid"),
    "too long an axis": (with_axis("name: gamma_phi, range: {from: 0, to: 1, step: 1e-7}"),
                         ":11: axes.gamma_phi: found 10000001 values; "
                         "accepted: at most 1000000 values on an axis"),
    # What is no sweep file at all
    "aliases that multiply": (ALIASES, ":1: a: found a YAML anchor (&name); accepted: the value itself"),
    "deep lists": ("name: " + "[" * 200_000, ":1: found lists or maps nested more than 12 deep; "
                   "accepted: the nesting of a sweep file"),
    "deep maps": ("".join(" " * depth + "a:\n" for depth in range(1000)),
                  ":13: found lists or maps nested more than 12 deep; "
                  "accepted: the nesting of a sweep file"),
    "YAML tag": (edited("0.1", "!!python/object 0.1"), ":7: parameters.kappa: found a YAML tag "
                 "(tag:yaml.org,2002:python/object); accepted: the value itself"),
    "two documents": (f"{SWEEP}---\n{SWEEP}", ":12: found a second YAML document; accepted: one document"),
    "bracket not closed": (edited("2]}", "2}"),
                           ":10: found what is not YAML (illegal flow end); accepted: YAML"),
    "binary": (bytes(range(256)), ":1: found the byte 0x00; accepted: UTF-8 text"),
    "another encoding": (edited("good", "g\u00fct").encode("latin-1"),
                         ":2: found the byte 0xfc; accepted: UTF-8 text"),
    "empty": ("", f":1: found nothing; {MAP}"),
    "one word": ("hello\n", f":1: found hello; {MAP}"),
    "two megabytes": (SWEEP + "#" * 2_000_000, ": found more than 1048576 bytes; "
                      "accepted: a text of at most 1048576 bytes"),
}


class SweepFiles(BadInputTestCase):
    def test_each_is_refused(self):
        def results_of(what):
            """What becomes of one of the files, in a folder of its own."""
            folder = self.path(what)
            os.mkdir(folder)
            self.write(os.path.join(folder, "bad.yaml"), SWEEP_FILES[what][0])
            return folder, [self.run_program(command, "bad.yaml", cwd=folder)
                            for command in ("validate", "run")]

        with concurrent.futures.ThreadPoolExecutor(4) as pool:  # to start MPI is to wait
            outcomes = dict(zip(SWEEP_FILES, pool.map(results_of, SWEEP_FILES)))
        for what, (content, message) in SWEEP_FILES.items():
            with self.subTest(what):
                folder, results = outcomes[what]
                for result in results:
                    self.check_refused(result, BAD_INPUT, "bad.yaml" + message)
                self.assertEqual(os.listdir(folder), ["bad.yaml"])
                self.assertEqual(self.read(os.path.join(folder, "bad.yaml")),
                                 content if isinstance(content, bytes) else content.encode())

    def test_one_line_for_all_ranks(self):
        for what in "NaN", "10^12 points", "binary":
            with self.subTest(what):
                content, message = SWEEP_FILES[what]
                self.write("bad.yaml", content)
                self.refuse(["run", "bad.yaml"], BAD_INPUT, "bad.yaml" + message, ranks=3)


if __name__ == "__main__":
    unittest.main()
