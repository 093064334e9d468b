#pragma once
/// \file
/// What the solvers for a steady state hand back.

#include <cstdint>
#include <vector>

namespace qbsweep {

/// The state in the full basis (StateBasis, real storage R = X + Y), trace 1. Where the steady
/// state is not unique (multiplicity above 1) it is one of many, or empty with residuals that are
/// NaN.
struct SteadySolution {
  std::vector<double> state;
  double residual = 0.0;          ///< ||L rho|| / ||rho||, Frobenius norms of what is stored
  double first_residual = 0.0;    ///< the same of the state the solver began with
  std::int64_t multiplicity = 1;  ///< eigenvalues of L within the tolerance of zero
  std::int64_t operator_applications = 0;  ///< of L, or of the inverse that stands for it
};

}  // namespace qbsweep
