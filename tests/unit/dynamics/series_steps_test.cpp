// How a window is cut into steps.
//
// What would be caught: coefficients that grow where no vector of the series does (the ellipse, and
// not the field of values, says how far to the right of 0 a series reaches), steps that do not
// cover the window, terms that are too few.
#include "qbsweep/dynamics/series_steps.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "qbsweep/operators/ellipse_series.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using testing::Random;
using testing::uniform;

/// Noise of any strength, alone or together.
BatteryParameters random_noise(Random& random) {
  BatteryParameters battery = testing::random_battery(random, 8);
  const auto rate = [&] {
    return testing::uniform_int(random, 0, 1) == 0 ? 0.0 : std::pow(10, uniform(random, -3, 1));
  };
  battery.kappa = rate();
  battery.gamma_down = rate();
  battery.gamma_phi = rate();
  battery.fock_dim = testing::uniform_int(random, 3, 40);
  return battery;
}

TEST(SeriesSteps, CoefficientsStayWithinWhatRoundingAllows) {
  Random random(211);
  for (int set = 0; set < 200; ++set) {
    const BatteryParameters battery = random_noise(random);
    const double tolerance = std::pow(10, uniform(random, -12, -3));
    const double window = std::pow(10, uniform(random, -1, 3));
    const bool careful = testing::uniform_int(random, 0, 1) == 0;
    SCOPED_TRACE(testing::describe(battery) + " tolerance " + std::to_string(tolerance) +
                 " window " + std::to_string(window) + (careful ? " careful" : ""));
    const FieldOfValues values = field_of_values(battery, battery.fock_dim, energy_range(battery));
    const SeriesStep step = series_step(values, battery, tolerance, window, careful, 10);
    const double steps = window / step.duration;
    EXPECT_NEAR(steps, std::round(steps), 1e-9 * steps);
    std::vector<double> coefficients;
    EllipseSeries(step.ellipse).coefficients(step.duration, step.terms, coefficients);
    double largest = 0;
    for (const double coefficient : coefficients) {
      largest = std::max(largest, std::abs(coefficient));
    }
    // They are values of exp(z t) on the ellipse, averaged.
    EXPECT_LE(std::log(largest), growth_allowed(battery, tolerance) + 0.01);
  }
}

// The bound above is one that a step uses up: it is not merely short.
TEST(SeriesSteps, AreAsLongAsGrowthAllows) {
  BatteryParameters battery;
  battery.N = 4;
  battery.fock_dim = 17;
  battery.g = 0.2;
  battery.kappa = 1;
  const FieldOfValues values = field_of_values(battery, battery.fock_dim, energy_range(battery));
  const SeriesStep step = series_step(values, battery, 1e-8, 200, true, 10);
  EXPECT_GE(step.ellipse.right_end(), values.support(0));
  EXPECT_LT(step.duration, 200.0 / 4);
  EXPECT_GT(step.ellipse.right_end() * step.duration, growth_allowed(battery, 1e-8) / 2);
}

}  // namespace
}  // namespace qbsweep
