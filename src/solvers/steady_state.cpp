#include "qbsweep/solvers/steady_state.hpp"

#include <algorithm>

#include "qbsweep/support/error.hpp"

namespace qbsweep {

double steady_truncation_tolerance(const SteadyStateSettings& settings) {
  return std::max(1e-6, settings.tolerance);
}

SteadyStateResult steady_state(MPI_Comm /*comm*/, const BatteryParameters& /*battery*/,
                               const SteadyStateSettings& /*settings*/) {
  throw EnvironmentError("steady states are not there yet");
}

}  // namespace qbsweep
