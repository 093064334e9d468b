#include "qbsweep/solvers/chebyshev_charge.hpp"

#include <optional>

#include "qbsweep/support/error.hpp"
#include "series_checkpoint.hpp"
#include "series_run.hpp"

namespace qbsweep {

ChargeResult chebyshev_charge(MPI_Comm comm, const BatteryParameters& battery,
                              const ChargeSettings& settings, const Watch& watch,
                              const std::optional<LaterWeights>& later,
                              std::int64_t earlier_applications) {
  std::optional<SeriesRun> charge;
  const auto make = [&] {
    charge.emplace(comm, battery, settings, watch, later, earlier_applications);
  };
  make();
  try {
    charge->resume();
  } catch (const EnvironmentError& error) {
    // What was saved only saves time.
    if (watch.complain) {
      watch.complain(error.what());
    }
    make();
  }
  return charge->run();
}

SavedCharge saved_charge(const Watch& watch) {
  if (watch.store == nullptr) {
    return {};
  }
  const auto numbers = watch.store->load_numbers();
  const int levels = levels_of(numbers);
  return levels > 0 ? SavedCharge{levels, earlier_applications_of(numbers)} : SavedCharge{};
}

}  // namespace qbsweep
