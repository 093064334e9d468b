#pragma once
/// \file
/// How a charging window is cut into steps, each one series.

#include <cstdint>

#include "qbsweep/model/parameters.hpp"
#include "qbsweep/operators/field_of_values.hpp"

namespace qbsweep {

/// One step: its series, its length, and the terms that it needs.
struct SeriesStep {
  Ellipse ellipse;
  double duration = 0.0;
  std::int64_t terms = 0;
  bool in_powers = false;  ///< of time, without an ellipse (power_series.hpp)
};

/// What may be left out of a series in which nothing of a state's norm 1 grows, for results within
/// `tolerance`: relative_tolerance(), and a margin.
[[nodiscard]] double series_tolerance(const BatteryParameters& battery, double tolerance);

/// The logarithm of what coefficients of a series may grow by over a step, for results within
/// `tolerance`: rounding grows with them.
[[nodiscard]] double growth_allowed(const BatteryParameters& battery, double tolerance);

/// The longest equal part of `window` that is worth one series on `ellipse` and in which
/// coefficients stay within exp(`growth`): longer ones hardly save applications, each evaluation of
/// observations sums all terms, and the observations of all terms have to be kept.
/// \param tolerance     what may be left out of the series
/// \param observations  that are taken of every term
[[nodiscard]] SeriesStep longest_step(const Ellipse& ellipse, double window, double tolerance,
                                      double observations, double growth);

/// The next step into `window`, for results within `tolerance`.
/// \param careful  on an ellipse that holds the whole field of values; else on one that is expected
///                 to hold what matters, and growth of the terms has to be looked for
[[nodiscard]] SeriesStep series_step(const FieldOfValues& values, const BatteryParameters& battery,
                                     double tolerance, double window, bool careful,
                                     double observations);

}  // namespace qbsweep
