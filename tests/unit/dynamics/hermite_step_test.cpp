// The interpolation of observations within a step of an integrator.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "synthetic_observations.hpp"

namespace qbsweep {
namespace {

using testing::Curve;
using testing::one_atom_step;

constexpr int population = 3;  // where one_atom() puts it
constexpr int photons = 4;
const std::vector<double> unscaled(8, 1.0);

Curve power(int exponent) {
  const double e = exponent;
  return {[e](double t) { return std::pow(t, e); },
          [e](double t) { return e == 0 ? 0.0 : e * std::pow(t, e - 1); },
          [e](double t) { return e < 2 ? 0.0 : e * (e - 1) * std::pow(t, e - 2); }};
}

Curve sine(double omega) {
  return {[omega](double t) { return std::sin(omega * t); },
          [omega](double t) { return omega * std::cos(omega * t); },
          [omega](double t) { return -omega * omega * std::sin(omega * t); }};
}

// Each of the six weight polynomials, and their derivatives, has to be right for this.
TEST(HermiteStep, ReproducesPolynomialsOfDegreeFive) {
  std::vector<double> values;
  std::vector<double> rates;
  for (int exponent = 0; exponent <= 5; ++exponent) {
    const Curve curve = power(exponent);
    const HermiteStep step = one_atom_step(curve, 0.7, 2.3);
    for (const double t : {0.7, 0.71, 1.1, 1.5, 2.0, 2.3}) {
      step.values(t, values);
      step.rates(t, rates);
      EXPECT_NEAR(values[population], curve[0](t), 1e-12) << exponent;
      EXPECT_NEAR(rates[population], curve[1](t), 1e-12) << exponent;
    }
  }
}

double largest_error(const DenseStep& step, const Curve& curve) {
  double largest = 0;
  std::vector<double> values;
  for (int part = 0; part <= 200; ++part) {
    const double t = step.t_begin() + (step.t_end() - step.t_begin()) * part / 200;
    step.values(t, values);
    largest = std::max(largest, std::abs(values[population] - curve[0](t)));
  }
  return largest;
}

// For degree 6 the sixth derivative is constant, and the documented error h^6 f^(6)/46080 and its
// estimate are exact.
TEST(HermiteStep, ErrorOfDegreeSixIsTheDocumentedOne) {
  const Curve curve = power(6);
  const HermiteStep first = one_atom_step(curve, 0.1, 0.9);
  const HermiteStep second = one_atom_step(curve, 0.9, 1.5);
  const double expected = std::pow(0.8, 6) * 720 / 46080;
  EXPECT_NEAR(largest_error(first, curve) / expected, 1, 1e-6);
  EXPECT_NEAR(second.error_estimate(first, unscaled) / expected, 1, 1e-6);
  // The errors of all observations are those of p; <H_I> has a tenth of it.
  std::vector<double> scales = unscaled;
  scales[population] = scales[0] = scales[photons] = 1e9;
  EXPECT_NEAR(second.error_estimate(first, scales) / expected, 0.1, 1e-6);
}

TEST(HermiteStep, ErrorEstimateHasTheRightSize) {
  for (const double h : {0.2, 0.5, 1.0}) {
    double largest = 0;
    double estimated = 0;
    const Curve curve = sine(1.0);
    HermiteStep before = one_atom_step(curve, 0, h);
    for (int s = 1; s * h < 10; ++s) {
      const HermiteStep step = one_atom_step(curve, s * h, (s + 1) * h);
      largest = std::max(largest, largest_error(step, curve));
      estimated = std::max(estimated, step.error_estimate(before, unscaled));
      before = step;
    }
    EXPECT_GT(estimated, largest / 1.5) << "h = " << h;
    EXPECT_LT(estimated, largest * 1.5) << "h = " << h;
  }
}

// Halving the step divides the error by 2^6.
TEST(HermiteStep, ConvergesWithOrderSix) {
  const Curve curve = sine(1.0);
  const double coarse = largest_error(one_atom_step(curve, 1.0, 2.0), curve);
  const double fine = largest_error(one_atom_step(curve, 1.25, 1.75), curve);
  EXPECT_NEAR(std::log2(coarse / fine), 6, 0.1);
}

}  // namespace
}  // namespace qbsweep
