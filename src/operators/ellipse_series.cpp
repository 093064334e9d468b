#include "qbsweep/operators/ellipse_series.hpp"

#include <algorithm>
#include <cmath>

namespace qbsweep {

EllipseSeries::EllipseSeries(const Ellipse& ellipse)
    : ellipse_(ellipse),
      capacity_((ellipse.real_axis + ellipse.imaginary_axis) / 2),
      ratio_((ellipse.imaginary_axis - ellipse.real_axis) / (2 * capacity_)),
      weights_{1 / capacity_, -ellipse.center / capacity_, 0.0} {
  // Of what the recurrence really is, whose weights are rounded: z(1) = gamma + beta + c would be
  // off by the rounding of c and of the imaginary axis, and exp(t z(1)) by that times t.
  const long double whole = 1.0L - ratio_ - weights_.beta;
  right_end_ = static_cast<double>(whole / weights_.alpha);
}

Recurrence EllipseSeries::recurrence(std::int64_t k) const {
  const double gamma = k == 1 ? 0.0 : (k == 2 ? 2 * ratio_ : ratio_);
  return {weights_.alpha, weights_.beta, gamma};
}

std::int64_t EllipseSeries::terms(double t, double tolerance) const {
  // |c_k| <= max over |w| = exp(s) of |exp(z(w) t)| exp(-k s) for every s > 0, so that this many
  // terms are enough; the best s is looked for, in its logarithm. The minimum is flat, and what
  // misses it costs terms but no accuracy.
  const double allowed = -std::log(tolerance);
  const auto enough = [&](double log_s) {
    const double s = std::exp(log_s);
    const double above_1 = std::expm1(s);            // exp(s) - 1
    const double below_1 = above_1 / (above_1 + 1);  // 1 - exp(-s)
    const double exponent =
        t * (ellipse_.center + ellipse_.real_axis * (1 + above_1 * below_1 / 2) +
             ellipse_.imaginary_axis * (above_1 + below_1) / 2);
    return (exponent + allowed - std::log(below_1)) / s;
  };
  constexpr double golden = 0.6180339887498949;
  constexpr double narrow = 1e-3;
  double low = std::log(1e-6);
  double high = std::log(40.0);
  double a = high - golden * (high - low);
  double b = low + golden * (high - low);
  double at_a = enough(a);
  double at_b = enough(b);
  while (high - low > narrow) {
    // Beyond the range of doubles both are infinite: the minimum is to the left.
    if (at_a <= at_b) {
      high = b;
      b = a;
      at_b = at_a;
      a = high - golden * (high - low);
      at_a = enough(a);
    } else {
      low = a;
      a = b;
      at_a = at_b;
      b = low + golden * (high - low);
      at_b = enough(b);
    }
  }
  return std::max<std::int64_t>(2, static_cast<std::int64_t>(std::ceil(std::min(at_a, at_b))) + 1);
}

void EllipseSeries::coefficients(double t, std::int64_t count, std::vector<double>& out) const {
  out.assign(static_cast<std::size_t>(count), 0.0);
  if (t <= 0) {
    out[0] = 1.0;
    return;
  }
  // The coefficients obey k a_k = t (gamma a_(k-1) - beta a_(k+1)); they are the solution that dies
  // out, which running the recurrence downwards finds from any start (Miller). The sum over all k
  // at w = 1 is exp(z(1) t).
  constexpr double huge = 1e150;
  const std::int64_t first = std::max(count, terms(t, 1e-30)) + 8;
  const double inverse = 1 / (t * capacity_);
  double above = 0.0;
  double here = 1e-150;
  double sum = 0.0;
  std::vector<double> powers = {1.0};  // (beta/gamma)^k
  for (std::int64_t k = 1; k <= first; ++k) {
    powers.push_back(-ratio_ * powers.back());
  }
  for (std::int64_t k = first; k > 0; --k) {
    if (k < count) {
      out[k] = here;
    }
    sum += here * (1 + powers[k]);
    const double below = static_cast<double>(k) * inverse * here - ratio_ * above;
    above = here;
    here = below;
    if (std::abs(here) > huge) {
      for (std::int64_t e = k; e < count; ++e) {
        out[e] /= huge;
      }
      above /= huge;
      here /= huge;
      sum /= huge;
    }
  }
  out[0] = here;
  sum += here;
  const double scale = std::exp(t * right_end_) / sum;
  for (double& coefficient : out) {
    coefficient *= scale;
  }
}

}  // namespace qbsweep
