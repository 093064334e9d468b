#include "qbsweep/dynamics/polynomial_fit.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <utility>

namespace qbsweep {

std::vector<double> polynomial_fit(const std::function<double(double)>& f, int most,
                                   double tolerance) {
  const int nodes = most + 4;
  // cos(pi turns/(2 nodes)), without rounding of large angles.
  const auto cosine = [nodes](int turns) {
    return std::cos(std::numbers::pi * (turns % (4 * nodes)) / (2 * nodes));
  };
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(nodes));
  for (int p = 0; p < nodes; ++p) {
    values.push_back(f((1 + cosine(2 * p + 1)) / 2));
  }
  std::vector<double> series;
  double size = 1.0;
  for (int k = 0; k < nodes; ++k) {
    double sum = 0.0;
    for (int p = 0; p < nodes; ++p) {
      sum += values[static_cast<std::size_t>(p)] * cosine(k * (2 * p + 1));
    }
    series.push_back((k == 0 ? 1.0 : 2.0) / nodes * sum);
    size = std::max(size, std::abs(series.back()));
  }
  const double negligible = std::max(tolerance, 4 * std::numeric_limits<double>::epsilon() * size);
  while (series.size() > 1 && std::abs(series.back()) < negligible) {
    series.pop_back();
  }
  if (std::ssize(series) > most) {
    return {};
  }
  // T_k(2 x - 1) as powers of x, by their recursion.
  std::vector<double> sum(series.size(), 0.0);
  std::vector<double> before(series.size(), 0.0);
  std::vector<double> now(series.size(), 0.0);
  now[0] = 1.0;
  for (std::size_t k = 0; k < series.size(); ++k) {
    for (std::size_t m = 0; m < sum.size(); ++m) {
      sum[m] += series[k] * now[m];
    }
    std::vector<double> next(series.size(), 0.0);
    const double twice = k == 0 ? 1.0 : 2.0;
    for (std::size_t m = 0; m < sum.size(); ++m) {
      next[m] = twice * ((m > 0 ? 2 * now[m - 1] : 0.0) - now[m]) - (k == 0 ? 0.0 : before[m]);
    }
    before = std::exchange(now, std::move(next));
  }
  return sum;
}

}  // namespace qbsweep
