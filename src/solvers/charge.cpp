#include "qbsweep/solvers/charge.hpp"

#include <fmt/format.h>

#include "qbsweep/solvers/charge_estimate.hpp"
#include "qbsweep/solvers/chebyshev_charge.hpp"
#include "qbsweep/solvers/fock_levels.hpp"
#include "qbsweep/solvers/ts_charge.hpp"
#include "qbsweep/support/duration.hpp"
#include "qbsweep/support/error.hpp"
#include "qbsweep/support/node_memory.hpp"

namespace qbsweep {
namespace {

ChargeResult charge_on_levels(MPI_Comm comm, const BatteryParameters& battery,
                              const ChargeSettings& settings, const StepCallback& on_step) {
  switch (settings.propagator) {
    case Propagator::ts:
      return ts_charge(comm, battery, settings, on_step);
    case Propagator::chebyshev:
      break;
  }
  return chebyshev_charge(battery, settings, on_step);
}

}  // namespace

ChargeResult charge(MPI_Comm comm, const BatteryParameters& battery, const ChargeSettings& settings,
                    const StepCallback& on_step) {
  if (!settings.auto_fock_dim) {
    ChargeResult result = charge_on_levels(comm, battery, settings, on_step);
    result.diagnostics.truncation_error = truncation_error(battery, result.diagnostics);
    return result;
  }
  ChargeSettings fixed = settings;
  fixed.auto_fock_dim = false;
  BatteryParameters tried = battery;
  tried.fock_dim = predict_fock_dim(battery, settings.t_max, settings.tolerance);
  std::int64_t applications = 0;
  for (;; tried.fock_dim += std::max(4, tried.fock_dim / 4)) {
    const double needed = estimate_charge(tried, fixed).memory_bytes;
    if (needed > available_memory_bytes()) {
      throw EnvironmentError(fmt::format(
          "fock_dim: auto needs {} levels or more, and with them about {} of memory, of which {} "
          "are available",
          tried.fock_dim, size_text(needed), size_text(available_memory_bytes())));
    }
    ChargeResult result = charge(comm, tried, fixed, on_step);
    applications += result.diagnostics.operator_applications;
    if (result.diagnostics.truncation_error <= settings.tolerance) {
      result.diagnostics.operator_applications = applications;
      return result;
    }
  }
}

}  // namespace qbsweep
