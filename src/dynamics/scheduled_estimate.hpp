#pragma once
/// \file
/// What a charging run costs while controls change, by what its pieces would cost.

#include <functional>

#include "qbsweep/dynamics/charging_estimate.hpp"

namespace qbsweep {

/// The cost of a window by series without a schedule, from estimate_charging().
using WindowEstimate = std::function<ChargingEstimate(
    const BatteryParameters& battery, const ChargingSettings& settings, double window)>;

/// \param of_a_run  what each estimate counts in for a run, besides its window: seconds and bytes
[[nodiscard]] ChargingEstimate estimate_scheduled(const BatteryParameters& battery,
                                                  const ChargingSettings& settings,
                                                  const WindowEstimate& of_window,
                                                  const ChargingEstimate& of_a_run);

}  // namespace qbsweep
