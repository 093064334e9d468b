// Integrals over a step against closed forms.
#include "qbsweep/dynamics/running_integral.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace qbsweep {
namespace {

TEST(RunningIntegral, IsTheIntegralUpToEveryTime) {
  const RunningIntegral integral(
      1.0, 4.0,
      [](double t) -> Integrals {
        return {1.0, t * t, std::cos(40 * t), std::exp(-std::pow((t - 2) / 0.02, 2))};
      },
      1e-12);
  for (const double t : {1.0, 1.3, 2.0, 2.01, 3.7, 4.0}) {
    const Integrals found = integral.up_to(t);
    EXPECT_NEAR(found[0], t - 1, 1e-14);
    EXPECT_NEAR(found[1], (t * t * t - 1) / 3, 1e-12);
    EXPECT_NEAR(found[2], (std::sin(40 * t) - std::sin(40.0)) / 40, 1e-12);
    EXPECT_NEAR(found[3], 0.02 * std::sqrt(M_PI) / 2 * (std::erf((t - 2) / 0.02) + 1), 1e-12);
  }
}

}  // namespace
}  // namespace qbsweep
