#pragma once
/// \file
/// How a charging window is cut into steps, each one series.

#include <cstdint>

#include "qbsweep/liouvillian/field_of_values.hpp"
#include "qbsweep/physics/parameters.hpp"

namespace qbsweep {

/// One step: its series, its length, and the terms that it needs.
struct SeriesStep {
  Ellipse ellipse;
  double duration = 0.0;
  std::int64_t terms = 0;
};

/// What may be left out of a series in which nothing of a state's norm 1 grows, for results within
/// `tolerance`: relative_tolerance(), and a margin.
[[nodiscard]] double series_tolerance(const BatteryParameters& battery, double tolerance);

/// The longest equal part of `window` that is worth one series on `ellipse`: longer ones hardly
/// save applications, each evaluation of observations sums all terms, and the observations of all
/// terms have to be kept. \param observations  that are taken of every term
[[nodiscard]] SeriesStep longest_step(const Ellipse& ellipse, double window, double tolerance,
                                      double observations);

/// Into how many steps careful ones cut `window`, so that coefficients do not grow too far.
[[nodiscard]] double careful_steps(const FieldOfValues& values, const BatteryParameters& battery,
                                   double tolerance, double window);

/// The next step into `window`, for results within `tolerance`.
/// \param careful  on an ellipse that holds the whole field of values, and no longer than
///                 coefficients may grow; else on one that is expected to hold what matters, and
///                 growth has to be looked for
[[nodiscard]] SeriesStep series_step(const FieldOfValues& values, const BatteryParameters& battery,
                                     double tolerance, double window, bool careful,
                                     double observations);

}  // namespace qbsweep
