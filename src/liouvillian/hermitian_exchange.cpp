#include "hermitian_exchange.hpp"

#include <algorithm>

#include "parity_layout.hpp"

namespace qbsweep {
namespace {

constexpr int tag = 3;

/// Where the columns that are the rows of `chunks` stand in a row of a pair: whole registers, X and
/// Y. The columns at both ends that are none of them are sent too, for nothing.
struct Columns {
  std::int64_t begin;
  std::int64_t width;
};
Columns columns_of(const Share& chunks) {
  const std::int64_t first = chunks.begin / parity_lanes;
  const std::int64_t end = (chunks.end + parity_lanes - 1) / parity_lanes;
  return {first * 2 * parity_lanes, (end - first) * 2 * parity_lanes};
}

/// Doubles of the rows of `rows` in the columns of `columns`.
std::int64_t message_size(const Share& rows, const Share& columns, std::int64_t pairs) {
  return pairs * 2 * rows.count() * columns_of(columns).width;
}

/// Whether ranks with these shares have anything for each other.
bool is_partner(const Share& own, const Share& other) {
  return !other.empty() && other.begin != own.begin;
}

}  // namespace

HermitianExchange::HermitianExchange(MPI_Comm comm, const std::vector<Share>& chunks, int fock_dim,
                                     const std::vector<kernels::ParityPair>& pairs)
    : own_(chunks[Communicator::rank_of(comm)]),
      fock_dim_(fock_dim),
      rows_((static_cast<std::size_t>(fock_dim) + 1) / 2),
      requests_(2 * chunks.size()) {
  for (const kernels::ParityPair& pair : pairs) {
    offsets_.push_back(pair.offset);
  }
  const auto pair_count = static_cast<std::int64_t>(pairs.size());
  std::int64_t sent = 0;
  std::int64_t received = 0;
  for (const Share& other : chunks) {
    if (is_partner(own_, other)) {
      sent += message_size(own_, other, pair_count);
      received += message_size(other, own_, pair_count);
    }
  }
  sent_ = SectorState(sent);
  received_ = SectorState(received);

  const Columns own = columns_of(own_);
  std::int64_t send_at = 0;
  std::int64_t receive_at = 0;
  for (std::size_t rank = 0; rank < chunks.size(); ++rank) {
    const Share& other = chunks[rank];
    if (!is_partner(own_, other)) {
      continue;
    }
    for (std::int64_t s = other.begin; s < other.end; ++s) {
      rows_[s] = {receive_at + (s - other.begin) * own.width - own.begin,
                  other.count() * own.width};
    }
    const std::int64_t receive_size = message_size(other, own_, pair_count);
    check_mpi(MPI_Recv_init(received_.data() + receive_at, message_count(receive_size), MPI_DOUBLE,
                            static_cast<int>(rank), tag, comm, &requests_[2 * rank]),
              doing);
    receive_at += receive_size;

    const Columns columns = columns_of(other);
    partners_.push_back({rank, send_at, columns.begin, columns.width});
    const std::int64_t send_size = message_size(own_, other, pair_count);
    check_mpi(MPI_Send_init(sent_.data() + send_at, message_count(send_size), MPI_DOUBLE,
                            static_cast<int>(rank), tag, comm, &requests_[2 * rank + 1]),
              doing);
    send_at += send_size;
  }
}

void HermitianExchange::start(const double* own, std::int64_t row_stride) {
  for (const Partner& partner : partners_) {
    check_mpi(MPI_Start(&requests_[2 * partner.rank]), doing);
  }
  for (const Partner& partner : partners_) {
    double* to = sent_.data() + partner.sent;
    for (const std::int64_t offset : offsets_) {
      for (std::int64_t odd = 0; odd < 2; ++odd) {
        const double* row = own + odd * row_stride + offset + partner.column;
        for (std::int64_t s = own_.begin; s < own_.end; ++s, row += 2 * row_stride) {
          if (2 * s + odd < fock_dim_) {
            std::copy_n(row, partner.width, to);
          }
          to += partner.width;
        }
      }
    }
    check_mpi(MPI_Start(&requests_[2 * partner.rank + 1]), doing);
  }
}

std::int64_t HermitianExchange::buffer_size(const std::vector<Share>& chunks, const Share& own,
                                            std::int64_t diagonal_pairs) {
  std::int64_t size = 0;
  for (const Share& other : chunks) {
    if (is_partner(own, other)) {
      size += message_size(own, other, diagonal_pairs) + message_size(other, own, diagonal_pairs);
    }
  }
  return size;
}

}  // namespace qbsweep
