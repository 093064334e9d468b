#include "qbsweep/dynamics/series_steps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "qbsweep/dynamics/result_scales.hpp"
#include "qbsweep/operators/ellipse_series.hpp"

namespace qbsweep {

double series_tolerance(const BatteryParameters& battery, double tolerance) {
  return relative_tolerance(battery, 1e-3 * tolerance);
}

double growth_allowed(const BatteryParameters& battery, double tolerance) {
  return std::log(std::max(
      2.0, 0.1 * relative_tolerance(battery, tolerance) / std::numeric_limits<double>::epsilon()));
}

SeriesStep longest_step(const Ellipse& ellipse, double window, double tolerance,
                        double observations, double growth) {
  constexpr double most_bytes = 128e6;
  constexpr std::int64_t most_terms = 1600;
  constexpr std::int64_t fewest_terms = 64;  // shorter series are wasteful, whatever they keep
  const EllipseSeries series(ellipse);
  double steps = steps_for_growth(ellipse, window, growth);
  for (;; steps = std::ceil(1.25 * steps + 0.5)) {
    SeriesStep step = {ellipse, window / steps, series.terms(window / steps, tolerance)};
    const bool fits = static_cast<double>(step.terms) * observations * 8 <= most_bytes;
    if ((fits && step.terms <= most_terms) || step.terms < fewest_terms) {
      return step;
    }
  }
}

SeriesStep series_step(const FieldOfValues& values, const BatteryParameters& battery,
                       double tolerance, double window, bool careful, double observations) {
  const double left_out = series_tolerance(battery, tolerance);
  const double growth = growth_allowed(battery, tolerance);
  const auto longest = [&](double duration) {
    const Ellipse ellipse = enclosing_ellipse(values, !careful, duration, left_out, growth);
    return longest_step(ellipse, window, left_out, observations, growth);
  };
  const SeriesStep step = longest(window);
  // The best ellipse for a long window is not the best one for the short steps it is cut into.
  constexpr double much_shorter = 0.5;
  if (step.duration > much_shorter * window) {
    return step;
  }
  const SeriesStep again = longest(step.duration);
  const auto cost = [](const SeriesStep& s) { return static_cast<double>(s.terms) / s.duration; };
  return cost(again) < cost(step) ? again : step;
}

}  // namespace qbsweep
