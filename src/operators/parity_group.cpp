#include "parity_group.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace qbsweep {
namespace {

GhostExchange exchange_rows(MPI_Comm comm, const std::vector<IndexRange>& chunks, int fock_dim,
                            std::int64_t diagonal_pairs, std::int64_t row_stride,
                            SharedSendBuffers& send_buffers) {
  const int rank = Communicator::rank_of(comm);
  const IndexRange own = photon_rows(chunks[rank], fock_dim);
  const IndexRange kept = kept_photon_rows(chunks[rank], fock_dim);
  const auto neighbour = [&](int other, std::int64_t own_row, std::int64_t ghost_row) {
    Neighbour found = {other, (own_row - kept.begin) * row_stride, row_stride,
                       (ghost_row - kept.begin) * row_stride, row_stride};
    if (send_buffers.reaches(other)) {
      const auto size = [&](int from, int to) {
        return HermitianExchange::buffer_size(chunks[from], chunks[to], fock_dim, diagonal_pairs);
      };
      found.send_room = send_buffers.to(other) + size(rank, other);
      found.receive_room = send_buffers.from(other) + size(other, rank);
    }
    return found;
  };
  Neighbour before;
  Neighbour behind;
  if (own.begin > 0) {
    before = neighbour(rank - 1, own.begin, own.begin - 1);
  }
  if (own.end < fock_dim) {
    behind = neighbour(rank + 1, own.end - 1, own.end);
  }
  return {comm, before, behind};
}

}  // namespace

std::vector<IndexRange> photon_chunks(int fock_dim, int ranks) {
  return even_partition((std::int64_t{fock_dim} + 1) / 2, ranks);
}

IndexRange photon_rows(const IndexRange& chunks, int fock_dim) {
  return {std::min<std::int64_t>(2 * chunks.begin, fock_dim),
          std::min<std::int64_t>(2 * chunks.end, fock_dim)};
}

IndexRange kept_photon_rows(const IndexRange& chunks, int fock_dim) {
  const IndexRange own = photon_rows(chunks, fock_dim);
  if (own.empty()) {
    return own;
  }
  return {std::max<std::int64_t>(own.begin - 1, 0), std::min<std::int64_t>(own.end + 1, fock_dim)};
}

ParityGroup::ParityGroup(MPI_Comm comm, const std::vector<IndexRange>& chunks, int fock_dim,
                         const std::vector<kernels::ParityPair>& own_adjoint,
                         std::int64_t row_stride, SharedSendBuffers send_buffers)
    : own_(chunks[Communicator::rank_of(comm)]),
      fock_dim_(fock_dim),
      send_buffers_(std::move(send_buffers)),
      adjoints_(comm, chunks, fock_dim, own_adjoint, send_buffers_),
      ghosts_(exchange_rows(comm, chunks, fock_dim, static_cast<std::int64_t>(own_adjoint.size()),
                            row_stride, send_buffers_)) {}

std::vector<std::int64_t> ParityGroup::parcel_sizes(const std::vector<IndexRange>& chunks, int rank,
                                                    int fock_dim, std::int64_t diagonal_pairs,
                                                    std::int64_t row_stride) {
  std::vector<std::int64_t> sizes;
  sizes.reserve(chunks.size());
  for (int other = 0; other < static_cast<int>(chunks.size()); ++other) {
    sizes.push_back(
        HermitianExchange::buffer_size(chunks[rank], chunks[other], fock_dim, diagonal_pairs));
    if (sizes.back() > 0 && std::abs(other - rank) == 1) {
      sizes.back() += row_stride;
    }
  }
  return sizes;
}

void ParityGroup::apply(kernels::ParityArguments arguments,
                        const std::vector<kernels::ParityPair>& own_adjoint,
                        const kernels::KernelSet& kernels) {
  const IndexRange own = photon_rows(own_, fock_dim_);
  const double* const own_rows =
      arguments.y + (own.begin - arguments.kept_row) * arguments.row_stride;
  ghosts_.receive(arguments.y);
  adjoints_.receive();
  const std::vector<std::int64_t>& order = adjoints_.order();
  const std::vector<IndexRange>& pieces = adjoints_.pieces();
  // After so many chunks, the ends among them, the ghosts are sent.
  const std::int64_t ends = std::min<std::int64_t>(own_.count(), 2);
  for (std::size_t piece = 0; piece < pieces.size(); ++piece) {
    for (std::int64_t c = pieces[piece].begin; c < pieces[piece].end; ++c) {
      const IndexRange rows = photon_rows({order[c], order[c] + 1}, fock_dim_);
      arguments.first_row = rows.begin;
      arguments.end_row = rows.end;
      kernels.parity(arguments);
      if (c == 0) {
        send_buffers_.begin();  // by now the others have read the last ones
      }
      if (c + 1 == ends) {
        ghosts_.send(arguments.y);
      }
      ghosts_.poll();
      adjoints_.poll();
    }
    adjoints_.send(piece, own_rows, arguments.row_stride);
  }
  send_buffers_.publish();
  send_buffers_.await();
  ghosts_.wait(arguments.y);
  adjoints_.wait();
  const IndexRange kept = kept_photon_rows(own_, fock_dim_);
  arguments.first_row = kept.begin;
  arguments.end_row = kept.end;
  arguments.pairs = own_adjoint.data();
  arguments.pair_count = static_cast<long>(own_adjoint.size());
  arguments.received_rows = adjoints_.received_rows();
  kernels.parity_hermitian(arguments);
  send_buffers_.finish();
}

}  // namespace qbsweep
