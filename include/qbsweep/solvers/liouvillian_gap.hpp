#pragma once
/// \file
/// The end of the Liouvillian's spectrum: how many steady states there are, and how slowly others
/// decay.
///
/// Both parities of k = (n + i) - (l + k) count, for either interaction: the slowest mode often is
/// a coherence of the odd half. Small halves are diagonalised densely. On larger ones the
/// rightmost eigenvalues are the dominant ones of exp(L T) (Krylov-Schur). Of a multiple eigenvalue
/// one start shows one eigenvector, so what is found at zero is taken out and the rest searched
/// again, until it holds no zero. Without any noise the spectrum is that of H.

#include <cstdint>

#include "qbsweep/physics/parameters.hpp"
#include "qbsweep/solvers/step_hook.hpp"

namespace qbsweep {

struct GapSettings {
  /// Of the residual ||L v - lambda v|| / ||v|| of eigenvectors, and what counts as zero.
  double tolerance = 1e-9;
  /// Halves of at most so many unknowns are diagonalised densely.
  std::int64_t dense_unknowns = 400;
};

struct LiouvillianGap {
  double gap = 0.0;               ///< -(largest real part of the eigenvalues that are not zero)
  std::int64_t multiplicity = 0;  ///< eigenvalues within the tolerance of zero, at least 1
  double residual = 0.0;          ///< largest one of the eigenvalues that decide
  std::int64_t operator_applications = 0;
};

/// On one process.
/// \param on_step  called for each application of L; the dense diagonalisations (small halves, and
///                 the energies without noise) cannot be interrupted
/// \throws EnvironmentError where it does not converge: first, last and required residual
[[nodiscard]] LiouvillianGap liouvillian_gap(const BatteryParameters& battery,
                                             const GapSettings& settings = {},
                                             const StepHook& on_step = {});

/// The number of eigenvalues within the tolerance of zero on the even half alone, where the steady
/// states are, and no gap (NaN): for those who need to know whether a steady state is unique.
[[nodiscard]] LiouvillianGap steady_multiplicity(const BatteryParameters& battery,
                                                 const GapSettings& settings = {},
                                                 const StepHook& on_step = {});

/// Bytes that liouvillian_gap() takes where the steady state is unique.
[[nodiscard]] double liouvillian_gap_bytes(const BatteryParameters& battery,
                                           const GapSettings& settings = {});

}  // namespace qbsweep
