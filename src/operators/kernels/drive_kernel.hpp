#pragma once
/// \file
/// What the kernel of drives (driven_sector.hpp) is given.

#include "parity_kernel.hpp"

namespace qbsweep::kernels {

/// What a drive of the atoms weighs for a pair: as the coupling's left and right factors, without
/// the cavity.
struct DriveWeights {
  double left_below, left_above, right_below, right_above;
};

/// y <- y + what the drives make of the other half.
struct DriveArguments {
  const double* other;  ///< of x, the half of the other parity
  double* y;
  const ParityPair* pairs;  ///< of the half that y is
  const DriveWeights* weights;
  long pair_count;
  long fock_dim;
  long width;  ///< as in ParityArguments
  long row_stride;
  double cavity;       ///< amplitude of the cavity's drive, times alpha of the recurrence
  double atoms;        ///< 1 or 0, times alpha
  const double* root;  ///< sqrt(n), n = 0 .. fock_dim
  /// 6 (width + 16) doubles.
  double* room;
};

using DriveKernel = void (*)(const DriveArguments&);

}  // namespace qbsweep::kernels
