#pragma once
/// \file
/// What the solvers for a steady state are asked for, and hand back.

#include <cstdint>
#include <span>
#include <vector>

#include "qbsweep/dynamics/watch.hpp"

namespace qbsweep {

/// What the solvers without a matrix are asked for.
struct SteadySearch {
  double tolerance = 1e-9;  ///< of SteadySolution::error
  /// A state in the full basis to begin with, none for the mixed one. What is found does not depend
  /// on it where the steady state is unique.
  std::span<const double> first = {};
  Watch watch = {};  ///< called for each application of L, or each iteration
};

/// The state in the full basis (StateBasis, real storage R = X + Y), trace 1. Where the steady
/// state is not unique (multiplicity above 1) it is one of many, or empty with residuals that are
/// NaN.
struct SteadySolution {
  std::vector<double> state;
  double residual = 0.0;        ///< ||L rho|| / ||rho||, Frobenius norms of what is stored
  double first_residual = 0.0;  ///< the same of the state the solver began with
  /// Estimate of the largest error of the battery's energy, omega_c times the photon number, <H_I>,
  /// <H> and the ergotropies, truncation aside: ||L^+ L rho|| as they see it.
  double error = 0.0;
  std::int64_t multiplicity = 1;           ///< eigenvalues of L within rounding of zero
  std::int64_t operator_applications = 0;  ///< of L, or of the inverse that stands for it
};

}  // namespace qbsweep
