#include "qbsweep/solvers/steady_estimate.hpp"

#include <algorithm>
#include <cmath>

namespace qbsweep {
namespace {

// Measured on one core with PETSc 3.18 and OpenBLAS (N = 2 .. 8).
constexpr double process_bytes = 55e6;
constexpr double seconds_per_point = 5e-3;

/// The Fock levels with which a steady state loses less than 1e-6 by truncation, for Dicke within a
/// third (N = 1 .. 4, up to twice the critical coupling). The one of Tavis-Cummings is the vacuum.
int guess_steady_levels(const BatteryParameters& battery) {
  constexpr int fewest = 8;
  if (battery.interaction == Interaction::tavis_cummings) {
    return fewest;
  }
  const double g = effective_coupling(battery) * std::sqrt(battery.N);
  const double g_over_gc =
      g / critical_coupling(battery.interaction, battery.omega_0, battery.omega_c);
  const double heating = 1 + battery.gamma_phi / battery.omega_0;
  const double levels = fewest + 16 * g_over_gc * g_over_gc * heating;
  constexpr double most = 1e4;
  return static_cast<int>(std::min(levels, most));
}

/// The factors of the assembled Liouvillian fill up with both the pairs of spin states and the
/// pairs of Fock levels.
void add_shift_invert(const BatteryParameters& battery, SteadyEstimate& estimate) {
  const double levels = estimate.fock_dim;
  const double spin_elements = estimate.unknowns / (levels * levels);
  // Tavis-Cummings falls into sectors of one k each.
  const double filled = battery.interaction == Interaction::dicke ? 1.0 : 0.2;
  estimate.memory_bytes += filled * 15.3 * std::pow(spin_elements, 1.85) * std::pow(levels, 2.75);
  estimate.seconds += filled * 1.04e-7 * std::pow(spin_elements, 1.9) * std::pow(levels, 2.7);
}

}  // namespace

SteadyEstimate estimate_steady_state(const BatteryParameters& battery,
                                     const SteadyStateSettings& settings) {
  SteadyEstimate estimate;
  estimate.fock_dim = settings.auto_fock_dim ? guess_steady_levels(battery) : battery.fock_dim;
  estimate.unknowns =
      static_cast<double>(count_unknowns(battery.N, estimate.fock_dim, has_local_noise(battery)));
  estimate.memory_bytes = process_bytes;
  estimate.seconds = seconds_per_point;
  add_shift_invert(battery, estimate);
  return estimate;
}

}  // namespace qbsweep
