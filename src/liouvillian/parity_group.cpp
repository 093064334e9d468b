#include "parity_group.hpp"

#include <algorithm>

namespace qbsweep {
namespace {

GhostExchange exchange_rows(MPI_Comm comm, const Share& chunks, int fock_dim,
                            std::int64_t row_stride) {
  const int rank = Communicator::rank_of(comm);
  const Share own = photon_rows(chunks, fock_dim);
  const Share kept = kept_photon_rows(chunks, fock_dim);
  const auto row = [&](std::int64_t n) { return (n - kept.begin) * row_stride; };
  Neighbour before;
  Neighbour behind;
  if (own.begin > 0) {
    before = {rank - 1, row(own.begin), row_stride, row(own.begin - 1), row_stride};
  }
  if (own.end < fock_dim) {
    behind = {rank + 1, row(own.end - 1), row_stride, row(own.end), row_stride};
  }
  return {comm, before, behind};
}

}  // namespace

std::vector<Share> photon_chunks(int fock_dim, int ranks) {
  return even_shares((std::int64_t{fock_dim} + 1) / 2, ranks);
}

Share photon_rows(const Share& chunks, int fock_dim) {
  return {std::min<std::int64_t>(2 * chunks.begin, fock_dim),
          std::min<std::int64_t>(2 * chunks.end, fock_dim)};
}

Share kept_photon_rows(const Share& chunks, int fock_dim) {
  const Share own = photon_rows(chunks, fock_dim);
  if (own.empty()) {
    return own;
  }
  return {std::max<std::int64_t>(own.begin - 1, 0), std::min<std::int64_t>(own.end + 1, fock_dim)};
}

ParityGroup::ParityGroup(MPI_Comm comm, const std::vector<Share>& chunks, int fock_dim,
                         const std::vector<kernels::ParityPair>& own_adjoint,
                         std::int64_t row_stride)
    : own_(chunks[Communicator::rank_of(comm)]),
      fock_dim_(fock_dim),
      adjoints_(comm, chunks, fock_dim, own_adjoint),
      ghosts_(exchange_rows(comm, own_, fock_dim, row_stride)) {}

void ParityGroup::apply(kernels::ParityArguments arguments,
                        const std::vector<kernels::ParityPair>& own_adjoint,
                        const kernels::KernelSet& kernels) {
  const Share own = photon_rows(own_, fock_dim_);
  const double* const own_rows =
      arguments.y + (own.begin - arguments.kept_row) * arguments.row_stride;
  ghosts_.receive(arguments.y);
  adjoints_.receive();
  const std::vector<std::int64_t>& order = adjoints_.order();
  const std::vector<Share>& pieces = adjoints_.pieces();
  // After so many chunks, the ends among them, the ghosts are sent.
  const std::int64_t ends = std::min<std::int64_t>(own_.count(), 2);
  for (std::size_t piece = 0; piece < pieces.size(); ++piece) {
    for (std::int64_t c = pieces[piece].begin; c < pieces[piece].end; ++c) {
      const Share rows = photon_rows({order[c], order[c] + 1}, fock_dim_);
      arguments.first_row = rows.begin;
      arguments.end_row = rows.end;
      kernels.parity(arguments);
      if (c + 1 == ends) {
        ghosts_.send(arguments.y);
      }
      ghosts_.poll();
      adjoints_.poll();
    }
    adjoints_.send(piece, own_rows, arguments.row_stride);
  }
  ghosts_.wait();
  adjoints_.wait();
  const Share kept = kept_photon_rows(own_, fock_dim_);
  arguments.first_row = kept.begin;
  arguments.end_row = kept.end;
  arguments.pairs = own_adjoint.data();
  arguments.pair_count = static_cast<long>(own_adjoint.size());
  arguments.received = adjoints_.received();
  arguments.received_rows = adjoints_.received_rows();
  kernels.parity_hermitian(arguments);
}

}  // namespace qbsweep
