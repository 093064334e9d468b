"""What a careless user, a full disk or a torn file can bring: each gives one line and its exit code, and
nothing is created or damaged."""

import concurrent.futures
import os
import re
import resource
import shutil
import subprocess
import unittest

import h5py

import archive_compare
import qbsweep_cli as cli

BAD_INPUT = 1
DAMAGED = 4
ENVIRONMENT = 2

SWEEP = """name: bad
description: good, but for what a test changes
parameters:
  interaction: dicke
  g: 0.25
  m: 1
  kappa: 0.1
  fock_dim: 5
axes:
  - {name: N, values: [1, 2]}
charging: {t_max: 1.0}
"""

N_AXIS = "  - {name: N, values: [1, 2]}\n"


def edited(*replacements):
    """SWEEP with pairs (old, new) of texts replaced."""
    text = SWEEP
    for old, new in zip(replacements[::2], replacements[1::2]):
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


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
METHODS = "accepted: auto, shift_invert, propagator or gmres"

# What is wrong: the sweep file, and what is said of bad.yaml. "..." stands for any text.
SWEEP_FILES = {
    # Keys
    "unknown parameter": (edited("kappa:", "kapa:"),
                          f":7: parameters.kapa: found an unknown key; {PARAMETERS} (did you mean kappa?)"),
    "unknown section": (SWEEP + "solver: fast\n", ":12: solver: found an unknown key; "
                        "accepted: name, description, parameters, axes, charging, steady_state or ranks_per_point"),
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
    "setting of a charge as a parameter": (
        with_parameter("samples: 3"), f":9: parameters.samples: found an unknown key; {PARAMETERS} "
        "(did you mean charging.samples?)"),
    "setting of a charge at the top": (
        SWEEP + "t_max: 3\n", ":12: t_max: found an unknown key; accepted: name, description, parameters, axes, "
        "charging, steady_state or ranks_per_point (did you mean charging.t_max?)"),
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
        ":11: axes.m: found an axis along which nothing changes: no charge starts with a charger; "
        "accepted: an axis of what the results depend on"),
    "chargers of no charge": (
        edited(N_AXIS, f"{N_AXIS}  - {{name: charger, values: [coherent, fock]}}\n",
               "charging: {t_max: 1.0}", "steady_state: {}"),
        ":11: axes.charger: found an axis along which nothing changes: no charge starts with a charger; "
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

CLI_HELP = "(qbsweep{} --help lists what is accepted)"
COMMANDS = "accepted: run, plan, validate, status, merge, verify or export"
EXPLAINED = "(qbsweep --help explains them)"
RUN_OPTIONS = ("accepted: --help, --set, --output, --shard, --time-limit, --checkpoint-every, --operator or "
               "--propagator")
PETSC = ("accepted: PETSc options after the command run only, "
         "as in run fig4.yaml --propagator ts -- -ts_rk_type 8vr")
YAML_FILE = "accepted: a sweep file (YAML) that can be read"
ARCHIVE = "accepted is an archive of qbsweep"
NOTHING = "; nothing of it could be saved by this sweep file: move it away, or give another -o"

# Arguments, exit code, and what is said. The folder holds good.yaml, its archive bad.h5, and a folder.
COMMAND_LINES = [
    ([], BAD_INPUT, f"found no command; {COMMANDS} {EXPLAINED}"),
    (["compute", "good.yaml"], BAD_INPUT, f"found the command compute; {COMMANDS} {EXPLAINED}"),
    (["staus", "bad.h5"], BAD_INPUT,
     f"found the command staus; {COMMANDS} (did you mean status?) {EXPLAINED}"),
    (["--fast"], BAD_INPUT, f"found --fast; accepted: --help or --version {CLI_HELP.format('')}"),
    (["--set", "N=2", "run", "good.yaml"], BAD_INPUT,
     f"found --set before run; accepted: qbsweep run SWEEP.yaml [OPTIONS] {CLI_HELP.format(' run')}"),
    (["run"], BAD_INPUT,
     f"found no SWEEP.yaml; accepted: qbsweep run SWEEP.yaml [OPTIONS] {CLI_HELP.format(' run')}"),
    (["merge", "all.h5"], BAD_INPUT, "found no PART.h5; accepted: qbsweep merge OUT.h5 PART.h5 ... [OPTIONS] "
     f"{CLI_HELP.format(' merge')}"),
    (["run", "good.yaml", "--fast"], BAD_INPUT, f"found --fast; {RUN_OPTIONS} {CLI_HELP.format(' run')}"),
    (["run", "good.yaml", "--ouput=a.h5"], BAD_INPUT,
     f"found --ouput; {RUN_OPTIONS} (did you mean --output?) {CLI_HELP.format(' run')}"),
    (["run", "good.yaml", "other.yaml"], BAD_INPUT, "found the extra argument other.yaml; accepted: qbsweep run "
     f"SWEEP.yaml [OPTIONS] {CLI_HELP.format(' run')}"),
    (["run", "good.yaml", "-o"], BAD_INPUT, f"--output: found no value; accepted: one {CLI_HELP.format(' run')}"),
    (["run", "good.yaml", "-o", "a.h5", "-o", "b.h5"], BAD_INPUT,
     f"--output: found 2 values; accepted: one {CLI_HELP.format(' run')}"),
    (["run", "good.yaml", "-o", ""], BAD_INPUT,
     f"--output: found nothing; accepted: a path {CLI_HELP.format(' run')}"),
    (["run", "good.yaml", "-o", "-"], BAD_INPUT, "--output: found -; accepted: the path of a file (./- if it is "
     f"called that) {CLI_HELP.format(' run')}"),
    (["merge", "-", "bad.h5"], BAD_INPUT, "OUT.h5: found -; accepted: the path of a file (./- if it is called "
     f"that) {CLI_HELP.format(' merge')}"),
    (["validate", "-"], BAD_INPUT, "SWEEP.yaml: found -; accepted: a path (/dev/stdin for the standard input) "
     f"{CLI_HELP.format(' validate')}"),
    (["status"], BAD_INPUT,
     f"found no OUT.h5; accepted: qbsweep status OUT.h5 [OPTIONS] {CLI_HELP.format(' status')}"),
    (["status", "bad.h5", "bad.h5"], BAD_INPUT, "found the extra argument bad.h5; accepted: qbsweep status OUT.h5 "
     f"[OPTIONS] {CLI_HELP.format(' status')}"),
    (["export", "bad.h5", "--format", "xml"], BAD_INPUT,
     f"--format: found xml; accepted: csv or table {CLI_HELP.format(' export')}"),
    (["export", "bad.h5", "--format", "cvs"], BAD_INPUT,
     f"--format: found cvs; accepted: csv or table (did you mean csv?) {CLI_HELP.format(' export')}"),
    (["export", "bad.h5", "--format"], BAD_INPUT,
     f"--format: found no value; accepted: one {CLI_HELP.format(' export')}"),
    (["run", "good.yaml", "--operator", "dense"], BAD_INPUT,
     f"--operator: found dense; accepted: assembled or matrix_free {CLI_HELP.format(' run')}"),
    (["run", "good.yaml", "--operator", "1"], BAD_INPUT,
     f"--operator: found 1; accepted: assembled or matrix_free {CLI_HELP.format(' run')}"),
    (["plan", "good.yaml", "--propagator", "TS"], BAD_INPUT,
     f"--propagator: found TS; accepted: chebyshev or ts (did you mean ts?) {CLI_HELP.format(' plan')}"),
    (["run", "good.yaml", "--propagator"], BAD_INPUT,
     f"--propagator: found no value; accepted: one {CLI_HELP.format(' run')}"),
    (["validate", "good.yaml", "--format", "csv"], BAD_INPUT,
     f"found --format; {RUN_OPTIONS} {CLI_HELP.format(' validate')}"),
    (["export", "bad.h5", "--operator", "assembled"], BAD_INPUT,
     f"found --operator; accepted: --help or --format {CLI_HELP.format(' export')}"),
    (["plan", "good.yaml", "--", "-ts_type", "rk"], BAD_INPUT, f"found '-- -ts_type rk'; {PETSC}"),
    (["run", "good.yaml", "--", "ts_type", "rk"], BAD_INPUT, f"found '-- ts_type rk'; {PETSC}"),

    (["run", "good.yaml", "--set", "N"], BAD_INPUT, "--set N: found no key=value; accepted: key=value"),
    (["run", "good.yaml", "--set", "=1"], BAD_INPUT, "--set =1: found no key=value; accepted: key=value"),
    (["run", "good.yaml", "--set", "kapa=1"], BAD_INPUT, "--set kapa=1: kapa: found an unknown key; "
     "accepted: interaction, ..., charging.tolerance, steady_state.method, steady_state.gap, "
     "steady_state.tolerance, name or ranks_per_point (did you mean kappa?)"),
    (["run", "good.yaml", "--set", "t_max=4"], BAD_INPUT, "--set t_max=4: t_max: found an unknown key; "
     "accepted: interaction, ... or ranks_per_point (did you mean charging.t_max?)"),
    (["validate", "good.yaml", "--set", "tolerance=1e-6"], BAD_INPUT, "--set tolerance=1e-6: tolerance: found an "
     "unknown key; accepted: ... (did you mean charging.tolerance or steady_state.tolerance?)"),
    (["plan", "good.yaml", "--set", "axes.N=[1,2]"], BAD_INPUT, "--set axes.N=[1,2]: axes.N: found an unknown "
     "key; accepted: ... (did you mean N?)"),
    (["plan", "good.yaml", "--set", "fock_dim=Auto"], BAD_INPUT, "--set fock_dim=Auto: parameters.fock_dim: found "
     "Auto; accepted: paper, auto or a whole number from 2 to 100000 (did you mean auto?)"),
    (["run", "good.yaml", "--set", "N=0"], BAD_INPUT,
     "--set N=0: parameters.N: found 0; accepted: a whole number from 1 to 1000"),
    (["run", "good.yaml", "--set", "fock_dim=all"], BAD_INPUT, "--set fock_dim=all: parameters.fock_dim: "
     "found all; accepted: paper, auto or a whole number from 2 to 100000"),
    (["run", "good.yaml", "--set", "N="], BAD_INPUT,
     "--set N=: N: found nothing; accepted: a value, or a list of values as in N=[1,2,3]"),
    (["run", "good.yaml", "--set", "N=[1,1]"], BAD_INPUT,
     "--set N=[1,1]: axes.N.values: found 1 twice; accepted: every value once"),
    (["run", "good.yaml", "--set", "N=[1,\n2"], BAD_INPUT,
     "--set N=[1, 2: found what is not YAML (end of sequence flow not found); accepted: YAML"),
    (["run", "good.yaml", "--set", "charging.t_max=-1"], BAD_INPUT, "--set charging.t_max=-1: "
     "charging.t_max: found -1; accepted: a number > 0 (from 1e-100 to 1e+100)"),
    (["run", "good.yaml", "--set", "steady_state.method=lu"], BAD_INPUT,
     f"--set steady_state.method=lu: steady_state.method: found lu; {METHODS}"),
    (["run", "good.yaml", "--set", "steady_state={}"], BAD_INPUT,
     "--set steady_state={}: steady_state: found an unknown key; accepted: ... (did you mean steady_state.gap?)"),

    (["run", "nowhere.yaml"], BAD_INPUT, f"nowhere.yaml: found no such file; {YAML_FILE}"),
    (["run", "folder"], BAD_INPUT, f"folder: found a directory; {YAML_FILE}"),
    (["status", "nowhere.h5"], BAD_INPUT, f"nowhere.h5 does not exist; {ARCHIVE}"),
    (["status", "folder"], BAD_INPUT, f"folder is a folder; {ARCHIVE}"),
    (["export", "good.yaml"], BAD_INPUT, f"good.yaml is not an HDF5 file; {ARCHIVE}"),
    (["run", "good.yaml", "-o", "folder"], BAD_INPUT, f"folder is a folder; {ARCHIVE}"),
    (["run", "good.yaml", "-o", "good.yaml"], BAD_INPUT, f"good.yaml is not an HDF5 file; {ARCHIVE}{NOTHING}"),
    (["run", "good.yaml", "-o", "pipe"], BAD_INPUT, f"pipe is no regular file; {ARCHIVE}"),
    (["run", "good.yaml", "-o", "nowhere/a.h5"], ENVIRONMENT,
     "cannot create nowhere/a.h5: folder nowhere: No such file or directory"),
    (["run", "good.yaml", "-o", "bad.h5/a.h5"], ENVIRONMENT,
     "cannot create bad.h5/a.h5: bad.h5 is not a folder"),
    (["run", "good.yaml", "-o", "/proc/a.h5"], ENVIRONMENT,
     "cannot create /proc/a.h5: ...: " +
     ("No such file or directory" if os.geteuid() == 0 else "Permission denied")),

    # The sweep that bad.h5 was made for is good.yaml.
    (["run", "good.yaml", "--set", "kappa=0.2"], BAD_INPUT, "bad.h5 belongs to another sweep: kappa differs "
     "from this sweep file; give another -o, or the sweep file that the archive was made for"),
    (["run", "good.yaml", "--set", "N=[1,2,3]", "--set", "g_over_gc=0.5", "--set", "charging.samples=3"],
     BAD_INPUT, "bad.h5 belongs to another sweep: N, charging.samples, g, g_over_gc differ from this sweep "
     "file; ..."),
    (["run", "good.yaml", "--set", "steady_state.gap=true"], BAD_INPUT, "bad.h5 belongs to another sweep: "
     "steady_state, steady_state.gap differ from this sweep file; ..."),
    (["run", "good.yaml", "--set", "initial_state=ground_state"], BAD_INPUT,
     "bad.h5 belongs to another sweep: initial_state differs from this sweep file; ..."),

    # 60 atoms and 4000 Fock levels are 10^12 numbers in a state.
    (["run", "good.yaml", "-o", "a.h5", "--set", "N=[1,60]", "--set", "fock_dim=4000", "--set",
      "gamma_phi=0.1"], BAD_INPUT, "the point N=60 needs about ... TiB of memory, and ... are available: "
     "leave it out, or run on a machine with more memory"),
]


def remove(name):
    """What is done to an archive: a dataset or attribute is taken out."""
    def edit(file):
        del (file.attrs if name in file.attrs else file)[name]
    return edit


def set_attribute(name, value):
    return lambda file: file.attrs.__setitem__(name, value)


def shorten_status(file):
    del file["status"]
    file["status"] = [0]


def as_version(number):
    """As another program makes them: not one of today's whose version was damaged."""
    def edit(file):
        del file.attrs["sweep_checksum"]
        file.attrs["format_version"] = number
    return edit


HINT = "; `qbsweep run` with its sweep file keeps what is whole of it"
ANOTHER_SWEEP = f" is damaged: what it says of its sweep is not what it was made with{HINT}"

# What was done to a good archive (a number: how many of its bytes are left), and what is said of it.
ARCHIVES = {
    "nothing left": (0, f" is not an HDF5 file; {ARCHIVE}"),
    "a tenth left": (0.1, f" is a damaged HDF5 file: truncated file: ...{HINT}"),
    "nearly all left": (0.99, f" is a damaged HDF5 file: truncated file: ...{HINT}"),
    "another format": (remove("format"),
                       " is an HDF5 file, but no archive of qbsweep: it has no attribute 'format'"),
    "a format of that name": (set_attribute("format", "something"),
                              " is an HDF5 file, but no archive of qbsweep: its attribute 'format' is "
                              "'something', not 'qbsweep-archive'"),
    "a later version": (as_version(5),
                        " has the archive format version 5 of a newer qbsweep, and this program reads "
                        "versions 2 to 4: use that qbsweep, or run the sweep file again with another -o"),
    "an earlier version": (as_version(1),
                           " has the archive format version 1 of an older qbsweep, and this program reads "
                           "versions 2 to 4: use that qbsweep, or run the sweep file again with another -o"),
    "a damaged version": (set_attribute("format_version", 5), ANOTHER_SWEEP),
    "dataset missing": (remove("tau"), f" is damaged: cannot open dataset tau of ...{HINT}"),
    "dataset too short": (shorten_status, " is damaged: dataset status has the shape (1), but its sweep "
                          f"needs (2){HINT}"),
    "another sweep's text": (set_attribute("sweep_file", edited("0.25", "0.5")), ANOTHER_SWEEP),
    "no sweep file": (remove("sweep_file"), ANOTHER_SWEEP),
}

# What `run` refuses, too; from the others it takes over the points that are whole.
LOST = {"nothing left": NOTHING, "a tenth left": NOTHING, "a later version": "", "an earlier version": ""}


class BadInputTestCase(cli.CliTestCase):
    def refuse(self, arguments, code, message, ranks=None, **options):
        """The program ends with `code`, prints `message` as its one line, and leaves every file as it
        was. "..." in the message stands for any text."""
        before = self.everything()
        result = self.run_program(*arguments, ranks=ranks, **options)
        self.check_refused(result, code, message)
        self.assertEqual(self.everything(), before)

    def check_refused(self, result, code, message):
        pattern = "qbsweep: error: " + ".*".join(map(re.escape, message.split("..."))) + "\n"
        self.assertRegex(result.stderr, f"^{pattern}$")
        self.assertEqual(result.stderr.count("\n"), 1)
        self.assertEqual((result.returncode, result.stdout or ""), (code, ""))

    def everything(self):
        """The bytes of every file in the folder, None for what is none."""
        return {name: self.read(name) if os.path.isfile(self.path(name)) else None
                for name in os.listdir(self.folder)}

    def make_archive(self):
        """good.yaml, and its archive bad.h5."""
        self.write("good.yaml", SWEEP)
        self.succeed("run", "good.yaml")


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


class CommandLines(BadInputTestCase):
    def setUp(self):
        super().setUp()
        self.make_archive()
        os.mkdir(self.path("folder"))
        os.mkfifo(self.path("pipe"))

    def test_each_is_refused(self):
        for arguments, code, message in COMMAND_LINES:
            with self.subTest(arguments=arguments):
                self.refuse(arguments, code, message)

    def test_one_line_for_all_ranks(self):
        for arguments, code, message in COMMAND_LINES[::5]:
            with self.subTest(arguments=arguments):
                self.refuse(arguments, code, message, ranks=3)


class Archives(BadInputTestCase):
    def setUp(self):
        super().setUp()
        self.make_archive()

    def damage(self, how):
        shutil.copy(self.path("bad.h5"), self.path("damaged.h5"))
        if callable(how):
            with h5py.File(self.path("damaged.h5"), "r+") as file:
                how(file)
        else:
            os.truncate(self.path("damaged.h5"), int(how * os.path.getsize(self.path("bad.h5"))))

    def test_each_is_refused(self):
        for what, (how, message) in ARCHIVES.items():
            with self.subTest(what):
                self.damage(how)
                for command in "status", "export":
                    self.refuse([command, "damaged.h5"], BAD_INPUT, "damaged.h5" + message)
                self.refuse(["verify", "damaged.h5"], DAMAGED if HINT in message else BAD_INPUT,
                            "damaged.h5" + message)
                run = ["run", "good.yaml", "-o", "damaged.h5"]
                if what in LOST:
                    self.refuse(run, BAD_INPUT, "damaged.h5" + message.replace(HINT, "") + LOST[what])
                else:
                    result = self.run_program(*run)
                    self.assertEqual(result.returncode, 0, result.stderr)
                    self.assertIn("2 of 2 points are whole and kept", result.stderr)
                    self.assertEqual(archive_compare.differences(self.path("bad.h5"), self.path("damaged.h5")), [])
                    os.remove(self.path("damaged.h5.damaged"))

    def test_one_line_for_all_ranks(self):
        how, message = ARCHIVES["a tenth left"]
        self.damage(how)
        self.refuse(["run", "good.yaml", "-o", "damaged.h5"], BAD_INPUT,
                    "damaged.h5" + message.replace(HINT, NOTHING), ranks=3)

    def test_files_of_other_programs(self):
        with h5py.File(self.path("other.h5"), "w") as file:
            file["tau"] = [1.0, 2.0]
        for arguments, end in (["export", "other.h5"], ""), (["run", "good.yaml", "-o", "other.h5"], NOTHING):
            self.refuse(arguments, BAD_INPUT, "other.h5 is an HDF5 file, but no archive of qbsweep: "
                        "it has no attribute 'format'" + end)

    def test_name_that_leads_nowhere(self):
        os.symlink("nowhere/a.h5", self.path("link.h5"))
        result = self.run_program("run", "good.yaml", "-o", "link.h5")
        self.assertEqual((result.returncode, result.stderr),
                         (ENVIRONMENT, "qbsweep: error: cannot create link.h5: File exists\n"))


def limit(what, most):
    """Sets a resource limit in a child process."""
    return lambda: resource.setrlimit(what, (most, most))


class Disks(BadInputTestCase):
    # The launcher's own files must have room.
    LARGEST_FILE = 8_000_000
    LARGE = ["run", "good.yaml", "--set", "charging.samples=100000"]
    # Every point fails.
    FAILING = "run good.yaml -o disk/a.h5 --propagator ts -- -ts_max_steps 2"

    def setUp(self):
        super().setUp()
        self.write("good.yaml", SWEEP)
        os.mkdir(self.path("disk"))

    def test_file_size_limit(self):
        for ranks in None, 3:
            self.refuse(self.LARGE, ENVIRONMENT, "cannot create bad.h5: 18 MiB are needed: File too large",
                        ranks=ranks, preexec_fn=limit(resource.RLIMIT_FSIZE, self.LARGEST_FILE))

    def on_disk(self, options, script):
        """Runs a shell script in a namespace of its own, with a file system made by `options` mounted on
        the folder `disk`; returns subprocess's CompletedProcess."""
        script = f"mount -t tmpfs {options} tmpfs disk || exit 99\n{script}"
        result = subprocess.run(["unshare", "--map-root-user", "--mount", "bash", "-c", script, "bash",
                                 cli.PROGRAM], cwd=self.folder, env=cli.ENVIRONMENT, text=True,
                                stdin=subprocess.DEVNULL, capture_output=True, timeout=cli.PATIENCE)
        if result.returncode == 99 or result.stderr.startswith("unshare:"):
            self.skipTest("nothing can be mounted here: " + result.stderr)
        return result

    def test_disk_without_room(self):
        result = self.on_disk("-o size=1m", '"$1" ' + " ".join(self.LARGE) +
                              " -o disk/a.h5; code=$?; ls -A disk; exit $code")
        self.assertEqual((result.returncode, result.stdout), (ENVIRONMENT, ""))
        self.assertEqual(result.stderr, "qbsweep: error: cannot create disk/a.h5: 18 MiB are needed, and "
                         "1020 KiB are free on its disk\n")

    def test_disk_that_is_full_when_a_failure_is_to_be_noted(self):
        result = self.on_disk(
            "-o size=1m", f'"$1" {self.FAILING} 2>/dev/null; rm disk/*.jsonl\n'
            "head -c 2M /dev/zero >disk/filler 2>/dev/null\n"
            f'"$1" {self.FAILING}; code=$?\n'
            'rm disk/filler; "$1" run good.yaml -o disk/a.h5 2>/dev/null; echo "then $?"; exit $code')
        self.assertEqual((result.returncode, result.stdout), (ENVIRONMENT, "then 0\n"))
        self.assertEqual(result.stderr.splitlines()[-1], "qbsweep: error: rank 0: cannot write "
                         "disk/a.h5.failures.jsonl: No space left on device")

    def test_read_only_folder(self):
        result = self.on_disk("-o ro", '"$1" run good.yaml -o disk/a.h5')
        self.assertEqual((result.returncode, result.stderr), (
            ENVIRONMENT, "qbsweep: error: cannot create disk/a.h5: folder disk: Read-only file system\n"))

    def test_archive_in_a_read_only_folder(self):
        result = self.on_disk(
            "", f'"$1" {self.FAILING} 2>/dev/null; sum=$(md5sum disk/*)\n'
            "mount -o remount,ro disk\n"
            '"$1" run good.yaml -o disk/a.h5; code=$?\n'
            '[[ $(md5sum disk/*) == "$sum" ]] && echo unchanged; "$1" status disk/a.h5; exit $code')
        self.assertEqual(result.returncode, ENVIRONMENT)
        self.assertEqual(result.stdout.splitlines()[:2],
                         ["unchanged", "disk/a.h5: 0 of 2 points done, 2 failed, 0 pending"])
        self.assertEqual(result.stderr,
                         "qbsweep: error: cannot write disk/a.h5: folder disk: Read-only file system\n")

    def test_read_only_archive(self):
        """In a folder that takes files."""
        result = self.on_disk(
            "", f'"$1" {self.FAILING} 2>/dev/null\n'
            "mount --bind disk/a.h5 disk/a.h5 && mount -o remount,bind,ro disk/a.h5 || exit 99\n"
            'mpirun --quiet -n 2 "$1" run good.yaml -o disk/a.h5')
        self.assertEqual((result.returncode, result.stderr), (
            ENVIRONMENT, "qbsweep: error: cannot write disk/a.h5: Read-only file system\n"))

    def test_output_that_nobody_takes(self):
        self.succeed("run", "good.yaml")
        with open("/dev/full", "w", encoding="ascii") as full:
            for arguments in (["export", "bad.h5"], ["status", "bad.h5"], ["plan", "good.yaml"],
                              ["validate", "good.yaml"], ["--help"]):
                with self.subTest(arguments=arguments):
                    self.refuse(arguments, ENVIRONMENT, "cannot write to the standard output: "
                                "No space left on device", stdout=full)


class Memory(BadInputTestCase):
    # Of address space, of which libraries take more than they use.
    MOST = 4 << 30

    def write_large(self, atoms):
        self.write("large.yaml", edited("fock_dim: 5", "fock_dim: 130\n  gamma_phi: 0.1", "[1, 2]", atoms))

    def test_point_that_does_not_fit(self):
        self.write_large("[1, 14]")
        for ranks in None, 3:
            self.refuse(["run", "large.yaml", *cli.PLAIN_PATH], BAD_INPUT, "the point N=14 needs about ... GiB of memory, and "
                        "... are available: leave it out, or run on a machine with more memory",
                        ranks=ranks, preexec_fn=limit(resource.RLIMIT_AS, self.MOST))

    def test_steady_state_that_does_not_fit(self):
        self.write("large.yaml", edited("fock_dim: 5", "fock_dim: 41\n  gamma_phi: 0.1", "[1, 2]", "[1, 10]",
                                        "charging: {t_max: 1.0}", "steady_state: {method: shift_invert}"))
        self.refuse(["run", "large.yaml"], BAD_INPUT, "the point N=10 needs about ... GiB of memory, and ... are "
                    "available: leave it out, or run on a machine with more memory",
                    preexec_fn=limit(resource.RLIMIT_AS, self.MOST))

    def test_points_that_do_not_fit_together(self):
        self.write_large("[1, 8, 9, 10]")
        self.refuse(["run", "large.yaml", *cli.PLAIN_PATH], BAD_INPUT, "the 3 largest points, one on each rank of a machine, "
                    "need about ... GiB of memory, and ... are available: start fewer ranks (the largest, "
                    "N=10, needs ... GiB)", ranks=3, preexec_fn=limit(resource.RLIMIT_AS, self.MOST))


if __name__ == "__main__":
    unittest.main()
