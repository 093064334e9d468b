#pragma once
/// \file
/// The even or odd half of a state as a plain vector: what Krylov methods work on.
///
/// The elements of the full basis (StateBasis, real storage R = X + Y) with even or odd
/// k = (n + i) - (l + k), in their order there. Other than the vectors of ParitySector these hold
/// every number once and nothing else: the Euclidean norm is the Frobenius norm of the half, any
/// vector is a state of the half, and the dimension is that of the true space.

#include <mpi.h>

#include <cstdint>
#include <vector>

#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/state_basis.hpp"
#include "qbsweep/operators/parity_sector.hpp"
#include "qbsweep/support/petsc.hpp"

namespace qbsweep {

class ParityHalf {
 public:
  ParityHalf(const BatteryParameters& battery, Parity parity);

  [[nodiscard]] const StateBasis& basis() const { return basis_; }
  [[nodiscard]] Parity parity() const { return parity_; }

  /// Numbers in a vector of the half.
  [[nodiscard]] std::int64_t size() const { return tiles_.back(); }

  /// A row of a tile, <i, n| R |k, l> for fixed j, i, k and n, holds every other l.
  struct Row {
    std::int64_t position;  ///< of its first number, the others follow
    int first_l;            ///< 0 or 1; two to the next l
    int count;
  };
  [[nodiscard]] Row row(int block, int i, int k, int n) const;

  /// Where tile (block, i, k) begins, and how many numbers it has. Tiles with even i + k are all
  /// alike, and so are those with odd i + k.
  [[nodiscard]] std::int64_t tile(int block, int i, int k) const;
  [[nodiscard]] std::int64_t tile_size(int i, int k) const { return tile_sizes_[kind(i, k)]; }

  /// Positions of the diagonal elements of the state, whose sum is the trace. None in the odd half.
  [[nodiscard]] const std::vector<std::int64_t>& diagonal() const { return diagonal_; }

  /// Puts the half into its place in the full basis; leaves the rest.
  void expand(const double* half, double* full) const;

  /// Picks the half out of the full basis.
  void restrict(const double* full, double* half) const;

 private:
  [[nodiscard]] int kind(int i, int k) const { return (i + k + odd_) % 2; }

  Parity parity_;
  int odd_;
  StateBasis basis_;
  std::int64_t tile_sizes_[2];
  std::vector<std::int64_t> block_tiles_;  // number of the first tile of each block
  std::vector<std::int64_t> tiles_;        // where each begins, then the size
  std::vector<std::int64_t> diagonal_;
};

/// The Liouvillian on a half, applied by ParitySector: a MATSHELL of size half.size() with MatMult
/// and MatCreateVecs, on one process. `half` must outlive it.
/// \throws EnvironmentError where the size passes PetscInt; LibraryError
[[nodiscard]] petsc::Matrix half_liouvillian(const BatteryParameters& battery,
                                             const ParityHalf& half);

/// About how many doubles a vector of ParitySector stores, padding included.
[[nodiscard]] double parity_sector_doubles(const BatteryParameters& battery);

}  // namespace qbsweep
