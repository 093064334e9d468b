#include "qbsweep/solvers/charge.hpp"

#include <fmt/format.h>

#include <optional>

#include <algorithm>

#include "qbsweep/solvers/charge_estimate.hpp"
#include "qbsweep/solvers/charge_path.hpp"
#include "qbsweep/solvers/chebyshev_charge.hpp"
#include "qbsweep/solvers/collocation_charge.hpp"
#include "qbsweep/solvers/fock_levels.hpp"
#include "qbsweep/solvers/ts_charge.hpp"
#include "qbsweep/support/error.hpp"
#include "qbsweep/support/mpi.hpp"
#include "qbsweep/support/node_memory.hpp"

namespace qbsweep {
namespace {

ChargeResult charge_on_levels(MPI_Comm comm, const BatteryParameters& battery,
                              const ChargeSettings& settings, const Watch& watch,
                              std::int64_t earlier_applications) {
  const ChargePath path = charge_path(battery, settings);
  switch (path.method) {
    case ChargePath::Method::integrator:
      return ts_charge(comm, battery, settings, watch);
    case ChargePath::Method::collocation:
      return collocation_charge(comm, battery, settings, watch);
    case ChargePath::Method::none:
      throw EnvironmentError(path.refusal);
    case ChargePath::Method::series:
      break;
  }
  return chebyshev_charge(comm, battery, settings, watch, earlier_applications);
}

/// Refuses, before levels are looked for, what does not end on the fewest there can be.
void refuse_what_does_not_end(BatteryParameters battery, const ChargeSettings& settings) {
  battery.fock_dim =
      battery.charger == Charger::fock ? std::max(2, static_cast<int>(battery.m) + 1) : 2;
  const ChargePath path = charge_path(battery, settings);
  if (path.method == ChargePath::Method::none) {
    throw EnvironmentError(path.refusal);
  }
}

void check_memory(const BatteryParameters& battery, const ChargeSettings& settings, int ranks) {
  const double needed =
      memory_per_rank(battery, estimate_charge(battery, settings).memory_bytes, ranks);
  if (needed > available_memory_bytes()) {
    throw EnvironmentError(fmt::format(
        "fock_dim: auto needs {} levels or more, and with them about {} of memory, of which {} "
        "are available",
        battery.fock_dim, size_text(needed), size_text(available_memory_bytes())));
  }
}

}  // namespace

ChargeResult charge(MPI_Comm comm, const BatteryParameters& battery, const ChargeSettings& settings,
                    const Watch& watch) {
  if (!settings.auto_fock_dim) {
    ChargeResult result = charge_on_levels(comm, battery, settings, watch, 0);
    result.diagnostics.truncation_error =
        truncation_error(battery, result.diagnostics,
                         no_jump_error(battery, settings.t_max, result.diagnostics.fock_tail_max));
    return result;
  }
  refuse_what_does_not_end(battery, settings);
  ChargeSettings fixed = settings;
  fixed.auto_fock_dim = false;
  BatteryParameters tried = battery;
  const SavedCharge saved = saved_charge(watch);
  std::optional<double> no_jump;
  if (saved.fock_dim > 0) {
    tried.fock_dim = saved.fock_dim;
  } else {
    const FockLevels levels = predict_fock_levels(battery, settings.t_max, settings.tolerance);
    tried.fock_dim = levels.fock_dim;
    no_jump = levels.no_jump_error;
  }
  for (std::int64_t applications = saved.earlier_applications;;) {
    together(comm, [&] { check_memory(tried, fixed, Communicator::size_of(comm)); });
    ChargeResult result = charge_on_levels(comm, tried, fixed, watch, applications);
    if (!no_jump) {
      no_jump = no_jump_error(tried, settings.t_max, result.diagnostics.fock_tail_max);
    }
    result.diagnostics.truncation_error = truncation_error(tried, result.diagnostics, *no_jump);
    if (result.diagnostics.truncation_error <= settings.tolerance) {
      return result;
    }
    applications = result.diagnostics.operator_applications;
    tried.fock_dim = more_levels(tried, result.diagnostics, settings.tolerance);
    no_jump.reset();
  }
}

}  // namespace qbsweep
