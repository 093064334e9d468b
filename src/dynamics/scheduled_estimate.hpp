#pragma once
/// \file
/// What a charging run costs while controls change, by what its pieces would cost.

#include <functional>

#include "qbsweep/dynamics/charging_estimate.hpp"
#include "qbsweep/model/schedule.hpp"
#include "qbsweep/operators/field_of_values.hpp"

namespace qbsweep {

/// About how many power series a piece takes in which controls move: each through some radians of what
/// turns or decays fastest, and as far as the series of the controls reach.
[[nodiscard]] double moving_steps(const FieldOfValues& values, const Schedule& schedule,
                                  const SchedulePiece& piece);

/// The cost of a window by series without a schedule, from estimate_charging().
using WindowEstimate = std::function<ChargingEstimate(
    const BatteryParameters& battery, const ChargingSettings& settings, double window)>;

/// \param of_a_run  what each estimate counts in for a run, besides its window: seconds and bytes
[[nodiscard]] ChargingEstimate estimate_scheduled(const BatteryParameters& battery,
                                                  const ChargingSettings& settings,
                                                  const WindowEstimate& of_window,
                                                  const ChargingEstimate& of_a_run);

}  // namespace qbsweep
