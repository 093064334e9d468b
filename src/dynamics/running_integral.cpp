#include "qbsweep/dynamics/running_integral.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace qbsweep {
namespace {

/// Of a part; what is left out shows in the last two coefficients.
constexpr std::size_t nodes = 16;
constexpr int deepest = 10;

/// Coefficients c_k of sum_k c_k T_k through the values at the nodes cos(pi (j + 1/2)/nodes).
std::vector<Integrals> interpolate(const std::vector<Integrals>& values) {
  std::vector<Integrals> coefficients(nodes, Integrals{});
  for (std::size_t k = 0; k < nodes; ++k) {
    for (std::size_t j = 0; j < nodes; ++j) {
      const double weight = (k == 0 ? 1.0 : 2.0) / static_cast<double>(nodes) *
                            std::cos(std::numbers::pi * static_cast<double>(k) *
                                     (static_cast<double>(j) + 0.5) / static_cast<double>(nodes));
      for (std::size_t f = 0; f < running_integrals; ++f) {
        coefficients[k][f] += weight * values[j][f];
      }
    }
  }
  return coefficients;
}

/// sum_k c_k T_k(x).
Integrals evaluate(const std::vector<Integrals>& coefficients, double x) {
  Integrals sum = {};
  for (std::size_t k = 0; k < coefficients.size(); ++k) {
    const double T = std::cos(static_cast<double>(k) * std::acos(std::clamp(x, -1.0, 1.0)));
    for (std::size_t f = 0; f < running_integrals; ++f) {
      sum[f] += coefficients[k][f] * T;
    }
  }
  return sum;
}

/// Coefficients of the integral from -1 on: that of T_k is T_(k+1)/(2 (k + 1)) - T_(k-1)/(2 (k - 1)).
std::vector<Integrals> integrate(const std::vector<Integrals>& c, double half_length) {
  std::vector<Integrals> integral(c.size() + 1, Integrals{});
  for (std::size_t f = 0; f < running_integrals; ++f) {
    const auto at = [&](std::size_t k) { return k < c.size() ? c[k][f] : 0.0; };
    for (std::size_t k = 1; k < integral.size(); ++k) {
      const double below = k == 1 ? 2 * at(0) : at(k - 1);
      integral[k][f] = half_length * (below - at(k + 1)) / (2 * static_cast<double>(k));
    }
  }
  const Integrals at_begin = evaluate(integral, -1.0);
  for (std::size_t f = 0; f < running_integrals; ++f) {
    integral[0][f] = -at_begin[f];
  }
  return integral;
}

}  // namespace

RunningIntegral::RunningIntegral(double begin, double end,
                                 const std::function<Integrals(double)>& integrands,
                                 double tolerance) {
  add(begin, end, integrands, tolerance, 0);
}

void RunningIntegral::add(double begin, double end,
                          const std::function<Integrals(double)>& integrands, double tolerance,
                          int depth) {
  const double middle = (begin + end) / 2;
  const double half_length = (end - begin) / 2;
  std::vector<Integrals> values;
  for (std::size_t j = 0; j < nodes; ++j) {
    const double x =
        std::cos(std::numbers::pi * (static_cast<double>(j) + 0.5) / static_cast<double>(nodes));
    values.push_back(integrands(middle + half_length * x));
  }
  const std::vector<Integrals> coefficients = interpolate(values);
  double left_out = 0.0;
  double largest = 0.0;
  for (std::size_t f = 0; f < running_integrals; ++f) {
    left_out = std::max(
        {left_out, std::abs(coefficients[nodes - 1][f]), std::abs(coefficients[nodes - 2][f])});
    for (const Integrals& value : values) {
      largest = std::max(largest, std::abs(value[f]));
    }
  }
  constexpr double rounding = 1e-13;
  if (left_out > std::max(tolerance, rounding * largest) && depth < deepest) {
    add(begin, middle, integrands, tolerance, depth + 1);
    add(middle, end, integrands, tolerance, depth + 1);
    return;
  }
  parts_.push_back({begin, end, sum_, integrate(coefficients, half_length)});
  const Integrals of_part = evaluate(parts_.back().coefficients, 1.0);
  for (std::size_t f = 0; f < running_integrals; ++f) {
    sum_[f] += of_part[f];
  }
}

Integrals RunningIntegral::up_to(double t) const {
  const auto last = parts_.end() - 1;
  const Part& part = *std::find_if(parts_.begin(), last, [&](const Part& p) { return t <= p.end; });
  const double x = (2 * t - part.begin - part.end) / (part.end - part.begin);
  Integrals integral = evaluate(part.coefficients, x);
  for (std::size_t f = 0; f < running_integrals; ++f) {
    integral[f] += part.before[f];
  }
  return integral;
}

}  // namespace qbsweep
