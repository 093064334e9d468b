// The tolerance is kept: results at every tolerance against those at 1e-12.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "charging_differences.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using testing::Random;

struct Point {
  BatteryParameters battery;
  double t_max;
};

/// The global ergotropy at one time, of a charging run that ends there.
double ergotropy_at(double t, const BatteryParameters& battery, ChargingSettings settings) {
  settings.t_max = t;
  settings.samples = 2;
  return charging_run(MPI_COMM_SELF, battery, settings).trajectory.ergotropy[0].back();
}

/// Every fifth point is strongly damped, every seventh lasts long.
Point random_point(Random& random, int number) {
  Point point = {testing::random_battery(random, 4), testing::uniform(random, 2, 30)};
  if (number % 5 == 0) {
    point.battery.kappa = 5;
    point.battery.gamma_phi = number % 10 == 0 ? 5 : 0;
  }
  if (number % 7 == 0) {
    point.battery.N = testing::uniform_int(random, 1, 2);
    point.t_max = 500;
  }
  return point;
}

TEST(Tolerance, BoundsTheErrorOfAllResults) {
  Random random(31);
  double worst = 0.0;
  for (int number = 0; number < 100; ++number) {
    const Point point = random_point(random, number);
    SCOPED_TRACE(testing::describe(point.battery));
    ChargingSettings settings;
    settings.t_max = point.t_max;
    settings.samples = 50;
    settings.tolerance = 1e-12;
    const ChargingResult exact = charging_run(MPI_COMM_SELF, point.battery, settings);
    for (const double tolerance : {1e-4, 1e-6, 1e-8, 1e-10}) {
      settings.tolerance = tolerance;
      const ChargingResult result = charging_run(MPI_COMM_SELF, point.battery, settings);
      const double error = testing::largest_difference(point.battery, result, exact);
      worst = std::max(worst, error / tolerance);
      EXPECT_LT(error, 10 * tolerance) << "t_max " << point.t_max << " number " << number;
    }
  }
  RecordProperty("worst_error_over_tolerance", std::to_string(worst));
  std::printf("worst error over tolerance: %.3g\n", worst);
}

// Times are as good as what is found at them: at the tau of a coarse run the ergotropy is the
// largest.
TEST(Tolerance, BoundsWhatIsLostByATauThatIsOff) {
  Random random(33);
  constexpr double tolerance = 1e-6;
  for (int number = 0; number < 60; ++number) {
    const Point point = random_point(random, number);
    SCOPED_TRACE(testing::describe(point.battery));
    ChargingSettings settings;
    settings.t_max = point.t_max;
    settings.tolerance = tolerance;
    const FiguresOfMerit coarse = charging_run(MPI_COMM_SELF, point.battery, settings).figures;
    settings.tolerance = 1e-12;
    const double largest =
        charging_run(MPI_COMM_SELF, point.battery, settings).figures.ergotropy_max[0];
    if (coarse.tau[0] == 0) {
      EXPECT_LT(largest, 10 * tolerance);
    } else {
      EXPECT_NEAR(ergotropy_at(coarse.tau[0], point.battery, settings), largest, 10 * tolerance);
    }
  }
}

}  // namespace
}  // namespace qbsweep
