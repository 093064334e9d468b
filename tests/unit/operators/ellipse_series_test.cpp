// The series on an ellipse, on numbers z in the place of the Liouvillian.
//
// What would be caught: a wrong weight of the recurrence, of its first two steps in particular,
// wrong coefficients or a wrong scale of all of them, too few terms, far too many.
#include "qbsweep/operators/ellipse_series.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <string>
#include <vector>

namespace qbsweep {
namespace {

using Complex = std::complex<double>;

struct Shape {
  const char* name;
  Ellipse ellipse;
};

constexpr double times[] = {1e-6, 1e-3, 0.1, 1.0, 7.0, 50.0};
constexpr double tolerances[] = {1e-4, 1e-8, 1e-12};

class EllipseSeriesTest : public ::testing::TestWithParam<Shape> {
 protected:
  /// Points on the boundary, half way to it, and the center.
  static std::vector<Complex> points() {
    const Ellipse& ellipse = GetParam().ellipse;
    std::vector<Complex> all = {ellipse.center};
    constexpr int around = 24;
    for (int p = 0; p < around; ++p) {
      const double angle = 2 * std::numbers::pi * p / around;
      for (const double radius : {0.5, 1.0}) {
        all.push_back(ellipse.center + radius * Complex(ellipse.real_axis * std::cos(angle),
                                                        ellipse.imaginary_axis * std::sin(angle)));
      }
    }
    return all;
  }
  /// What coefficients and rounding are of the order of.
  static double scale(double t) {
    const Ellipse& ellipse = GetParam().ellipse;
    return std::max(1.0, std::exp(t * (ellipse.center + ellipse.real_axis)));
  }
};

/// sum_k c_k F_k(z), F_k by the recurrence of the series.
Complex sum_of(const EllipseSeries& series, const std::vector<double>& coefficients, Complex z) {
  Complex before = 0;
  Complex here = 1;
  Complex sum = coefficients[0];
  for (std::size_t k = 1; k < coefficients.size(); ++k) {
    const Recurrence weights = series.recurrence(static_cast<std::int64_t>(k));
    const Complex next = weights.alpha * z * here + weights.beta * here + weights.gamma * before;
    before = here;
    here = next;
    sum += coefficients[k] * here;
  }
  return sum;
}

TEST_P(EllipseSeriesTest, SumsToTheExponential) {
  const EllipseSeries series(GetParam().ellipse);
  std::vector<double> coefficients;
  for (const double t : times) {
    for (const double tolerance : tolerances) {
      series.coefficients(t, series.terms(t, tolerance), coefficients);
      // On the ellipse |F_k| <= 2, so that the error may be twice the sum of what was left out.
      const double allowed = 2 * tolerance + 1e-13 * scale(t);
      for (const Complex z : points()) {
        ASSERT_LE(std::abs(sum_of(series, coefficients, z) - std::exp(z * t)), allowed)
            << "t = " << t << " z = " << z << " terms " << coefficients.size();
      }
    }
  }
}

TEST_P(EllipseSeriesTest, NeedsTheTermsItSays) {
  const EllipseSeries series(GetParam().ellipse);
  std::vector<double> coefficients;
  for (const double t : times) {
    for (const double tolerance : tolerances) {
      const std::int64_t said = series.terms(t, tolerance);
      series.coefficients(t, said + 50, coefficients);
      double tail = 0;
      auto needed = static_cast<std::int64_t>(coefficients.size());
      while (needed > 0 && tail + std::abs(coefficients[needed - 1]) <= tolerance) {
        tail += std::abs(coefficients[--needed]);
      }
      EXPECT_GE(said, needed) << "t = " << t << " tolerance " << tolerance;
      EXPECT_LE(static_cast<double>(said), 1.2 * static_cast<double>(needed) + 6)
          << "t = " << t << " tolerance " << tolerance;
    }
  }
}

// How many are asked for must not change them: the downward recurrence starts elsewhere.
TEST_P(EllipseSeriesTest, CoefficientsDoNotDependOnTheirNumber) {
  const EllipseSeries series(GetParam().ellipse);
  std::vector<double> few;
  std::vector<double> many;
  for (const double t : times) {
    series.coefficients(t, 3, few);
    series.coefficients(t, 400, many);
    for (std::size_t k = 0; k < few.size(); ++k) {
      EXPECT_NEAR(few[k], many[k], 1e-14 * scale(t)) << "t = " << t << " k = " << k;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, EllipseSeriesTest,
    ::testing::Values(Shape{"imaginary_segment", {0, 0, 9}},
                      Shape{"shifted_imaginary_segment", {-0.7, 0, 4}},
                      Shape{"tall", {-1.5, 1.5, 20}}, Shape{"very_tall", {-0.01, 0.01, 30}},
                      Shape{"circle", {-3, 3, 3}}, Shape{"almost_a_circle", {-3, 3.001, 3}},
                      Shape{"nearly_a_circle", {-3, 2.99, 3}}, Shape{"flat", {-10, 10, 2}},
                      Shape{"very_flat", {-10, 10, 0.01}}, Shape{"real_segment", {-5, 5, 0}},
                      Shape{"far_left", {-8, 2, 5}}, Shape{"reaches_to_the_right", {-1, 1.1, 6}}),
    [](const auto& shape) { return std::string(shape.param.name); });

/// Of the first few, which are not small.
void expect_coefficients(const Ellipse& ellipse, double t, double (*expected)(double t, int k)) {
  std::vector<double> found;
  EllipseSeries(ellipse).coefficients(t, 40, found);
  for (int k = 0; k < 40; ++k) {
    EXPECT_NEAR(found[k], expected(t, k), 1e-14) << "k = " << k;
  }
}

TEST(EllipseSeries, IsTheSeriesOfBesselFunctionsOnAnImaginarySegment) {
  expect_coefficients({0, 0, 3}, 2.0, [](double t, int k) { return std::cyl_bessel_j(k, 3 * t); });
}

TEST(EllipseSeries, IsTheChebyshevSeriesOnARealSegment) {
  expect_coefficients({-3, 3, 0}, 2.0, [](double t, int k) {
    return std::exp(-3 * t) * std::cyl_bessel_i(k, 3 * t);
  });
}

TEST(EllipseSeries, IsTheTaylorSeriesOnACircle) {
  expect_coefficients({-3, 3, 3}, 2.0, [](double t, int k) {
    return std::exp(-3 * t + k * std::log(3 * t) - std::lgamma(k + 1.0));
  });
}

TEST(EllipseSeries, BeginsWithTheStateItself) {
  std::vector<double> coefficients;
  EllipseSeries({-1, 1, 5}).coefficients(0.0, 5, coefficients);
  EXPECT_EQ(coefficients, (std::vector<double>{1, 0, 0, 0, 0}));
}

}  // namespace
}  // namespace qbsweep
