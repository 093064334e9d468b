#pragma once
/// \file
/// From a point of a sweep to what is asked of the solvers, and what that will cost.

#include <cstdint>
#include <string>

#include "qbsweep/config/sweep.hpp"
#include "qbsweep/dynamics/charging_settings.hpp"
#include "qbsweep/spectrum/steady_state.hpp"

namespace qbsweep {

/// What is asked of the charging run at `point`. The sweep has charging runs.
[[nodiscard]] ChargingSettings charging_settings(const Sweep& sweep, const SweepPoint& point,
                                                 const ChargingMethod& method = {});

/// What is asked of the steady state at `point`. The sweep has steady states.
[[nodiscard]] SteadyStateSettings steady_settings(const Sweep& sweep, const SweepPoint& point);

/// All that is computed at a point, one after the other.
struct PointEstimate {
  double unknowns = 0;      ///< reals in a state: of the charging run or the steady state, the more
  double memory_bytes = 0;  ///< of a process at its peak
  double operator_applications = 0;  ///< of the charging run
  double seconds = 0;                ///< on one core, within a factor of 3
  double charging_seconds = 0;       ///< of these for the charging run
  std::string refusal = {};          ///< why the point will fail at once; empty otherwise
  /// Terms for which the charging run takes the assembled matrix although the kernels were asked
  /// for; empty otherwise.
  std::string assembled_for = {};
};

/// Takes some 0.1 ms whatever the parameters.
[[nodiscard]] PointEstimate estimate_point(const Sweep& sweep, std::int64_t index,
                                           const ChargingMethod& method = {});

}  // namespace qbsweep
