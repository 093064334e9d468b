#!/usr/bin/env bash
# A sweep on all cores of this machine:
#
#   jobs/workstation.sh [-n RANKS] SWEEP.yaml [options of `qbsweep run`]
#
# Ctrl-C, SIGTERM or a closed terminal stops it early and loses nothing: the points under way are
# finished and the exit code is 75. A second Ctrl-C gives up those too. The same line again resumes.
#
# mpirun alone would answer Ctrl-C by killing the ranks a second later. But it passes SIGUSR1 on to them,
# so this script keeps it out of the terminal's reach and sends it that instead.
#
# Exit codes: those of `qbsweep run`; 126 or 127 if the program cannot be run.
set -u

# What you may want to change, here or in the environment: the program. Empty: build/src/qbsweep of this
# checkout, or bin/qbsweep of this installation, or the qbsweep in PATH.
program=${QBSWEEP:-}

launch=(mpirun --quiet)  # one rank a core, for no -n is given
while getopts n: option; do
  case $option in
    n) launch+=(-n "$OPTARG") ;;
    *) exit 1 ;;
  esac
done
shift $((OPTIND - 1))
if (($# == 0)); then
  echo "usage: $0 [-n RANKS] SWEEP.yaml [options of qbsweep run]" >&2
  exit 1
fi

if [[ -z $program ]]; then
  jobs=$(dirname "${BASH_SOURCE[0]}")
  program=qbsweep
  for place in "$jobs/../build/src/qbsweep" "$jobs/../../../bin/qbsweep"; do
    [[ ! -x $place ]] || { program=$place; break; }
  done
fi

# shellcheck source=jobs/start-checks.sh
. "$(dirname "${BASH_SOURCE[0]}")/start-checks.sh" || exit 2
check_program "$program" || exit

# One thread a rank: the ranks are what fills the cores.
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
if ((EUID == 0)); then
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi

# shellcheck disable=SC2317  # called by the trap
stop() {
  interrupted=yes
  local mpirun=${!:-}
  [[ $mpirun ]] || exit 75  # nothing was started yet
  ask_to_stop "$mpirun"
}

trap stop INT TERM HUP
setsid "${launch[@]}" "$program" run "$@" &
mpirun=$!

# A signal ends `wait`, whether or not mpirun has ended.
interrupted=yes
while [[ $interrupted ]]; do
  interrupted=
  wait "$mpirun"
  code=$?
done
case $code in
  0 | 3 | 75) ;;
  *) explain_launcher "$program" "${launch[@]}" "$program" ;;
esac
# Killed by SIGUSR1, before they could watch for it: nothing was begun.
((code == 128 + $(kill -l USR1))) && code=75
exit "$code"
