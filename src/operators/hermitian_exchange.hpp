#pragma once
/// \file
/// What the ranks that share a parity sector tell each other about the pairs i = k.
///
/// Their Hermitian parts couple y[n, l] with y[l, n]. With photon rows in chunks of two (2 s and
/// 2 s + 1), columns s of a rank's rows are other ranks' rows, unless they are its own. So every
/// rank sends each other one the part of its own rows, as they are summed up, that lies in the
/// columns of the rows that are kept there, ghosts included:
///
///                      columns kept by rank 0 | by rank 1
///     own of rank 0      there already        | to rank 1
///     own of rank 1      to rank 0            | there already
///
/// A rank's rows go in pieces, each half of the chunks that are left, so that the first are under
/// way while the others are computed, and little is left to wait for after the last one. To ranks
/// that share memory with this one nothing is sent: pieces are laid out and read there.

#include <mpi.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "kernels/parity_kernel.hpp"
#include "qbsweep/operators/sector_state.hpp"
#include "qbsweep/parallel/mpi.hpp"
#include "qbsweep/parallel/partition.hpp"
#include "qbsweep/parallel/shared_send_buffers.hpp"

namespace qbsweep {

class HermitianExchange {
 public:
  /// \param comm      must outlive the exchange and return its errors
  /// \param chunks    the chunks of all ranks; this one has some
  /// \param fock_dim  photon rows of all ranks
  /// \param pairs     those with i = k
  /// \param send_buffers   with room for buffer_size() to every rank that they reach; must outlive
  /// the
  ///                  exchange
  /// \throws EnvironmentError where a message would be too large; std::bad_alloc
  HermitianExchange(MPI_Comm comm, const std::vector<IndexRange>& chunks, int fock_dim,
                    const std::vector<kernels::ParityPair>& pairs, SharedSendBuffers& send_buffers);

  /// The order in which this rank computes its chunks, those at the ends first, for which its
  /// neighbours wait; and which of them, counted in that order, go together.
  [[nodiscard]] const std::vector<std::int64_t>& order() const { return order_; }
  [[nodiscard]] const std::vector<IndexRange>& pieces() const { return pieces_; }

  /// Makes ready for what others send.
  void receive();

  /// Packs what others need of a piece and sends it. Ranks with shared memory have it when the
  /// send_buffers are published.
  /// \param own  where the own rows of y begin
  void send(std::size_t piece, const double* own, std::int64_t row_stride);

  /// Moves messages on.
  void poll() {
    static_cast<void>(are_done(receives_.all(), doing));
    static_cast<void>(are_done(sends_.all(), doing));
  }

  /// Until all has arrived.
  void wait() {
    wait_in_step(receives_.all(), doing);
    wait_in_step(sends_.all(), doing);
  }

  /// For the kernel (ParityArguments).
  [[nodiscard]] const kernels::ParityReceivedRow* received_rows() const { return rows_.data(); }

  /// Doubles that the rank with share `from` has for the one with share `to`.
  [[nodiscard]] static std::int64_t buffer_size(const IndexRange& from, const IndexRange& to,
                                                int fock_dim, std::int64_t diagonal_pairs);

 private:
  static constexpr const char* doing = "exchange the adjoints of a state";

  /// What another rank needs of a piece.
  struct Part {
    double* room;
    std::int64_t column;                 // the first double that it needs of a row of a pair
    std::int64_t width;                  // doubles of each row
    std::optional<std::size_t> request;  // of sends_, for a message
  };

  IndexRange own_;
  int fock_dim_;
  std::vector<std::int64_t> order_;
  std::vector<IndexRange> pieces_;
  std::vector<std::int64_t> offsets_;     // of the pairs
  std::vector<std::vector<Part>> parts_;  // of every piece
  SectorState sent_;
  SectorState received_;
  std::vector<kernels::ParityReceivedRow> rows_;  // of every s
  Requests receives_;
  Requests sends_;
};

}  // namespace qbsweep
