#pragma once
/// \file
/// Estimates for the points of a sweep.

#include "qbsweep/solvers/charge_estimate.hpp"
#include "qbsweep/sweep/sweep.hpp"

namespace qbsweep {

/// What is asked of the charge at `point`.
[[nodiscard]] inline ChargeSettings charge_settings(const Sweep& sweep, const SweepPoint& point) {
  return {point.t_max, sweep.charging().samples, sweep.charging().tolerance};
}

[[nodiscard]] inline ChargeEstimate estimate_point(const Sweep& sweep, std::int64_t index) {
  const SweepPoint point = sweep.point(index);
  return estimate_charge(point.battery, charge_settings(sweep, point));
}

}  // namespace qbsweep
