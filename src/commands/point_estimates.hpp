#pragma once
/// \file
/// From a point of a sweep to what is asked of its charge, and what that will cost.

#include "qbsweep/commands/commands.hpp"
#include "qbsweep/solvers/charge_estimate.hpp"
#include "qbsweep/sweep/sweep.hpp"

namespace qbsweep {

/// What is asked of the charge at `point`.
[[nodiscard]] inline ChargeSettings charge_settings(const Sweep& sweep, const SweepPoint& point,
                                                    const ChargeMethod& method = {}) {
  return {.t_max = point.t_max,
          .samples = sweep.charging().samples,
          .tolerance = sweep.charging().tolerance,
          .auto_fock_dim = point.auto_fock_dim,
          .liouvillian = method.liouvillian,
          .propagator = method.propagator};
}

[[nodiscard]] inline ChargeEstimate estimate_point(const Sweep& sweep, std::int64_t index,
                                                   const ChargeMethod& method = {}) {
  const SweepPoint point = sweep.point(index);
  return estimate_charge(point.battery, charge_settings(sweep, point, method));
}

/// The same with automatic Fock levels predicted as the charge itself will. Takes milliseconds.
[[nodiscard]] inline ChargeEstimate estimate_point_closely(const Sweep& sweep, std::int64_t index,
                                                           const ChargeMethod& method = {}) {
  const SweepPoint point = sweep.point(index);
  return estimate_charge_closely(point.battery, charge_settings(sweep, point, method));
}

}  // namespace qbsweep
