#include "first_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "qbsweep/physics/charger_state.hpp"
#include "qbsweep/solvers/ground_state.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {

int ground_excitations(const BatteryParameters& battery, const std::vector<double>& amplitudes) {
  const auto some = static_cast<int>(
      std::find_if(amplitudes.begin(), amplitudes.end(), [](double a) { return a != 0; }) -
      amplitudes.begin());
  return some / battery.fock_dim + some % battery.fock_dim;
}

FirstState first_state(const BatteryParameters& battery) {
  if (battery.initial_state == InitialState::charged_cavity) {
    ChargerState charger = charger_state(battery.charger, battery.m, battery.fock_dim);
    return {std::move(charger.amplitudes), charger.weight_cut};
  }
  FirstState first;
  first.amplitudes = ground_state(MPI_COMM_SELF, battery).amplitudes;
  if (battery.interaction == Interaction::tavis_cummings) {
    const int excitations = ground_excitations(battery, first.amplitudes);
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
