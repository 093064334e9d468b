#include "qbsweep/dynamics/hermite_step.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace qbsweep {
namespace {

// Weights, at s = (t - t_begin)/h, of [f, h f', h^2 f''] at the begin and the same at the end.

std::array<double, 6> value_weights(double s) {
  const double s2 = s * s;
  const double s3 = s2 * s;
  const double s4 = s3 * s;
  const double s5 = s4 * s;
  return {1 - 10 * s3 + 15 * s4 - 6 * s5,  s - 6 * s3 + 8 * s4 - 3 * s5,
          (s2 - 3 * s3 + 3 * s4 - s5) / 2, 10 * s3 - 15 * s4 + 6 * s5,
          -4 * s3 + 7 * s4 - 3 * s5,       (s3 - 2 * s4 + s5) / 2};
}

std::array<double, 6> rate_weights(double s) {
  const double s2 = s * s;
  const double s3 = s2 * s;
  const double s4 = s3 * s;
  return {-30 * s2 + 60 * s3 - 30 * s4,
          1 - 18 * s2 + 32 * s3 - 15 * s4,
          (2 * s - 9 * s2 + 12 * s3 - 5 * s4) / 2,
          30 * s2 - 60 * s3 + 30 * s4,
          -12 * s2 + 28 * s3 - 15 * s4,
          (3 * s2 - 8 * s3 + 5 * s4) / 2};
}

std::array<double, 6> third_derivative_weights(double s) {
  const double s2 = s * s;
  return {-60 + 360 * s - 360 * s2, -36 + 192 * s - 180 * s2, (-18 + 72 * s - 60 * s2) / 2,
          60 - 360 * s + 360 * s2,  -24 + 168 * s - 180 * s2, (6 - 48 * s + 60 * s2) / 2};
}

}  // namespace

HermiteStep::HermiteStep(double t_begin, Observation begin, double t_end, Observation end)
    : t_begin_(t_begin), t_end_(t_end), begin_(std::move(begin)), end_(std::move(end)) {}

void HermiteStep::combine(const Weights& weights, std::vector<double>& out) const {
  const double h = length();
  const double h2 = h * h;
  out.resize(begin_[0].size());
  for (std::size_t o = 0; o < out.size(); ++o) {
    out[o] = weights[0] * begin_[0][o] + weights[1] * h * begin_[1][o] +
             weights[2] * h2 * begin_[2][o] + weights[3] * end_[0][o] +
             weights[4] * h * end_[1][o] + weights[5] * h2 * end_[2][o];
  }
}

void HermiteStep::values(double t, std::vector<double>& out) const {
  combine(value_weights((t - t_begin_) / length()), out);
}

void HermiteStep::rates(double t, std::vector<double>& out) const {
  combine(rate_weights((t - t_begin_) / length()), out);
  for (double& rate : out) {
    rate /= length();
  }
}

double HermiteStep::error_estimate(const HermiteStep& before,
                                   const std::vector<double>& scales) const {
  // The error is f^(6)/720 (t - t_begin)^3 (t - t_end)^3: at most f^(6) h^6/46080, with a third
  // derivative of -f^(6) h^3/120 at the begin and +f^(6) h^3/120 at the end.
  const double h = length();
  const double h_before = before.length();
  const double h3 = h * h * h;
  const double h3_before = h_before * h_before * h_before;
  std::vector<double> left;
  std::vector<double> right;
  before.combine(third_derivative_weights(1.0), left);
  combine(third_derivative_weights(0.0), right);
  double jump = 0.0;
  for (std::size_t o = 0; o < left.size(); ++o) {
    jump = std::max(jump, std::abs(left[o] / h3_before - right[o] / h3) / scales[o]);
  }
  const double sixth_derivative = 120 * jump / (h3 + h3_before);
  return sixth_derivative * std::pow(std::max(h, h_before), 6) / 46080;
}

}  // namespace qbsweep
