#pragma once
/// \file
/// exp(L t) as a series of polynomials made for an ellipse.
///
/// The exterior of the unit disc is mapped onto that of the ellipse by z(w) = c + gamma w + beta/w,
/// gamma = (a + b)/2, beta = (a - b)/2 (c the center, a and b the real and imaginary axis). The
/// Faber polynomials of the ellipse are F_0 = 1, F_k = w^k + (beta/gamma)^k w^-k: Chebyshev
/// polynomials scaled so that they stay of order 1 on the ellipse, and
///
///     exp(z t) = sum_k c_k(t) F_k(z),    c_k = exp(c t) sum_m (gamma t)^(k+m) (beta t)^m / ((k+m)!
///     m!)
///
/// converges faster than any geometric series beyond k = b t. On [-iR, iR] these are the Bessel
/// functions J_k(R t) and terms that would grow like exp(decay t) for a decaying L; on an ellipse
/// that contains the field of values neither the terms nor the coefficients grow.
/// S. W. Ellacott, "Computation of Faber series with application to numerical polynomial
/// approximation in the complex plane", Math. Comp. 40, 575 (1983).

#include <cstdint>
#include <vector>

#include "qbsweep/operators/field_of_values.hpp"
#include "qbsweep/operators/sector.hpp"

namespace qbsweep {

class EllipseSeries {
 public:
  explicit EllipseSeries(const Ellipse& ellipse);

  /// The weights with which F_k(L) R follows from F_(k-1) and F_(k-2), k >= 1:
  /// F_k = alpha L F_(k-1) + beta F_(k-1) + gamma F_(k-2).
  [[nodiscard]] Recurrence recurrence(std::int64_t k) const;

  /// Number of terms k = 0 .. terms - 1 after which the coefficients left out sum to less than
  /// `tolerance`.
  [[nodiscard]] std::int64_t terms(double t, double tolerance) const;

  /// c_0(t) .. c_(count-1)(t).
  void coefficients(double t, std::int64_t count, std::vector<double>& out) const;

 private:
  Ellipse ellipse_;
  double capacity_;  // gamma of the map, not of the recurrence
  double ratio_;     // -beta/gamma of the map
  Recurrence weights_;
  double right_end_;  // z(1)
};

}  // namespace qbsweep
