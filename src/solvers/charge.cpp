#include "qbsweep/solvers/charge.hpp"

#include <fmt/format.h>

#include <optional>

#include <algorithm>

#include "charge_memory.hpp"
#include "qbsweep/physics/reductions.hpp"
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

/// The path to take. \throws EnvironmentError where there is none
ChargePath open_path(const BatteryParameters& battery, const ChargeSettings& settings) {
  ChargePath path = charge_path(battery, settings);
  if (path.method == ChargePath::Method::none) {
    throw EnvironmentError(path.refusal);
  }
  return path;
}

ChargeResult charge_on_levels(MPI_Comm comm, const BatteryParameters& battery,
                              const ChargeSettings& settings, const Watch& watch,
                              const std::optional<LaterWeights>& later,
                              std::int64_t earlier_applications) {
  const ChargePath path = open_path(battery, settings);
  switch (path.method) {
    case ChargePath::Method::integrator:
      return ts_charge(comm, battery, settings, watch);
    case ChargePath::Method::collocation:
      return collocation_charge(comm, battery, settings, watch);
    case ChargePath::Method::none:
    case ChargePath::Method::series:
      break;
  }
  return chebyshev_charge(comm, battery, settings, watch, later, earlier_applications);
}

/// Refuses, before levels are looked for, what does not end on the fewest there can be.
void refuse_what_does_not_end(BatteryParameters battery, const ChargeSettings& settings) {
  const int atoms = excitations_are_bounded(battery) ? most_excited_at_first(battery) : 0;
  const int photons = battery.charger == Charger::fock ? static_cast<int>(battery.m) : 0;
  battery.fock_dim = std::max(2, photons + atoms + 1);
  static_cast<void>(open_path(battery, settings));
}

}  // namespace

ChargeResult charge(MPI_Comm comm, const BatteryParameters& battery, const ChargeSettings& settings,
                    const Watch& watch) {
  if (!settings.auto_fock_dim) {
    static_cast<void>(open_path(battery, settings));  // before more is computed
    const FockLevels levels = judge_fock_levels(battery, settings.t_max);
    ChargeResult result = charge_on_levels(comm, battery, settings, watch, levels.later, 0);
    result.diagnostics.truncation_error =
        truncation_error(battery, result.diagnostics, levels.no_jump_error);
    return result;
  }
  refuse_what_does_not_end(battery, settings);
  const SavedCharge saved = saved_charge(watch);
  const FockLevels levels = predict_fock_levels(battery, settings.t_max, settings.tolerance);
  BatteryParameters tried = battery;
  tried.fock_dim = saved.fock_dim > 0 ? saved.fock_dim : levels.fock_dim;
  for (std::int64_t applications = saved.earlier_applications;;) {
    together(comm, [&] { check_charge_memory(tried, settings, Communicator::size_of(comm)); });
    ChargeResult result =
        charge_on_levels(comm, tried, settings, watch, levels.later, applications);
    tried.fock_dim = result.diagnostics.fock_dim;  // the run may have added some
    const std::optional<double> no_jump_error =
        tried.fock_dim == levels.fock_dim ? levels.no_jump_error
                                          : judge_fock_levels(tried, settings.t_max).no_jump_error;
    result.diagnostics.truncation_error =
        truncation_error(tried, result.diagnostics, no_jump_error);
    if (result.diagnostics.truncation_error <= settings.tolerance) {
      return result;
    }
    applications = result.diagnostics.operator_applications;
    tried.fock_dim = more_levels(tried, result.diagnostics, settings.tolerance);
  }
}

}  // namespace qbsweep
