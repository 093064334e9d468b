// What all that is asked of a steady state costs.
#include <algorithm>

#include "qbsweep/dynamics/level_estimate.hpp"
#include "qbsweep/spectrum/liouvillian_gap.hpp"
#include "qbsweep/spectrum/steady_estimate.hpp"
#include "steady_seconds.hpp"

namespace qbsweep {
namespace {

/// Of a process that computes nothing yet.
constexpr double process_bytes = 55e6;

double unknowns_of(const BatteryParameters& battery) {
  return static_cast<double>(count_unknowns(battery.N, battery.fock_dim, has_local_noise(battery)));
}

/// With which automatic levels begin.
constexpr int fewest_levels = 8;

}  // namespace

SteadyEstimate estimate_steady_point(const BatteryParameters& battery,
                                     const SteadyStateSettings& settings) {
  BatteryParameters kept = battery;
  if (settings.auto_fock_dim) {
    constexpr double more = 1.1;
    kept.fock_dim = std::clamp(static_cast<int>(more * guess_steady_levels(battery)), fewest_levels,
                               most_estimated_levels);
  }
  SteadyEstimate estimate = estimate_steady_state(kept, settings);
  estimate.fock_dim = kept.fock_dim;
  estimate.unknowns = unknowns_of(kept);
  // The number of shift_invert is of the whole process.
  estimate.memory_bytes += estimate.method == SteadyMethod::shift_invert ? 0.0 : process_bytes;
  if (settings.auto_fock_dim) {
    // The fewest levels are tried first, then others on the way.
    constexpr double tries = 1.5;
    BatteryParameters fewest = battery;
    fewest.fock_dim = fewest_levels;
    estimate.seconds =
        kept.fock_dim > fewest.fock_dim
            ? tries * estimate.seconds + estimate_steady_state(fewest, settings).seconds
            : estimate.seconds;
  }
  if (settings.gap) {
    estimate.memory_bytes =
        std::max(estimate.memory_bytes, process_bytes + liouvillian_gap_bytes(kept));
    estimate.seconds += gap_seconds(kept);
  }
  return estimate;
}

}  // namespace qbsweep
