#!/usr/bin/env bash
# From a fresh clone on Debian 12 to a first checked number: installs what is missing, builds the program,
# runs inputs/quickstart.yaml on all cores and compares one of its numbers with the README's. Run it again
# at any time: it resumes where it left off.
#
# Exit codes: 0 all is well; 1 the number does not agree; 2 packages are missing and cannot be installed,
# or the README holds no number; otherwise that of the step that failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=jobs/debian-packages.sh
. jobs/debian-packages.sh
# shellcheck source=jobs/start-checks.sh
. jobs/start-checks.sh

sweep=inputs/quickstart.yaml
archive=quickstart.h5
program=build/src/qbsweep

require_packages "${program_packages[@]}"

echo "== Building"
cmake --preset release -D QBSWEEP_TESTS=OFF --log-level=WARNING
cmake --build --preset release --target qbsweep

# One thread a rank: the ranks are what fills the cores.
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
if ((EUID == 0)); then
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi

echo "== Running $sweep"
run=(mpirun --quiet "$program" run "$sweep" -o "$archive")  # one rank a core, for no -n is given
"${run[@]}" || { code=$?; explain_launcher "$program" "${run[@]}"; exit "$code"; }
"$program" export "$archive" --format table

# The README's number is the last decimal one before <!-- quickstart: COLUMN KEY=VALUE ... --> on its line.
expected=$(sed -nE 's/(^|.*[^0-9.])([0-9]+\.[0-9]+).*<!-- quickstart: (.*[^ ]) *-->.*/\2 \3/p' README.md)
read -r number column point <<<"$expected"
if [[ -z $number || -z $column || -z $point ]]; then
  echo "README.md has no line with a number and the mark <!-- quickstart: COLUMN KEY=VALUE ... -->" >&2
  exit 2
fi
"$program" export "$archive" --format csv |
  LC_ALL=C awk -F, -v number="$number" -v column="$column" -v point="$point" '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; keys = split(point, key, " "); next }
    {
      for (k = 1; k <= keys; k++) {
        split(key[k], pair, "=")
        if (!(pair[1] in at) || $at[pair[1]] != pair[2]) next
      }
      if (column in at) computed = $at[column]
    }
    END {
      gsub(" ", ", ", point)
      if (computed !~ /^[0-9.e+-]+$/) {
        printf "%s at %s: no number in the archive\n", column, point
        exit 1
      }
      difference = computed < number ? number - computed : computed - number
      agrees = difference <= 1e-7
      printf "%s at %s: %.9f, README says %s: %s (difference %.0e)\n", column, point, computed, number,
             agrees ? "agrees" : "DOES NOT AGREE", difference
      exit !agrees
    }'
