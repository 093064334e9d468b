// The bracketed root finder.
#include "qbsweep/dynamics/root.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace qbsweep {
namespace {

TEST(FallingRoot, FindsRootsToTheAccuracy) {
  const auto cosine = [](double t) { return std::cos(t); };
  const auto steep = [](double t) { return std::tanh(1e4 * (0.123456789 - t)); };
  const auto flat = [](double t) { return std::pow(0.7 - t, 9); };
  const auto lopsided = [](double t) { return std::exp(-t) - 1e-5; };
  for (const double accuracy : {1e-6, 1e-12}) {
    EXPECT_NEAR(find_falling_root(cosine, 0, 3, accuracy), std::numbers::pi / 2, accuracy);
    EXPECT_NEAR(find_falling_root(steep, 0, 1, accuracy), 0.123456789, accuracy);
    EXPECT_NEAR(find_falling_root(flat, 0, 1, accuracy), 0.7, accuracy);
    EXPECT_NEAR(find_falling_root(lopsided, 0, 100, accuracy), 5 * std::log(10), accuracy);
  }
}

// Every evaluation is an eigenvalue problem of the battery's state.
TEST(FallingRoot, NeedsFewEvaluationsAndNeverManyMoreThanHalving) {
  int evaluations = 0;
  const auto count = [&evaluations](auto f, double left, double right) {
    evaluations = 0;
    find_falling_root(
        [&](double t) {
          ++evaluations;
          return f(t);
        },
        left, right, 1e-13);
    return evaluations;
  };
  // Halving takes 45; regula falsi without the Illinois step gets stuck at one of the ends.
  EXPECT_LT(count([](double t) { return std::cos(t); }, 0, 3), 25);
  EXPECT_LT(count([](double t) { return 0.3 - t * t; }, 0, 1), 15);
  EXPECT_LT(count([](double t) { return (1 - t) * (1 - t) - 0.3; }, 0, 1), 15);
  evaluations = 0;
  const auto jump = [&](double t) {
    ++evaluations;
    return t < 1e-7 ? 1.0 : -1e-9;
  };
  EXPECT_NEAR(find_falling_root(jump, 0, 1, 1e-13), 1e-7, 1e-13);
  EXPECT_LT(evaluations, 5 * 45);
}

TEST(FallingRoot, WithoutAChangeOfSignGivesTheNearerEnd) {
  EXPECT_EQ(find_falling_root([](double) { return -1.0; }, 2, 3, 1e-9), 2);
  EXPECT_EQ(find_falling_root([](double) { return 1.0; }, 2, 3, 1e-9), 3);
  EXPECT_EQ(find_falling_root([](double t) { return 2 - t; }, 2, 3, 1e-9), 2);
}

// An accuracy below the spacing of doubles must not loop for ever.
TEST(FallingRoot, EndsWhereNoDoubleLiesBetween) {
  const double root = find_falling_root([](double t) { return 1e6 + 1.0 / 3 - t; }, 1e6, 2e6, 0);
  EXPECT_NEAR(root, 1e6 + 1.0 / 3, 1e-9);
}

}  // namespace
}  // namespace qbsweep
