#include "first_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "qbsweep/physics/charger_state.hpp"
#include "qbsweep/solvers/ground_state.hpp"
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

FirstState first_state(const BatteryParameters& battery) {
  if (battery.initial_state == InitialState::charged_cavity) {
    ChargerState charger = charger_state(battery.charger, battery.m, battery.fock_dim);
    return {std::move(charger.amplitudes), charger.weight_cut};
  }
  FirstState first;
  first.amplitudes = ground_state(MPI_COMM_SELF, battery).amplitudes;
  if (battery.interaction == Interaction::tavis_cummings) {
    const int excitations = ground_excitations(battery);
    if (excitations >= battery.fock_dim) {
      throw InputError(fmt::format(
          "fock_dim = {} cuts the ground state, which holds {} excitations: auto is accepted, or "
          "more levels than the ground state's excitations",
          battery.fock_dim, excitations));
    }
  }
  return first;
}

}  // namespace qbsweep
