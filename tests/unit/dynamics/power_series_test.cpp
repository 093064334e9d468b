// Power series in time of states whose L changes.
//
// What would be caught: weights that go with other terms, a factorial or a power of the step that is
// another, an operator that is left out.
#include "qbsweep/dynamics/power_series.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "qbsweep/model/schedule.hpp"
#include "qbsweep/operators/charging_operators.hpp"
#include "qbsweep/operators/series_vectors.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

/// A battery whose coupling goes as u = 1 - 0.5 w, w = 0.3 + 0.9 t - 0.4 t^2.
class QuadraticCoupling {
 public:
  QuadraticCoupling() {
    battery_.N = 3;
    battery_.g = 0.7;
    battery_.kappa = 0.2;
    battery_.gamma_down = 0.1;
    battery_.m = 2;
    battery_.fock_dim = 8;
    at_one_ = matrix_free_operators(battery_);
    ControlValues half;
    half[Control::coupling] = 0.5;
    at_half_ = matrix_free_operators(with_controls(battery_, half));
    testing::Random random(92);
    first_ = testing::random_numbers(random, part().size());
  }

  /// The state at 1, by steps of `terms` terms.
  [[nodiscard]] std::vector<double> after(int steps, std::int64_t terms) const {
    const double h = 1.0 / steps;
    std::vector<double> now = first_;
    PowerSeriesRoom room;
    for (int s = 0; s < steps; ++s) {
      const double t = s * h;
      const PowerWeights weights = {
          {0.3 + 0.9 * t - 0.4 * t * t, (0.9 - 0.8 * t) * h, -0.4 * h * h}};
      SectorState state(part().size());
      std::copy(now.begin(), now.end(), state.data());
      SectorState end(part().size());
      PowerSeries series({&part(), at_half_.parts.front().get()}, weights, h, terms, room);
      EXPECT_TRUE(series.run(state, &end, [](std::int64_t, const SectorState&) { return true; }));
      std::copy_n(end.data(), now.size(), now.begin());
    }
    return now;
  }

 private:
  [[nodiscard]] const MatrixFreeOperator& part() const { return *at_one_.parts.front(); }

  BatteryParameters battery_;
  ChargingOperators at_one_;
  ChargingOperators at_half_;
  std::vector<double> first_;
};

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t e = 0; e < a.size(); ++e) {
    sum += (a[e] - b[e]) * (a[e] - b[e]);
  }
  return std::sqrt(sum);
}

// A step of p terms leaves out h^p: over a window the error goes with h^(p - 1).
TEST(PowerSeries, ConvergesWithItsOrder) {
  const QuadraticCoupling run;
  const std::vector<double> exact = run.after(64, 30);
  EXPECT_LT(distance(run.after(32, 30), exact), 1e-12 * std::sqrt(exact.size()));
  for (const std::int64_t terms : {3, 5, 7}) {
    const double coarse = distance(run.after(256, terms), exact);
    const double fine = distance(run.after(512, terms), exact);
    EXPECT_NEAR(std::log2(coarse / fine), static_cast<double>(terms - 1), 0.15) << terms;
  }
}

}  // namespace
}  // namespace qbsweep
