#!/usr/bin/env bash
# From a fresh clone on Debian 12 to the end of the test suite: installs what is missing, configures, builds
# (in build-ci or build-sanitize: the program in build stays as it is), checks the style, runs the tests. Ends
# with ctest's summary; the exit code is that of the stage that failed.
#
#   tests/run.sh               the suite: everything but what is labelled slow
#   tests/run.sh --slow        the tests labelled slow
#   tests/run.sh --sanitize    the unit tests under the address and undefined-behaviour sanitizers
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=jobs/debian-packages.sh
. jobs/debian-packages.sh

mode=${1:-suite}
preset=ci
case $#$mode in
  0suite | 1--slow) ;;
  1--sanitize) preset=sanitize ;;
  *)
    echo "usage: tests/run.sh [--slow | --sanitize]" >&2
    exit 1
    ;;
esac

jobs=$(env -u OMP_NUM_THREADS nproc)  # nproc would obey the 1 that many set for MPI programs

((EUID)) || test_packages+=("${slurm_packages[@]}")  # their tests are skipped without them
require_packages "${program_packages[@]}" "${test_packages[@]}"

echo "== Configuring (preset $preset)"
cmake --preset "$preset" -D QBSWEEP_TESTS=ON --log-level=WARNING
echo "== Building"
cmake --build --preset "$preset" -j "$jobs"

case $mode in
  suite)
    tests/style.sh build-ci
    echo "== Tests"
    ctest --preset ci -j "$((jobs + 1))"  # many mostly wait: for Slurm, a time limit, a signal
    ;;
  --slow)
    echo "== Slow tests"
    ctest --test-dir build-ci -L slow -j "$jobs" --output-on-failure --no-tests=error
    ;;
  --sanitize)
    echo "== Unit tests with sanitizers"
    # Whole call stacks, which fast unwinding does not give, are what leaks.supp is matched with.
    ASAN_OPTIONS=detect_leaks=1:fast_unwind_on_malloc=0 \
    LSAN_OPTIONS=suppressions=$PWD/tests/leaks.supp:print_suppressions=0 \
      ctest --preset sanitize -j "$jobs"
    ;;
esac
