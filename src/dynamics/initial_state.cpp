#include "initial_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "qbsweep/dynamics/ground_state.hpp"
#include "qbsweep/model/battery_state.hpp"
#include "qbsweep/model/charger_state.hpp"
#include "qbsweep/model/reductions.hpp"
#include "qbsweep/operators/sector_state.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {

int ground_excitations(const BatteryParameters& battery) {
  // With K excitations H_I is at most g' (N + 1) sqrt(K), twice its largest element; where that is
  // below the K quanta themselves the vacuum lies lower.
  const double most_sqrt =
      effective_coupling(battery) * (battery.N + 1) / std::min(battery.omega_0, battery.omega_c);
  BatteryParameters wide = battery;
  wide.fock_dim = 2 + static_cast<int>(most_sqrt * most_sqrt);
  const std::vector<double> amplitudes = ground_state(MPI_COMM_SELF, wide).amplitudes;
  const auto occupied = static_cast<int>(
      std::find_if(amplitudes.begin(), amplitudes.end(), [](double a) { return a != 0; }) -
      amplitudes.begin());
  return occupied / wide.fock_dim + occupied % wide.fock_dim;
}

namespace {

/// The ground state of H alone.
std::vector<double> ground_amplitudes(const BatteryParameters& battery) {
  std::vector<double> amplitudes = ground_state(MPI_COMM_SELF, battery).amplitudes;
  if (excitations_are_bounded(battery)) {
    const int excitations = ground_excitations(battery);
    if (excitations >= battery.fock_dim) {
      throw InputError(fmt::format(
          "fock_dim = {} cuts the ground state, which holds {} excitations: auto is accepted, or "
          "more levels than the ground state's excitations",
          battery.fock_dim, excitations));
    }
  }
  return amplitudes;
}

/// The charger's, on the levels that are left for it.
ChargerState charger_beside_atoms(const BatteryParameters& battery) {
  const int atoms = excitations_are_bounded(battery) ? most_excited_at_first(battery) : 0;
  const int levels = battery.fock_dim - atoms;
  if (levels < 1) {
    throw InputError(fmt::format(
        "fock_dim = {} does not hold the {} excitations of the atoms: auto is accepted, or more "
        "levels than excitations",
        battery.fock_dim, atoms));
  }
  return charger_state(battery.charger, battery.m, levels);
}

}  // namespace

double InitialMixture::element(int fock_dim, int i, int n, int k, int l) const {
  double sum = 0.0;
  for (const std::vector<double>& pure : pure_states) {
    const int rows = static_cast<int>(pure.size()) / fock_dim;
    if (i < rows && k < rows) {
      sum += pure[static_cast<std::size_t>(i) * fock_dim + n] *
             pure[static_cast<std::size_t>(k) * fock_dim + l];
    }
  }
  return sum;
}

void InitialMixture::set(const MatrixFreeOperator& part, double* x) const {
  part.set_pure_state(pure_states.front(), x);
  if (pure_states.size() == 1) {
    return;
  }
  const std::int64_t size = part.size();
  SectorState other(size);
  for (std::size_t s = 1; s < pure_states.size(); ++s) {
    part.set_pure_state(pure_states[s], other.data());
    for (std::int64_t e = 0; e < size; ++e) {
      x[e] += other.data()[e];
    }
  }
}

InitialMixture initial_mixture(const BatteryParameters& battery) {
  if (battery.initial_state == InitialState::ground_state) {
    return {{ground_amplitudes(battery)}};
  }
  const ChargerState charger = charger_beside_atoms(battery);
  const std::vector<double> atoms = battery_amplitudes(battery);
  InitialMixture first;
  first.weight_cut = charger.weight_cut;
  const auto add = [&](int first_level, int end_level) {
    std::vector<double>& pure =
        first.pure_states.emplace_back(atoms.size() * static_cast<std::size_t>(battery.fock_dim));
    for (std::size_t i = 0; i < atoms.size(); ++i) {
      for (int n = first_level; n < end_level; ++n) {
        pure[i * battery.fock_dim + n] = atoms[i] * charger.amplitudes[n];
      }
    }
  };
  const auto levels = static_cast<int>(charger.amplitudes.size());
  if (!charger.mixed) {
    add(0, levels);
    return first;
  }
  for (int n = 0; n < levels; ++n) {
    add(n, n + 1);
  }
  return first;
}

}  // namespace qbsweep
