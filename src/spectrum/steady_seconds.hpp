#pragma once
/// \file
/// What the solvers for a steady state take, by which one is chosen and planned with.

#include "qbsweep/model/parameters.hpp"
#include "qbsweep/spectrum/steady_state.hpp"

namespace qbsweep {

/// Seconds of one core for a steady state on the Fock levels of `battery` by one method, not
/// `automatic`.
[[nodiscard]] double steady_seconds(const BatteryParameters& battery, SteadyMethod method);

/// And for the eigenvalues around zero: the gap, and how many steady states there are.
[[nodiscard]] double gap_seconds(const BatteryParameters& battery);

}  // namespace qbsweep
