#include "qbsweep/dynamics/series_charging.hpp"

#include <optional>

#include "qbsweep/support/error.hpp"
#include "series_checkpoint.hpp"
#include "series_run.hpp"

namespace qbsweep {

ChargingResult series_charging(MPI_Comm comm, const BatteryParameters& battery,
                               const ChargingSettings& settings, const Watch& watch,
                               const std::optional<LaterWeights>& later,
                               std::int64_t earlier_applications) {
  std::optional<SeriesRun> run;
  const auto make = [&] {
    run.emplace(comm, battery, settings, watch, later, earlier_applications);
  };
  make();
  try {
    run->resume();
  } catch (const EnvironmentError& error) {
    // What was saved only saves time.
    if (watch.warn) {
      watch.warn(error.what());
    }
    make();
  }
  return run->run();
}

SavedCharging saved_charging(const Watch& watch) {
  if (watch.store == nullptr) {
    return {};
  }
  const auto numbers = watch.store->load_numbers();
  const int levels = levels_of(numbers);
  return levels > 0 ? SavedCharging{levels, earlier_applications_of(numbers)} : SavedCharging{};
}

}  // namespace qbsweep
