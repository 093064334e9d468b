#include "qbsweep/solvers/series_steps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "qbsweep/liouvillian/ellipse_series.hpp"
#include "qbsweep/solvers/result_scales.hpp"

namespace qbsweep {

double series_tolerance(const BatteryParameters& battery, double tolerance) {
  return relative_tolerance(battery, 1e-3 * tolerance);
}

SeriesStep longest_step(const Ellipse& ellipse, double window, double tolerance,
                        double observations) {
  constexpr double most_bytes = 128e6;
  constexpr std::int64_t most_terms = 1600;
  constexpr std::int64_t fewest_terms = 64;  // shorter series are wasteful, whatever they keep
  const EllipseSeries series(ellipse);
  for (double steps = 1;; steps = std::ceil(1.25 * steps + 0.5)) {
    SeriesStep step = {ellipse, window / steps, series.terms(window / steps, tolerance)};
    const bool fits = static_cast<double>(step.terms) * observations * 8 <= most_bytes;
    if ((fits && step.terms <= most_terms) || step.terms < fewest_terms) {
      return step;
    }
  }
}

double careful_steps(const FieldOfValues& values, const BatteryParameters& battery,
                     double tolerance, double window) {
  // Where the ellipse reaches to the right of 0 coefficients grow, and rounding with them.
  const double growth_allowed = std::log(std::max(
      2.0, 0.01 * relative_tolerance(battery, tolerance) / std::numeric_limits<double>::epsilon()));
  return std::max(1.0, std::ceil(values.support(0) * window / growth_allowed));
}

SeriesStep series_step(const FieldOfValues& values, const BatteryParameters& battery,
                       double tolerance, double window, bool careful, double observations) {
  const double parts = careful ? careful_steps(values, battery, tolerance, window) : 1.0;
  const double window_part = window / parts;
  const double left_out = series_tolerance(battery, tolerance);
  const Ellipse ellipse = enclosing_ellipse(values, !careful, window_part, left_out);
  return longest_step(ellipse, window_part, left_out, observations);
}

}  // namespace qbsweep
