// exp(L T) of a parity half against the exponential of the dense matrix.
//
// What would be caught: a series that is too short, one that grows, coefficients that grow and
// cancel, steps that do not add up to T.
#include "qbsweep/dynamics/evolution.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unsupported/Eigen/MatrixFunctions>
#include <vector>

#include "dense_matrix.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using ::testing::DoubleNear;
using ::testing::Pointwise;
using testing::Random;

void expect_exponential(const BatteryParameters& battery, double duration, Random& random) {
  SCOPED_TRACE(testing::describe(battery));
  for (const Parity parity : {Parity::even, Parity::odd}) {
    const ParityHalf half(battery, parity);
    const petsc::Matrix L = half_liouvillian(battery, half);
    const Eigen::MatrixXd dense = testing::dense_matrix(
        half.size(),
        [&](const std::vector<double>& state) { return testing::multiply(L.get(), state); });
    const std::vector<double> from = testing::random_numbers(random, half.size());
    const Eigen::VectorXd expected =
        (dense * duration).exp() * Eigen::Map<const Eigen::VectorXd>(from.data(), half.size());

    Evolution evolution(battery, half, duration, 1e-13);
    std::vector<double> to(from.size());
    evolution.apply(from.data(), to.data());
    EXPECT_THAT(
        to, Pointwise(DoubleNear(1e-10), std::vector<double>(expected.begin(), expected.end())));
    EXPECT_GT(evolution.applications(), 0);

    evolution.apply_liouvillian(from.data(), to.data());
    EXPECT_THAT(to, Pointwise(DoubleNear(1e-12), testing::multiply(L.get(), from)));
  }
}

TEST(Evolution, EqualsTheDenseExponential) {
  Random random(51);
  for (int set = 0; set < 12; ++set) {
    BatteryParameters battery = testing::random_battery(random, 2);
    battery.fock_dim = testing::uniform_int(random, 3, 5);
    expect_exponential(battery, testing::uniform(random, 0.1, 5), random);
  }
}

TEST(Evolution, StrongDampingAndLongTimesNeedSeveralSteps) {
  Random random(52);
  BatteryParameters battery;
  battery.N = 2;
  battery.fock_dim = 6;
  battery.g = 1;
  battery.kappa = 5;
  battery.gamma_down = 5;
  battery.gamma_phi = 5;
  expect_exponential(battery, 20, random);
}

TEST(Evolution, CoefficientsDoNotGrowUnseen) {
  // Dephasing widens the ellipse of the fewest terms to the right of 0: over this time its
  // coefficients come to 1e35 or so, and no vector of the series is larger than the state.
  Random random(53);
  BatteryParameters battery;
  battery.fock_dim = 8;
  battery.g = 0.27;
  battery.kappa = 0.001;
  battery.gamma_down = 0.01;
  battery.gamma_phi = 1.5;
  const double duration = 300;
  expect_exponential(battery, duration, random);

  // One step by plan, whose coefficients stay within 1e6: still too large for this tolerance.
  const ParityHalf half(battery, Parity::even);
  Evolution evolution(battery, half, duration, 1e-13);
  const std::vector<double> from = testing::random_numbers(random, half.size());
  std::vector<double> to(from.size());
  evolution.apply(from.data(), to.data());
  EXPECT_GT(evolution.steps(), 1);
}

TEST(Evolution, WhatCancelsTooFarIsAddedUpInShorterSteps) {
  // Vectors grow to 40 times the state, so that what is added up comes to 7 times. Coefficients add
  // up to 1.
  Random random(54);
  BatteryParameters battery;
  battery.interaction = Interaction::tavis_cummings;
  battery.N = 2;
  battery.fock_dim = 4;
  battery.g = 0.12;
  battery.gamma_down = 2;
  const double duration = 19;
  const ParityHalf half(battery, Parity::even);
  const std::vector<double> from = testing::random_numbers(random, half.size());
  const auto steps_within = [&](double tolerance) {
    Evolution evolution(battery, half, duration, tolerance);
    std::vector<double> to(from.size());
    evolution.apply(from.data(), to.data());
    return evolution.steps();
  };
  EXPECT_EQ(steps_within(1e-14), 1);
  EXPECT_GT(steps_within(1e-15), 1);
}

}  // namespace
}  // namespace qbsweep
