#pragma once
/// \file
/// What the kernel of the Tavis-Cummings sectors (tavis_cummings_sector.hpp) is given.

namespace qbsweep::kernels {

/// Excitation numbers in a tile, at least the lanes of every register.
constexpr long tile_lanes = 8;

/// All strips with the same numbers of excited atoms in row and column, one for every j. Groups are
/// told by their position in TavisCummingsArguments::groups; the last one, of no tiles, stands for
/// every group that does not exist.
struct TavisCummingsGroup {
  long begin = 0;    ///< its first double in a state
  long strips = 0;   ///< strip s belongs to j = N/2 - s
  long tiles = 0;    ///< each of tile_lanes excitation numbers
  long weights = 0;  ///< its first strip's position in TavisCummingsArguments::weights
  long row_excited = 0;
  long column_excited = 0;
  bool diagonal = false;  ///< its own adjoint: Y vanishes
  // One atom less or more excited in the row, in the column, one more in both.
  long row_below = 0, row_above = 0, column_below = 0, column_above = 0, both_above = 0;
};

/// What local noise weighs on one strip: losses and gains that stay on the element, and gains from
/// other strips. "Wider" is j + 1, "narrower" j - 1.
struct TavisCummingsWeights {
  double own = 0;
  double dephasing_from_wider = 0, dephasing_from_narrower = 0;
  double decay = 0, decay_from_wider = 0, decay_from_narrower = 0;
};

struct TavisCummingsArguments {
  const double* x = nullptr;
  double* y = nullptr;
  double apply = 1, keep = 0, previous = 0;

  const TavisCummingsGroup* groups = nullptr;
  long group_count = 0;  ///< with the last one, which does not exist
  const TavisCummingsWeights* weights = nullptr;
  /// A row of tiles that does not exist.
  const double* zeros = nullptr;
  /// roots[u] = sqrt(highest excitation number + 1 - u), 0 where that is negative.
  const double* roots = nullptr;
  /// g' <j, M+1| J_+ |j, M> at [excited atoms after the raising][s], raising_stride apart; 0 where
  /// there is no such element.
  const double* raising = nullptr;
  long raising_stride = 0;

  long max_excitations = 0;
  long k = 0;
  double kappa = 0;
  double detuning = 0;     ///< omega_0 - omega_c
  bool imaginary = false;  ///< whether Y is stored
  bool decay = false;
  bool dephasing = false;
};

using TavisCummingsKernel = void (*)(const TavisCummingsArguments&);

}  // namespace qbsweep::kernels
