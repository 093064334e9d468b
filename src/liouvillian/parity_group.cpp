#include "parity_group.hpp"

#include <algorithm>
#include <iterator>

namespace qbsweep {
namespace {

std::vector<kernels::ParityPair> pick(const std::vector<kernels::ParityPair>& pairs,
                                      bool own_adjoint) {
  std::vector<kernels::ParityPair> picked;
  std::copy_if(pairs.begin(), pairs.end(), std::back_inserter(picked),
               [&](const kernels::ParityPair& pair) { return pair.own_adjoint == own_adjoint; });
  return picked;
}

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
                         const std::vector<kernels::ParityPair>& pairs, std::int64_t row_stride)
    : own_(chunks[Communicator::rank_of(comm)]),
      fock_dim_(fock_dim),
      diagonal_(pick(pairs, true)),
      others_(pick(pairs, false)),
      adjoints_(comm, chunks, fock_dim, diagonal_),
      ghosts_(exchange_rows(comm, own_, fock_dim, row_stride)) {
  order_.push_back(own_.begin);
  if (own_.count() > 1) {
    order_.push_back(own_.end - 1);
  }
  for (std::int64_t chunk = own_.begin + 1; chunk + 1 < own_.end; ++chunk) {
    order_.push_back(chunk);
  }
}

void ParityGroup::apply(kernels::ParityArguments arguments, const kernels::KernelSet& kernels) {
  const Share rows = photon_rows(own_, fock_dim_);
  const auto set = [&](const Share& chunks, const std::vector<kernels::ParityPair>& pairs) {
    const Share these = photon_rows(chunks, fock_dim_);
    arguments.first_row = these.begin;
    arguments.end_row = these.end;
    arguments.pairs = pairs.data();
    arguments.pair_count = static_cast<long>(pairs.size());
  };
  ghosts_.receive(arguments.y);
  set(own_, diagonal_);
  kernels.parity(arguments);
  adjoints_.start(arguments.y + (rows.begin - arguments.kept_row) * arguments.row_stride,
                  arguments.row_stride);

  const auto finish_pairs = [&] {
    set(own_, diagonal_);
    arguments.received = adjoints_.received();
    arguments.received_rows = adjoints_.received_rows();
    kernels.parity_hermitian(arguments);
    ghosts_.send(arguments.y);
  };
  // Neighbours need the first chunk and the last one, so those come before the ghosts are sent.
  const std::int64_t needed = std::min<std::int64_t>(own_.count(), 2);
  bool sent = false;
  for (std::int64_t done = 0; done < own_.count(); ++done) {
    const std::int64_t chunk = order_[done];
    set({chunk, chunk + 1}, others_);
    kernels.parity(arguments);
    if (sent) {
      ghosts_.poll();
    } else if (adjoints_.done() && done + 1 >= needed) {
      finish_pairs();
      sent = true;
    }
  }
  if (!sent) {
    adjoints_.wait();
    finish_pairs();
  }
  ghosts_.wait();
}

}  // namespace qbsweep
