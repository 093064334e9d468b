#!/usr/bin/env bash
# tests/style.sh [BUILD]: clang-format, shellcheck and clang-tidy over the project's files. BUILD (default:
# build-ci) is a build folder of preset ci, for how the files are compiled and for the generated header.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=${1:-build-ci}

echo "== clang-format"
find include src tests -name '*.[ch]pp' -print0 | xargs -0 clang-format --dry-run -Werror

echo "== shellcheck"
shellcheck -x jobs/*.sh jobs/*.sbatch tests/*.sh .ci/run

echo "== clang-tidy"
# Clang does not know every warning that GCC's flags name. What goes to standard error are counts of
# suppressed warnings, worth reading only where a file could not be checked.
counts=$build/clang-tidy.log
if ! find src -name '*.cpp' -print0 |
     xargs -0 -n 1 -P "$(env -u OMP_NUM_THREADS nproc)" \
       clang-tidy -p "$build" --quiet -extra-arg=-Wno-unknown-warning-option 2>"$counts"; then
  grep '^Error' "$counts" >&2 || true
  exit 1
fi
