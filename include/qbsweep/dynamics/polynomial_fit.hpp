#pragma once
/// \file
/// A function as a polynomial of low degree.

#include <functional>
#include <vector>

namespace qbsweep {

/// The coefficients of 1, x, x^2, ... that make f on [0, 1] within `tolerance`, or rounding, by its
/// Chebyshev series: fewer than its Taylor series needs. Empty where more than `most` are needed.
[[nodiscard]] std::vector<double> polynomial_fit(const std::function<double(double)>& f, int most,
                                                 double tolerance);

}  // namespace qbsweep
