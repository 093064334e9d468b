#pragma once
/// \file
/// What the solvers for a steady state take, by which one is chosen and planned with.

#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

/// Seconds of one core for a steady state on the Fock levels of `battery`.
[[nodiscard]] double shift_invert_seconds(const BatteryParameters& battery);
[[nodiscard]] double gmres_seconds(const BatteryParameters& battery);
[[nodiscard]] double propagator_seconds(const BatteryParameters& battery);

/// And for the eigenvalues around zero: the gap, and how many steady states there are.
[[nodiscard]] double gap_seconds(const BatteryParameters& battery);

}  // namespace qbsweep
