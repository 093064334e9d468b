// How long a sweep will still take, against sweeps whose points take a known time.
//
// What would be caught: predictions that are off by a factor and are not scaled by what was
// measured, points under way that count as wholly left or not at all, a last long point that is
// thought to be shared by all ranks.
#include "qbsweep/scheduler/time_left.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <tuple>

namespace qbsweep {
namespace {

TEST(TimeLeft, OfOnePointIsThatOfItsPace) {
  // The estimate is 12 times too low; 15 % took 21 s, as if it had been predicted at 11.7 s.
  TimeLeft left;
  left.add_begun({11.7, 0.15, 21.0});
  EXPECT_NEAR(left.core_seconds(), 119.0, 1e-9);
  EXPECT_NEAR(left.seconds(8), 119.0, 1e-9) << "one point is not computed by all ranks";
}

TEST(TimeLeft, WithoutAnythingMeasuredIsThePrediction) {
  TimeLeft left;
  left.add_waiting(30.0, 20.0);
  EXPECT_DOUBLE_EQ(left.core_seconds(), 30.0);
  EXPECT_DOUBLE_EQ(left.seconds(4), 20.0);
}

TEST(TimeLeft, ALongLastPointIsNotShared) {
  TimeLeft left;
  left.add_done(100.0, 100.0);
  left.add_begun({50.0, 0.2, 10.0});
  left.add_begun({2.0, 0.5, 1.0});
  EXPECT_NEAR(left.seconds(16), 40.0, 1e-9);
}

TEST(TimeLeft, BeforeAPaceShowsThePredictionCounts) {
  TimeLeft left;
  left.add_done(100.0, 200.0);
  left.add_begun({50.0, 0.0, 0.5});  // set up, not yet a step
  EXPECT_NEAR(left.core_seconds(), 100.0, 30.0);
}

/// Of how much the estimates are off altogether, and of every single point.
class TimeLeftAgainstTheTruth : public testing::TestWithParam<std::tuple<double, double>> {};

TEST_P(TimeLeftAgainstTheTruth, IsWithinAThird) {
  const auto [slowness, scatter] = GetParam();
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same sweeps every time
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  for (int sweep = 0; sweep < 50; ++sweep) {
    TimeLeft left;
    double truth = 0;
    double waiting = 0;
    double largest = 0;
    // One after the other, largest first, as a run does: some are done, four are under way.
    for (int point = 0; point < 100; ++point) {
      const double estimate = std::exp(-0.05 * point);
      const double seconds = estimate * slowness * std::pow(scatter, 2 * uniform(random) - 1);
      if (point < 5 + sweep) {
        left.add_done(estimate, seconds);
      } else if (point < 9 + sweep) {
        const double fraction = uniform(random);
        left.add_begun({estimate, fraction, fraction * seconds});
        truth += (1 - fraction) * seconds;
      } else {
        waiting += estimate;
        largest = std::max(largest, estimate);
        truth += seconds;
      }
    }
    left.add_waiting(waiting, largest);
    EXPECT_NEAR(left.core_seconds() / truth, 1.0, 1.0 / 3) << sweep;
  }
}

INSTANTIATE_TEST_SUITE_P(Sweeps, TimeLeftAgainstTheTruth,
                         testing::Combine(testing::Values(0.1, 1.0, 12.0),
                                          testing::Values(1.0, 1.7)));

}  // namespace
}  // namespace qbsweep
