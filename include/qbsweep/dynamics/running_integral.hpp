#pragma once
/// \file
/// Integrals over time of functions that are smooth within a step, up to every time of it.

#include <array>
#include <cstddef>
#include <functional>
#include <vector>

namespace qbsweep {

/// The integrands at one time, or their integrals.
inline constexpr std::size_t running_integrals = 6;
using Integrals = std::array<double, running_integrals>;

class RunningIntegral {
 public:
  /// Over [begin, end], which is halved where polynomials do not follow the integrands.
  /// \param tolerance  of an integrand
  RunningIntegral(double begin, double end, const std::function<Integrals(double)>& integrands,
                  double tolerance);

  /// From the begin to `t`, begin <= t <= end.
  [[nodiscard]] Integrals up_to(double t) const;

 private:
  struct Part {
    double begin;
    double end;
    Integrals before;  // integrals up to its begin
    /// Chebyshev coefficients of the integrals from there on.
    std::vector<Integrals> coefficients;
  };
  void add(double begin, double end, const std::function<Integrals(double)>& integrands,
           double tolerance, int depth);

  std::vector<Part> parts_;
  Integrals sum_ = {};
};

}  // namespace qbsweep
