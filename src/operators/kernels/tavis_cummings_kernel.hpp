#pragma once
/// \file
/// What the kernel of the Tavis-Cummings sectors (tavis_cummings_sector.hpp) is given.

namespace qbsweep::kernels {

/// Excitation numbers in a tile, at least the lanes of every register.
constexpr long tile_lanes = 8;

/// The tiles of one range of excitation numbers K of all strips (j, e, e') with the same numbers e,
/// e' of excited atoms (tavis_cummings_layout.hpp). Where other rows lie is told in doubles from
/// the begin of a state; for rows that do not exist there is one of zeros.
struct TavisCummingsRow {
  long own = 0;
  long before = 0;  ///< the same strips at the next higher K
  // One atom less or more excited in the row of the density matrix, or in its column.
  long row_below = 0, row_above = 0, column_below = 0, column_above = 0;
  // One atom more excited in both, at the same photon numbers: at the next higher K.
  long decay = 0, decay_before = 0;
  long weights = 0;  ///< its first strip's position in TavisCummingsArguments::weights
  int strips = 0;    ///< strip s belongs to j = N/2 - s
  int row_photons = 0, column_photons = 0;  ///< n and n' in the first lane; negative in padding
  double turning = 0;                       ///< the difference of the energies of e and e'
  bool diagonal = false;                    ///< its own adjoint: Y vanishes
};

/// What other strips weigh in one. "Wider" is j + 1, "narrower" j - 1.
struct TavisCummingsWeights {
  // Coupling, without the square root of the photon number.
  double row_below = 0, row_above = 0, column_below = 0, column_above = 0;
  // Local noise: losses and gains that stay on the element, and gains from others.
  double own = 0;
  double dephasing_from_wider = 0, dephasing_from_narrower = 0;
  double decay = 0, decay_from_wider = 0, decay_from_narrower = 0;
};

struct TavisCummingsArguments {
  const double* x = nullptr;
  double* y = nullptr;
  double alpha = 1, beta = 0, gamma = 0;

  const TavisCummingsRow* rows = nullptr;
  long row_count = 0;
  const TavisCummingsWeights* weights = nullptr;
  /// roots[-n] = sqrt(n + 1), 0 where that is negative.
  const double* roots = nullptr;
  double kappa = 0;
  bool imaginary = false;  ///< whether Y is stored
  bool decay = false;
  bool dephasing = false;
};

using TavisCummingsKernel = void (*)(const TavisCummingsArguments&);

/// Strips of one (e, e') over which to sum: X, or Y.
struct TavisCummingsStrips {
  const double* first = nullptr;  ///< the first tile of the first strip
  long strips = 0;
  long tiles = 0;
  long tile_size = 0;    ///< doubles from one strip to the next
  int most_photons = 0;  ///< n of the first lane
};

/// Sets sums[s] to the sum over strip s; returns the sum over all strips, weighted with n.
using TavisCummingsSums = double (*)(const TavisCummingsStrips&, double* sums);

}  // namespace qbsweep::kernels
