#pragma once
/// \file
/// What every solver of steady states hands over.

#include <cstdint>
#include <vector>

namespace qbsweep {

/// A state with L rho = 0 within the tolerance, or the best that was reached.
struct SteadySolution {
  /// In the full basis (StateBasis, real storage R = X + Y), trace 1.
  std::vector<double> state;
  double residual = 0.0;          ///< ||L rho|| / ||rho||, Frobenius norms of what is stored
  double first_residual = 0.0;    ///< the same of the state the solver began with
  std::int64_t multiplicity = 1;  ///< eigenvalues of L within the tolerance of zero
  std::int64_t operator_applications = 0;  ///< of L, or of the inverse that stands for it
};

}  // namespace qbsweep
