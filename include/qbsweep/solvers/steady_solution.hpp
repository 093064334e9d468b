#pragma once
/// \file
/// What the solvers for a steady state hand back.

#include <cstdint>
#include <vector>

namespace qbsweep {

/// The state in the full basis (StateBasis, real storage R = X + Y), trace 1. Where the steady
/// state is not unique (multiplicity above 1), `state` is empty and the residuals are NaN.
struct SteadySolution {
  std::vector<double> state;
  double residual;
  double first_residual;
  std::int64_t multiplicity;
  std::int64_t operator_applications;
};

}  // namespace qbsweep
