#pragma once
/// \file
/// The Liouvillian on one symmetry sector, applied without a matrix.
///
/// A sector is a set of elements of the state that evolves by itself. It is stored in whatever
/// order suits its kernel, padded to whole vector registers; padding is zero and stays zero.
/// Elements come as X and Y (rho = X + iY), and only one of each pair of adjoint elements is
/// stored.

#include <mpi.h>

#include <cstdint>
#include <span>
#include <vector>

namespace qbsweep {

/// Weights of y <- apply L x + keep x + previous y, one step of a three-term recurrence.
struct Recurrence {
  double apply = 1.0;
  double keep = 0.0;
  double previous = 0.0;
};

/// Which part of the whole vector of an operator a rank keeps, in doubles. STUB until merged.
struct Slab {
  std::int64_t whole = 0;
  std::int64_t begin = 0;
  std::int64_t size = 0;
  std::int64_t own_begin = 0;
  std::int64_t own_end = 0;
};

/// A linear operator that is applied without a matrix, and what is observed of its vectors.
class MatrixFreeOperator {
 public:
  MatrixFreeOperator() = default;
  MatrixFreeOperator(const MatrixFreeOperator&) = delete;
  MatrixFreeOperator& operator=(const MatrixFreeOperator&) = delete;
  virtual ~MatrixFreeOperator() = default;

  /// Doubles in a stored vector, padding included.
  [[nodiscard]] virtual std::int64_t size() const = 0;

  [[nodiscard]] virtual Slab slab() const { return {size(), 0, size(), 0, size()}; }
  [[nodiscard]] virtual MPI_Comm comm() const { return MPI_COMM_SELF; }

  /// Doubles among them that carry the state.
  [[nodiscard]] virtual std::int64_t unknowns() const = 0;

  /// y <- apply L x + keep x + previous y. Both are stored as SectorState does (aligned, with
  /// margins) and do not overlap; where previous = 0, y need not be set before.
  virtual void apply(const double* x, double* y, const Recurrence& weights) const = 0;

  /// The first vector of a charge: the pure state of j = N/2 with the given amplitudes, [i][n] over
  /// all Fock levels, real before the spin basis is rotated (rotation_sign() in coupling.hpp). Rows
  /// i that are left out at the end are empty: a charged cavity is the row i = 0 alone. Sets all of
  /// x, padding included.
  virtual void set_pure_state(std::span<const double> amplitudes, double* x) const = 0;

  /// The positions in the observations of a state to which this operator's vectors contribute.
  [[nodiscard]] virtual const std::vector<std::int64_t>& observed() const = 0;

  /// What they contribute, in the order of observed().
  virtual void observe(const double* x, double* observations) const = 0;
};

/// A symmetry sector of the state. Positions of observed() are those of ObservationLayout, and the
/// observations of a state are the sum over its sectors.
class Sector : public MatrixFreeOperator {
 public:
  /// Picks this sector out of a state in the full basis (StateBasis, real storage R = X + Y). Sets
  /// all of x, padding included.
  virtual void gather(const double* full, double* x) const = 0;

  /// Puts this sector into its place in the full basis, adjoint elements included; leaves the rest.
  virtual void scatter(const double* x, double* full) const = 0;
};

}  // namespace qbsweep
