#include "qbsweep/dynamics/charging_run.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>

#include <algorithm>

#include "charging_memory.hpp"
#include "qbsweep/dynamics/charging_estimate.hpp"
#include "qbsweep/dynamics/charging_path.hpp"
#include "qbsweep/dynamics/collocation_charging.hpp"
#include "qbsweep/dynamics/fock_levels.hpp"
#include "qbsweep/dynamics/series_charging.hpp"
#include "qbsweep/dynamics/storage.hpp"
#include "qbsweep/dynamics/ts_charging.hpp"
#include "qbsweep/model/reductions.hpp"
#include "qbsweep/model/turning_drives.hpp"
#include "qbsweep/parallel/collectively.hpp"
#include "qbsweep/parallel/mpi.hpp"
#include "qbsweep/support/error.hpp"
#include "qbsweep/support/node_memory.hpp"

namespace qbsweep {
namespace {

/// The path to take. \throws EnvironmentError where there is none
ChargingPath open_path(const BatteryParameters& battery, const ChargingSettings& settings) {
  ChargingPath path = charging_path(battery, settings);
  if (path.method == ChargingPath::Method::none) {
    throw EnvironmentError(path.refusal);
  }
  return path;
}

ChargingResult charging_on_levels(MPI_Comm comm, const BatteryParameters& battery,
                                  const ChargingSettings& settings, const Watch& watch,
                                  const std::optional<LaterWeights>& later,
                                  std::int64_t earlier_applications) {
  const ChargingPath path = open_path(battery, settings);
  switch (path.method) {
    case ChargingPath::Method::integrator:
      return ts_charging(comm, battery, settings, watch);
    case ChargingPath::Method::collocation:
      return collocation_charging(comm, battery, settings, watch);
    case ChargingPath::Method::none:
    case ChargingPath::Method::series:
      break;
  }
  return series_charging(comm, battery, settings, watch, later, earlier_applications);
}

/// Refuses, before levels are looked for, what does not end on the fewest there can be.
void refuse_what_does_not_end(BatteryParameters battery, const ChargingSettings& settings) {
  const int atoms = excitations_are_bounded(battery) ? most_excited_at_first(battery) : 0;
  const int photons = battery.charger == Charger::fock ? static_cast<int>(battery.m) : 0;
  battery.fock_dim = std::max(2, photons + atoms + 1);
  static_cast<void>(open_path(battery, settings));
}

}  // namespace

namespace {

ChargingResult charging_on_its_levels(MPI_Comm comm, const BatteryParameters& battery,
                                      const ChargingSettings& settings, const Watch& watch) {
  // Every rank of a group looks for the levels by itself, and they would not hear the same.
  const Watch of_search = Communicator::size_of(comm) == 1 ? watch : Watch{};
  if (!settings.auto_fock_dim) {
    static_cast<void>(open_path(battery, settings));  // before more is computed
    const FockLevels levels =
        judge_fock_levels(battery, settings.t_max, of_search, settings.schedule);
    ChargingResult result = charging_on_levels(comm, battery, settings, watch, levels.later, 0);
    result.diagnostics.truncation_error =
        truncation_error(battery, result.diagnostics, levels.no_jump_error);
    return result;
  }
  refuse_what_does_not_end(battery, settings);
  const SavedCharging saved = saved_charging(watch);
  const FockLevels levels = predict_fock_levels(battery, settings.t_max, settings.tolerance,
                                                of_search, settings.schedule);
  BatteryParameters tried = battery;
  tried.fock_dim = saved.fock_dim > 0 ? saved.fock_dim : levels.fock_dim;
  for (std::int64_t applications = saved.earlier_applications;;) {
    collectively(comm,
                 [&] { check_charging_memory(tried, settings, Communicator::size_of(comm)); });
    ChargingResult result =
        charging_on_levels(comm, tried, settings, watch, levels.later, applications);
    tried.fock_dim = result.diagnostics.fock_dim;  // the run may have added some
    const std::optional<double> no_jump_error =
        tried.fock_dim == levels.fock_dim
            ? levels.no_jump_error
            : judge_fock_levels(tried, settings.t_max, of_search, settings.schedule).no_jump_error;
    result.diagnostics.truncation_error =
        truncation_error(tried, result.diagnostics, no_jump_error);
    if (result.diagnostics.truncation_error <= settings.tolerance) {
      return result;
    }
    applications = result.diagnostics.operator_applications;
    tried.fock_dim = more_levels(tried, result.diagnostics, settings.tolerance);
  }
}

}  // namespace

ChargingResult charging_run(MPI_Comm comm, const BatteryParameters& given,
                            const ChargingSettings& asked, const Watch& watch) {
  BatteryParameters battery = given;
  ChargingSettings settings = asked;
  turn_drives(battery, settings.schedule, settings.t_max);
  if (settings.storage) {
    const std::string refusal =
        estimate_storage(battery, *settings.storage, settings.tolerance).refusal;
    if (!refusal.empty()) {
      throw EnvironmentError(refusal);
    }
  }
  ChargingResult result = charging_on_its_levels(comm, battery, settings, watch);
  if (settings.storage) {
    // Every rank of a group does it by itself, which costs next to nothing, and hears no watch.
    const Watch of_storage = Communicator::size_of(comm) == 1 ? watch : Watch{};
    collectively(comm, [&] {
      result.storage = store_battery(battery, *settings.storage, result.stored_state,
                                     settings.tolerance, of_storage);
    });
  }
  return result;
}

}  // namespace qbsweep
