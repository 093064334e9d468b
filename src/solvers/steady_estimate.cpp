#include "qbsweep/solvers/steady_estimate.hpp"

#include <cmath>

#include "qbsweep/solvers/fock_levels.hpp"

namespace qbsweep {
namespace {

constexpr double process_bytes = 60e6;
constexpr double seconds_per_point = 5e-3;

}  // namespace

SteadyEstimate estimate_steady_state(const BatteryParameters& battery,
                                     const SteadyStateSettings& settings) {
  SteadyEstimate estimate;
  estimate.fock_dim =
      settings.auto_fock_dim ? guess_fock_dim(battery, settings.tolerance) : battery.fock_dim;
  estimate.unknowns =
      static_cast<double>(count_unknowns(battery.N, estimate.fock_dim, has_local_noise(battery)));
  estimate.memory_bytes = process_bytes + 400 * estimate.unknowns;
  estimate.seconds = seconds_per_point + 1e-5 * estimate.unknowns;
  return estimate;
}

}  // namespace qbsweep
