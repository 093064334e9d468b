#pragma once
/// \file
/// The Liouvillian on one symmetry sector, applied without a matrix.
///
/// A sector is a set of elements of the state that evolves by itself. It is stored in whatever
/// order suits its kernel, padded to whole vector registers; padding is zero and stays zero.
/// Elements come as X and Y (rho = X + iY), and only one of each pair of adjoint elements is
/// stored.
///
/// An operator may be shared by a group of ranks. The *whole* vector has one order, whatever the
/// number of ranks; a rank keeps a contiguous slab of it and owns a contiguous part of that. The
/// rest are *ghosts*, copies of what its neighbours own:
///
///     whole vector   0 ................................................... whole
///     rank 0 keeps   [ own                 | ghost )
///     rank 1 keeps               [ ghost | own            | ghost )
///     rank 2 keeps                                 [ ghost | own          )
///                                ^       ^                ^
///                                begin   own_begin        own_end, counted from begin
///
/// Ghosts are always current: set_pure_state() sets them, apply() leaves them so, and whatever is
/// done element by element to all that is kept, on all ranks alike, keeps them so.

#include <mpi.h>

#include <cstdint>
#include <span>
#include <vector>

#include "qbsweep/model/observations.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/parallel/partition.hpp"

namespace qbsweep {

/// Weights of y <- alpha L x + beta x + gamma y, one step of a three-term recurrence.
struct Recurrence {
  double alpha = 1.0;
  double beta = 0.0;
  double gamma = 0.0;
};

/// What one rank has of a vector, in doubles.
struct Slab {
  std::int64_t whole = 0;      ///< the whole vector, on all ranks; the same for any number of them
  std::int64_t begin = 0;      ///< where in it begins what this rank keeps
  std::int64_t size = 0;       ///< what it keeps, ghosts included
  std::int64_t own_begin = 0;  ///< what it owns, counted from `begin`
  std::int64_t own_end = 0;
};

/// A linear operator that is applied without a matrix, and what is observed of its vectors.
class MatrixFreeOperator {
 public:
  MatrixFreeOperator() = default;
  MatrixFreeOperator(const MatrixFreeOperator&) = delete;
  MatrixFreeOperator& operator=(const MatrixFreeOperator&) = delete;
  virtual ~MatrixFreeOperator() = default;

  /// Doubles in a stored vector, padding included: those of slab(), and zeros behind them that some
  /// kernels read and nobody owns.
  [[nodiscard]] virtual std::int64_t size() const = 0;

  /// Doubles of the whole vector that carry the state.
  [[nodiscard]] virtual std::int64_t unknowns() const = 0;

  /// What this rank has of a vector: all of it, unless the operator is shared.
  [[nodiscard]] virtual Slab slab() const {
    const std::int64_t all = size();
    return {all, 0, all, 0, all};
  }

  /// The ranks that share the operator; MPI_COMM_SELF where it is not shared.
  [[nodiscard]] virtual MPI_Comm comm() const { return MPI_COMM_SELF; }

  /// Collective on comm(). y <- alpha L x + beta x + gamma y. Both are stored as SectorState
  /// does (aligned, with margins) and do not overlap; where gamma = 0, only the padding of
  /// y need be set before, to zero.
  virtual void apply(const double* x, double* y, const Recurrence& weights) const = 0;

  /// The first vector of a charging run: the pure state of j = N/2 with the given amplitudes,
  /// [i][n] over all Fock levels, real before the spin basis is rotated (rotation_sign() in
  /// coupling.hpp). Rows i that are left out at the end are empty: a charged cavity is the row i =
  /// 0 alone. Sets all of x, padding included.
  virtual void set_pure_state(std::span<const double> amplitudes, double* x) const = 0;

  /// Makes observed() and observe() have what is requested of `battery` as well. Once.
  /// \param battery  in the laboratory, whatever the frame of this operator; its Fock levels do not
  ///                 matter
  virtual void observe_more(ObservationRequest request, const BatteryParameters& battery) = 0;

  /// The positions in the observations of a state to which this operator's vectors contribute.
  [[nodiscard]] virtual const std::vector<std::int64_t>& observed() const = 0;

  /// What they contribute, in the order of observed(). Where the operator is shared, the share of
  /// this rank, of what it owns: the contributions are the sum over the ranks.
  virtual void observe(const double* x, double* observations) const = 0;
};

/// A symmetry sector of the state. Positions of observed() are those of ObservationLayout, and the
/// observations of a state are the sum over its sectors.
class Sector : public MatrixFreeOperator {
 public:
  /// Picks what is kept of this sector out of a state in the full basis (StateBasis, real storage
  /// R = X + Y). Sets all of x, padding included.
  virtual void gather(const double* full, double* x) const = 0;

  /// Puts what is owned of this sector into its place in the full basis, adjoint elements included;
  /// leaves the rest.
  virtual void scatter(const double* x, double* full) const = 0;

  // States can be cut to fewer levels, or given more (change_levels.hpp): Fock levels, or
  // excitation numbers where these are what a sector has less of.

  /// How many there are; the lowest is 0.
  [[nodiscard]] virtual int levels() const = 0;

  /// Adds the population of every level, as far as this rank owns it. Nothing where the sector has
  /// no part of it.
  /// \param populations  levels() of them
  virtual void add_populations(const double* x, std::span<double> populations) const = 0;

  /// A state is made of lines, of which ranks own and keep contiguous ones: photon rows, or rows of
  /// equal excitation of the atoms.
  [[nodiscard]] virtual IndexRange own_lines(int rank) const = 0;
  [[nodiscard]] virtual IndexRange kept_lines(int rank) const = 0;

  /// The numbers of a line on the levels below `levels` (not more than there are), in an order that
  /// does not depend on levels().
  [[nodiscard]] virtual std::int64_t packed_size(std::int64_t line, int levels) const = 0;
  virtual void pack(std::int64_t line, int levels, const double* x, double* numbers) const = 0;
  /// The rest of the line stays as it is.
  virtual void unpack(std::int64_t line, int levels, const double* numbers, double* x) const = 0;
};

}  // namespace qbsweep
