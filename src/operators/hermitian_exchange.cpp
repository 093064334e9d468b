#include "hermitian_exchange.hpp"

#include <algorithm>

#include "parity_layout.hpp"

namespace qbsweep {
namespace {

constexpr int tag = 3;

/// Where the columns that a rank keeps as rows stand in a row of a pair: whole registers, X and Y.
/// The columns at both ends that are none of them are sent too, for nothing.
struct Columns {
  std::int64_t begin;
  std::int64_t width;
};
Columns kept_columns(const IndexRange& chunks, int fock_dim) {
  // With its ghost row, one chunk more on each side.
  const std::int64_t all = (std::int64_t{fock_dim} + 1) / 2;
  const std::int64_t first = std::max<std::int64_t>(chunks.begin - 1, 0) / parity_lanes;
  const std::int64_t end = (std::min(chunks.end + 1, all) + parity_lanes - 1) / parity_lanes;
  return {first * 2 * parity_lanes, (end - first) * 2 * parity_lanes};
}

/// Whether ranks with these shares have anything for each other.
bool are_partners(const IndexRange& one, const IndexRange& other) {
  return !one.empty() && !other.empty() && one.begin != other.begin;
}

std::vector<std::int64_t> chunk_order(const IndexRange& chunks) {
  std::vector<std::int64_t> order;
  if (!chunks.empty()) {
    order.push_back(chunks.end - 1);
  }
  for (std::int64_t chunk = chunks.begin; chunk + 1 < chunks.end; ++chunk) {
    order.push_back(chunk);
  }
  return order;
}

/// Of which each is half of what is left.
std::vector<IndexRange> chunk_pieces(const IndexRange& chunks) {
  std::vector<IndexRange> pieces;
  for (std::int64_t begin = 0; begin < chunks.count();) {
    const std::int64_t end = begin + (chunks.count() - begin + 1) / 2;
    pieces.push_back({begin, end});
    begin = end;
  }
  return pieces;
}

}  // namespace

HermitianExchange::HermitianExchange(MPI_Comm comm, const std::vector<IndexRange>& chunks,
                                     int fock_dim, const std::vector<kernels::ParityPair>& pairs,
                                     SharedSendBuffers& send_buffers)
    : own_(chunks[Communicator::rank_of(comm)]),
      fock_dim_(fock_dim),
      order_(chunk_order(own_)),
      pieces_(chunk_pieces(own_)),
      parts_(pieces_.size()),
      rows_((static_cast<std::size_t>(fock_dim) + 1) / 2) {
  for (const kernels::ParityPair& pair : pairs) {
    offsets_.push_back(pair.offset);
  }
  const Columns own = kept_columns(own_, fock_dim);
  const auto diagonal_pairs = static_cast<std::int64_t>(pairs.size());
  const std::int64_t lattices = 2 * diagonal_pairs;
  const auto is_sent = [&](const IndexRange& other, int rank) {
    return are_partners(own_, other) && !send_buffers.reaches(rank);
  };
  std::int64_t send_size = 0;
  std::int64_t receive_size = 0;
  for (int rank = 0; rank < static_cast<int>(chunks.size()); ++rank) {
    if (is_sent(chunks[rank], rank)) {
      send_size += buffer_size(own_, chunks[rank], fock_dim, diagonal_pairs);
      receive_size += buffer_size(chunks[rank], own_, fock_dim, diagonal_pairs);
    }
  }
  sent_ = SectorState(send_size);
  received_ = SectorState(receive_size);

  double* to_send = sent_.data();
  double* to_receive = received_.data();
  for (int rank = 0; rank < static_cast<int>(chunks.size()); ++rank) {
    const IndexRange& other = chunks[rank];
    if (!are_partners(own_, other)) {
      continue;
    }
    const bool messages = is_sent(other, rank);
    const std::vector<std::int64_t> others_order = chunk_order(other);
    const double* from = messages ? to_receive : send_buffers.from(rank);
    for (const IndexRange& piece : chunk_pieces(other)) {
      for (std::int64_t c = piece.begin; c < piece.end; ++c) {
        rows_[others_order[c]] = {from + (c - piece.begin) * own.width - own.begin,
                                  piece.count() * own.width};
      }
      const std::int64_t size = lattices * piece.count() * own.width;
      if (messages) {
        check_mpi(MPI_Recv_init(to_receive, message_count(size), MPI_DOUBLE, rank, tag, comm,
                                &receives_.add()),
                  doing);
        to_receive += size;
      }
      from += size;
    }
    const Columns columns = kept_columns(other, fock_dim);
    double* to = messages ? to_send : send_buffers.to(rank);
    for (std::size_t p = 0; p < pieces_.size(); ++p) {
      const std::int64_t size = lattices * pieces_[p].count() * columns.width;
      parts_[p].push_back({to, columns.begin, columns.width, std::nullopt});
      if (messages) {
        check_mpi(
            MPI_Send_init(to, message_count(size), MPI_DOUBLE, rank, tag, comm, &sends_.add()),
            doing);
        parts_[p].back().request = sends_.all().size() - 1;
        to_send += size;
      }
      to += size;
    }
  }
}

void HermitianExchange::receive() {
  for (MPI_Request& request : receives_.all()) {
    check_mpi(MPI_Start(&request), doing);
  }
}

void HermitianExchange::send(std::size_t piece, const double* own, std::int64_t row_stride) {
  for (const Part& part : parts_[piece]) {
    double* to = part.room;
    for (const std::int64_t offset : offsets_) {
      for (std::int64_t odd = 0; odd < 2; ++odd) {
        for (std::int64_t c = pieces_[piece].begin; c < pieces_[piece].end; ++c) {
          const std::int64_t row = 2 * order_[c] + odd;
          if (row < fock_dim_) {
            std::copy_n(own + (row - 2 * own_.begin) * row_stride + offset + part.column,
                        part.width, to);
          }
          to += part.width;
        }
      }
    }
    if (part.request) {
      check_mpi(MPI_Start(&sends_[*part.request]), doing);
    }
  }
}

std::int64_t HermitianExchange::buffer_size(const IndexRange& from, const IndexRange& to,
                                            int fock_dim, std::int64_t diagonal_pairs) {
  return are_partners(from, to)
             ? 2 * diagonal_pairs * from.count() * kept_columns(to, fock_dim).width
             : 0;
}

}  // namespace qbsweep
