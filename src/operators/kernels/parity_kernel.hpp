#pragma once
/// \file
/// What the kernel of the parity sectors (parity_sector.hpp) is given.

namespace qbsweep::kernels {

/// One spin pair (j, i, k), i <= k, of the state: where its neighbours lie and what they weigh.
/// Offsets are in doubles from the begin of a photon row; a neighbour that does not exist has
/// weight 0 and the pair's own offset.
struct ParityPair {
  long offset;  ///< of the pair itself
  // Coupling: left factors (i - 1, k), (i + 1, k), right factors (i, k - 1), (i, k + 1).
  long left_below, left_above, right_below, right_above;
  // Gains of jumps down, of single atoms or all together, from the same j, from j + 1, from j - 1;
  // of jumps up likewise; of dephasing from j +- 1.
  long decay_same, decay_up, decay_down, pumping_same, pumping_up, pumping_down;
  long dephasing_up, dephasing_down;

  double left_below_weight, left_above_weight, right_below_weight, right_above_weight;
  double decay_same_weight, decay_up_weight, decay_down_weight;
  double pumping_same_weight, pumping_up_weight, pumping_down_weight;
  double dephasing_up_weight, dephasing_down_weight;
  double diagonal;   ///< losses and gains that stay on the element, without the cavity's
  double energy;     ///< how fast the pair turns without the cavity
  bool own_adjoint;  ///< i = k: the kernel takes the Hermitian part of what it has summed up
  long odd;          ///< (i + k + parity) mod 2
};

/// Where a row of the pairs i = k lies that another rank sent: photon row 2 s + odd of pair number
/// d at begin + (2 d + odd) step, as if it had all its columns. It has those that are kept rows.
struct ParityReceivedRow {
  const double* begin;
  long step;
};

struct ParityArguments {
  const double* x;
  double* y;
  double alpha, beta, gamma;

  const ParityPair* pairs;
  long pair_count;
  long fock_dim;
  long kept_row;            ///< the photon row with which x and y begin
  long first_row, end_row;  ///< photon rows to set; the first one is even
  long width;               ///< doubles of one photon row of a pair, X or Y
  long columns[2];          ///< of them that columns of rho = 0 and 1 take up; the rest stays zero
  long row_stride;          ///< doubles from photon row n to n + 1: 2 width times all pairs
  double loss;              ///< rate of D[a]
  double heating;           ///< rate of D[a^dag]
  double omega_c;
  double counter_rotating;  ///< r
  bool decay;
  bool pumping;
  bool dephasing;

  /// sqrt(n), n = 0 .. fock_dim - 1.
  const double* root;
  /// parity_tables_size() doubles, aligned for vector registers, zero at first.
  double* tables;

  /// For the Hermitian parts, where not all rows are kept: for each s, what other ranks sent of the
  /// others.
  const ParityReceivedRow* received_rows;
  /// Room for 2 width addresses.
  const double** row_table;
};

/// Room for tables over the columns, X and Y in turns as in a row: for rho = 0 and 1, one for all
/// rows and two for each of two rows; and for a row of zeros behind them.
[[nodiscard]] inline long parity_zero_row(long width) {
  return 20 * width;  // 2 (1 + 2 2) tables of X and Y
}
[[nodiscard]] inline long parity_tables_size(long width) {
  return parity_zero_row(width) + 2 * width;
}

/// Sums up the rows of some pairs.
using ParityKernel = void (*)(const ParityArguments&);

/// Takes the Hermitian parts of y on the pairs i = k, when those are all summed up. The rows to set
/// are all that are kept; with received rows, `pairs` are those pairs alone.
using ParityHermitianParts = void (*)(const ParityArguments&);

}  // namespace qbsweep::kernels
