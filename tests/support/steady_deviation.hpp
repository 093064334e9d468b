#pragma once
/// \file
/// How far a steady state that was found is from the right one.

#include <algorithm>
#include <cmath>
#include <vector>

#include "qbsweep/spectrum/steady_state.hpp"
#include "spectrum/steady_energies.hpp"

namespace qbsweep::testing {

/// The largest deviation of the numbers that SteadyStateResult::error bounds, in the unit of
/// energy.
/// \param state  the right one, on as many Fock levels as `battery` has
inline double steady_deviation(const BatteryParameters& battery, const SteadyStateResult& result,
                               const std::vector<double>& state) {
  const SteadyEnergies right = SteadyObserver(battery).energies(state);
  double largest = std::max({std::abs(result.battery_energy - right.battery.energy),
                             battery.omega_c * std::abs(result.photon_number - right.photon_number),
                             std::abs(result.interaction_energy - right.interaction),
                             std::abs(result.total_energy - right.total)});
  for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
    largest = std::max(largest, std::abs(result.ergotropy[d] - right.battery.ergotropy[d]));
  }
  return largest;
}

}  // namespace qbsweep::testing
