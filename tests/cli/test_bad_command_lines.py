"""Every mistake in a command line is refused in one line."""

import os
import unittest

from refusals import ARCHIVE, BAD_INPUT, ENVIRONMENT, METHODS, NOTHING, BadInputTestCase

CLI_HELP = "(qbsweep{} --help lists what is accepted)"
COMMANDS = "accepted: run, plan, validate, status, merge, verify or export"
EXPLAINED = "(qbsweep --help explains them)"
RUN_OPTIONS = ("accepted: --help, --set, --output, --shard, --time-limit, --checkpoint-every, --operator or "
               "--propagator")
PETSC = ("accepted: PETSc options after the command run only, "
         "as in run fig4.yaml --propagator ts -- -ts_rk_type 8vr")
YAML_FILE = "accepted: a sweep file (YAML) that can be read"

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
     "steady_state.tolerance, ..., observables, photon_levels, name or ranks_per_point (did you mean kappa?)"),
    (["run", "good.yaml", "--set", "schedule.coupling.width=1"], BAD_INPUT, "--set schedule.coupling.width=1: "
     "coupling.width: found a number of a control that the schedule does not have; accepted: one of a control in "
     "the section schedule"),
    (["run", "good.yaml", "--set", "schedule.coupling=1"], BAD_INPUT, "--set schedule.coupling=1: "
     "schedule.coupling: found 1; accepted: {shape: ..., ...}"),
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


if __name__ == "__main__":
    unittest.main()
