#pragma once
/// \file
/// A parity sector that several ranks share: who has which photon rows, and how they are applied
/// together.
///
/// Ranks own photon rows by chunks of two, and keep one more row on each side, for row n of L x
/// takes rows n - 1, n and n + 1 of x:
///
///     photon row  0   1 | 2   3 | 4   5 | 6   7 | 8
///     rank 0      own .........  ghost
///     rank 1                ghost  own .........  ghost
///     rank 2                                ghost  own

#include <mpi.h>

#include <cstdint>
#include <vector>

#include "hermitian_exchange.hpp"
#include "kernels/kernels.hpp"
#include "qbsweep/operators/sector.hpp"
#include "qbsweep/parallel/ghost_exchange.hpp"
#include "qbsweep/parallel/partition.hpp"
#include "qbsweep/parallel/shared_send_buffers.hpp"

namespace qbsweep {

/// The chunks of two photon rows of every rank.
[[nodiscard]] std::vector<IndexRange> photon_chunks(int fock_dim, int ranks);

/// The photon rows of a share of them, and those that are kept with it.
[[nodiscard]] IndexRange photon_rows(const IndexRange& chunks, int fock_dim);
[[nodiscard]] IndexRange kept_photon_rows(const IndexRange& chunks, int fock_dim);

/// Applies the parity sectors of a battery on a rank that has some rows, together with the others;
/// one sector at a time, for both halves use the same buffers.
class ParityGroup {
 public:
  /// \param comm         must outlive the group and return its errors
  /// \param chunks       of all ranks
  /// \param own_adjoint  the pairs i = k of a sector, which stand at the same places in both halves
  /// \param send_buffers      of parcel_sizes(), or none
  /// \throws EnvironmentError where a message would be too large; std::bad_alloc
  ParityGroup(MPI_Comm comm, const std::vector<IndexRange>& chunks, int fock_dim,
              const std::vector<kernels::ParityPair>& own_adjoint, std::int64_t row_stride,
              SharedSendBuffers send_buffers);

  /// Doubles that the rank with number `rank` has for every other one: of the pairs i = k, and, for
  /// its neighbours, their ghosts.
  [[nodiscard]] static std::vector<std::int64_t> parcel_sizes(const std::vector<IndexRange>& chunks,
                                                              int rank, int fock_dim,
                                                              std::int64_t diagonal_pairs,
                                                              std::int64_t row_stride);

  /// Collective. Computes the own rows of y and brings its ghosts up to date. The chunks at the
  /// ends come first and go to the neighbours as they are summed up; of every piece of the chunks,
  /// what other ranks need of the pairs i = k is sent as soon as it is there. All of that is under
  /// way while the other chunks are computed. In the end every rank takes the Hermitian parts of
  /// all that it keeps, ghosts included, so that nothing has to be sent once more.
  /// \param arguments    all of them but for the rows to set and what is received
  /// \param own_adjoint  the pairs i = k of the sector that is applied
  void apply(kernels::ParityArguments arguments,
             const std::vector<kernels::ParityPair>& own_adjoint,
             const kernels::KernelSet& kernels);

 private:
  IndexRange own_;
  int fock_dim_;
  SharedSendBuffers send_buffers_;
  HermitianExchange adjoints_;
  GhostExchange ghosts_;
};

}  // namespace qbsweep
