#pragma once
/// \file
/// What the ranks that share a parity sector tell each other about the pairs i = k.
///
/// Their Hermitian parts couple y[n, l] with y[l, n]. With photon rows in chunks of two (2 s and
/// 2 s + 1), columns s of a rank's rows are other ranks' rows, unless they are its own: every rank
/// sends each other one the part of its rows that has those columns,
///
///                  columns s of rank 0  | of rank 1
///     rows of rank 0   taken locally    | to rank 1
///     rows of rank 1   to rank 0        | taken locally

#include <mpi.h>

#include <cstdint>
#include <vector>

#include "kernels/parity_kernel.hpp"
#include "qbsweep/liouvillian/sector_state.hpp"
#include "qbsweep/support/mpi.hpp"
#include "shares.hpp"

namespace qbsweep {

class HermitianExchange {
 public:
  /// \param comm      must outlive the exchange and return its errors
  /// \param chunks    the chunks of all ranks; this one has some
  /// \param fock_dim  photon rows of all ranks
  /// \param pairs     those with i = k
  /// \throws EnvironmentError where a message would be too large; std::bad_alloc
  HermitianExchange(MPI_Comm comm, const std::vector<Share>& chunks, int fock_dim,
                    const std::vector<kernels::ParityPair>& pairs);

  /// Packs and sends what others need of y, whose own rows begin at `own`.
  void start(const double* own, std::int64_t row_stride);

  /// Whether all has arrived; moves messages on.
  [[nodiscard]] bool done() { return are_done(requests_.all(), doing); }

  /// Until all has arrived.
  void wait() { wait_in_step(requests_.all(), doing); }

  /// For the kernel (ParityArguments).
  [[nodiscard]] const double* received() const { return received_.data(); }
  [[nodiscard]] const kernels::ParityReceivedRow* received_rows() const { return rows_.data(); }

  /// Doubles of the buffers of a rank with the share `own`.
  [[nodiscard]] static std::int64_t buffer_size(const std::vector<Share>& chunks, const Share& own,
                                                std::int64_t diagonal_pairs);

 private:
  static constexpr const char* doing = "exchange the adjoints of a state";

  /// A rank that has other rows, and what it gets.
  struct Partner {
    std::size_t rank;
    std::int64_t sent;    // where that begins in sent_
    std::int64_t column;  // the first double of it in a row of a pair
    std::int64_t width;   // doubles of each row
  };

  Share own_;
  int fock_dim_;
  std::vector<std::int64_t> offsets_;  // of the pairs
  std::vector<Partner> partners_;
  SectorState sent_;
  SectorState received_;
  std::vector<kernels::ParityReceivedRow> rows_;  // of every s
  Requests requests_;                             // from rank r at 2 r, to it at 2 r + 1
};

}  // namespace qbsweep
