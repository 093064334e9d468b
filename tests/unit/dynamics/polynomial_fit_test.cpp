// Functions as polynomials.
//
// What would be caught: a degree that does not reach the tolerance or is not needed, powers on another
// interval.
#include "qbsweep/dynamics/polynomial_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace qbsweep {
namespace {

double value(const std::vector<double>& c, double x) {
  double sum = 0;
  for (std::size_t m = c.size(); m-- > 0;) {
    sum = sum * x + c[m];
  }
  return sum;
}

TEST(PolynomialFit, IsWithinTheToleranceAndNoLonger) {
  const auto f = [](double x) { return std::sin(2 * x + 0.3); };
  std::size_t fewer = 0;
  for (const double tolerance : {1e-3, 1e-6, 1e-9, 1e-12}) {
    const std::vector<double> c = polynomial_fit(f, 24, tolerance);
    for (const double x : {0.0, 0.1, 0.37, 0.5, 0.9, 1.0}) {
      EXPECT_NEAR(value(c, x), f(x), 2 * tolerance) << tolerance;
    }
    EXPECT_GT(c.size(), fewer);
    fewer = c.size();
  }
  EXPECT_LT(fewer, 15U);  // Taylor's series takes 18
}

TEST(PolynomialFit, OfAPolynomialIsThatPolynomial) {
  const std::vector<double> c =
      polynomial_fit([](double x) { return 3 - 2 * x + 0.5 * x * x * x; }, 24, 0);
  ASSERT_EQ(c.size(), 4U);
  const std::vector<double> expected = {3, -2, 0, 0.5};
  for (std::size_t m = 0; m < c.size(); ++m) {
    EXPECT_NEAR(c[m], expected[m], 1e-13) << m;
  }
  EXPECT_EQ(polynomial_fit([](double) { return 2.0; }, 24, 0), std::vector{2.0});
}

TEST(PolynomialFit, RefusesWhatTakesMore) {
  EXPECT_TRUE(polynomial_fit([](double x) { return std::sin(60 * x); }, 24, 1e-9).empty());
  EXPECT_TRUE(polynomial_fit([](double x) { return x < 0.5 ? 0.0 : 1.0; }, 24, 1e-9).empty());
}

}  // namespace
}  // namespace qbsweep
