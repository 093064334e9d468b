#pragma once
/// \file
/// What it costs to find out what truncation costs (no_jump_truncation.hpp), for plans.

#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

/// Seconds of no_jump_error() on the levels of `battery`.
[[nodiscard]] double no_jump_seconds(const BatteryParameters& battery, double t_max);

/// Seconds of predict_fock_levels(), where it ends with the levels of `battery`.
[[nodiscard]] double level_search_seconds(const BatteryParameters& battery, double t_max);

}  // namespace qbsweep
