#!/usr/bin/env bash
# Every figure of the paper, from inputs/fig2.yaml to fig10*.yaml to the pictures:
#
#   jobs/reproduce_paper.sh [RESULTS]        # RESULTS: a folder, `results` unless given
#
# RESULTS/converged gets each sweep with as many Fock levels as it needs and m up to 80, and what the
# figures have in common for N up to 20 (Tavis-Cummings alone: 30); RESULTS/paper the input files as they
# are, with the paper's 4 m + 1. Then the figures are drawn (RESULTS/figures, PNG and PDF), the effect of
# the truncation is tabulated, and the paper's statements are checked, one line each. Stopped (Ctrl-C,
# SIGTERM: as jobs/workstation.sh) or killed at any moment, the same line again resumes.
#
# Exit codes: 0 all statements came out as the README says; 1 one did not; 2 packages are missing and
# cannot be installed; otherwise that of the step that failed (75: stopped early, run it again).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=jobs/debian-packages.sh
. jobs/debian-packages.sh

results=${1:-results}

require_packages "${program_packages[@]}" "${plot_packages[@]}"
if [[ -z ${QBSWEEP:-} ]]; then
  echo "== Building"
  cmake --preset release -D QBSWEEP_TESTS=OFF --log-level=WARNING
  cmake --build --preset release --target qbsweep
fi
mkdir -p "$results/converged" "$results/paper"

# A signal is passed on to the sweep that is running, which answers it; between two of them nothing is lost.
running=
# shellcheck disable=SC2317  # called by the trap
stop() {
  interrupted=yes
  [[ $running ]] || exit 75
  kill -TERM "$running" 2>/dev/null
}
trap stop INT TERM HUP

# sweep ARCHIVE INPUT [OPTIONS of qbsweep run]
sweep() {
  local archive=$results/$1.h5 input=$2 code
  shift 2
  echo "== $archive"
  jobs/workstation.sh "inputs/$input.yaml" -o "$archive" "$@" &
  running=$!
  # A signal ends `wait`, whether or not the sweep has ended.
  interrupted=yes
  while [[ $interrupted ]]; do
    interrupted=''
    code=0
    wait "$running" || code=$?
  done
  running=
  return "$code"
}

list() { echo "[$(seq -s, "$1" "$2")]"; }

for figure in fig2 fig3 fig4 fig5 fig6 fig7 fig8 fig9 fig9_detuning fig9_charger_energy \
              fig10 fig10_detuning fig10_charger_energy; do
  converged=(--set fock_dim=auto)
  case $figure in
    fig2) converged=() ;;  # fock_dim is an axis of its own
    # With a twentieth of the losses dephasing heats the cavity all the time, to 27 photons and a long tail; 129
    # levels have the battery's energy within 3e-4.
    fig3) converged=(--set fock_dim=129 --set charging.tolerance=1e-6) ;;
    fig8 | fig9_charger_energy | fig10_charger_energy)
      converged+=(--set "m=[1,2,3,4,6,8,10,12,16,20,30,40,60,80]")
      ;;
  esac
  sweep "converged/$figure" "$figure" "${converged[@]}"
  [[ $figure == fig2 ]] || sweep "paper/$figure" "$figure"
done

# Larger N, once for all figures that have the same points. For N from 5 to 12 every tau lies in the first 7.5 of the
# window of 20 (g / sqrt(N)), or in 4 / sqrt(N) of 20 / sqrt(N) (bare), but for Fock chargers without noise; so
# these windows are shorter.
for charger in coherent:fig5 fock:fig9; do
  archive=converged/${charger%:*} input=${charger#*:}
  sweep "${archive}_sqrt_n" "$input" --set fock_dim=auto --set "N=$(list 13 20)" \
        --set "coupling_scaling=[sqrt_n]" --set charging.t_max=12
  sweep "${archive}_bare" "$input" --set fock_dim=auto --set "N=$(list 13 20)" \
        --set "coupling_scaling=[bare]" --set charging.t_max=1.25
  sweep "${archive}_tavis_cummings" "$input" --set fock_dim=auto --set "N=$(list 21 30)" \
        --set "interaction=[tavis_cummings]"
done

trap - INT TERM HUP
echo "== Figures"
/usr/bin/python3 -B -m plots.paper "$results"
echo "== What truncation does"
/usr/bin/python3 -B -m plots.truncation "$results"
echo "== The paper's statements"
/usr/bin/python3 -B -m plots.statements "$results"
