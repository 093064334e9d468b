#pragma once
/// \file
/// How the evolution between jumps is cut into steps: for who follows it (no_jump_truncation.hpp)
/// and who says how long that takes (truncation_estimate.hpp). Where a spread of energies is asked
/// for, that is half the distance from the lowest to the highest one.

#include <cstdint>

#include "qbsweep/model/parameters.hpp"
#include "qbsweep/operators/field_of_values.hpp"

namespace qbsweep {

/// Of the generator between jumps.
[[nodiscard]] FieldOfValues no_jump_values(const BatteryParameters& battery, double energy_spread);

/// The part of [0, t_max] in which levels are compared: all of it where nothing is lost; with
/// cavity loss 100 / kappa, by when the field that the run began with is gone; and where atoms
/// decay, which the photons may outlive, at most 1e5 turns of the fastest phase or decay.
[[nodiscard]] double no_jump_window(const BatteryParameters& battery, double energy_spread,
                                    double t_max);

/// Times at which states are compared, from 0 to the end of the window: enough to meet each return
/// of what was reflected, and no more than memory is worth.
[[nodiscard]] std::int64_t no_jump_looks(const BatteryParameters& battery, double energy_spread,
                                         double window);

/// Of a step of the series, for a state of norm 1.
inline constexpr double no_jump_accuracy = 1e-14;

/// What rounding may cost a state of norm 1 in a step.
inline constexpr double most_no_jump_rounding = 1e-9;

/// A step has several looks, or a look several steps.
struct NoJumpSteps {
  Ellipse ellipse;  ///< of their series
  std::int64_t looks_at_once = 1;
  std::int64_t steps_of_look = 1;
};

/// Steps of a hundred terms or so, which are worth their overhead, or shorter ones where
/// coefficients of the series would grow.
[[nodiscard]] NoJumpSteps no_jump_steps(const FieldOfValues& values, double window,
                                        std::int64_t looks);

/// Numbers of the state vector.
[[nodiscard]] std::int64_t no_jump_numbers(const BatteryParameters& battery);

}  // namespace qbsweep
