#pragma once
// How far two computations of one charging run are apart.
#include <algorithm>
#include <cmath>

#include "qbsweep/dynamics/charging_result.hpp"
#include "qbsweep/model/parameters.hpp"

namespace qbsweep::testing {

/// The largest difference of any maximum and any sample, as an energy: photons count omega_c,
/// powers over omega_0.
inline double largest_difference(const BatteryParameters& battery, const ChargingResult& a,
                                 const ChargingResult& b) {
  double largest = 0.0;
  const auto compare = [&](double x, double y, double unit = 1.0) {
    largest = std::max(largest, std::abs(x - y) * unit);
  };
  compare(a.figures.battery_energy_max, b.figures.battery_energy_max);
  compare(a.figures.power_energy_max, b.figures.power_energy_max, 1 / battery.omega_0);
  for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
    compare(a.figures.ergotropy_max[d], b.figures.ergotropy_max[d]);
    compare(a.figures.power_ergotropy_max[d], b.figures.power_ergotropy_max[d],
            1 / battery.omega_0);
  }
  for (std::size_t s = 0; s < a.trajectory.time.size(); ++s) {
    compare(a.trajectory.of("battery_energy")[s], b.trajectory.of("battery_energy")[s]);
    compare(a.trajectory.of("photon_number")[s], b.trajectory.of("photon_number")[s],
            battery.omega_c);
    compare(a.trajectory.of("interaction_energy")[s], b.trajectory.of("interaction_energy")[s]);
    compare(a.trajectory.of("total_energy")[s], b.trajectory.of("total_energy")[s]);
    for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
      compare(a.trajectory.ergotropy[d][s], b.trajectory.ergotropy[d][s]);
    }
  }
  return largest;
}

}  // namespace qbsweep::testing
