#include "qbsweep/parallel/message_transport.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>

#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

/// So many bytes, as MPI counts them.
int byte_count(std::int64_t bytes) {
  if (bytes > std::numeric_limits<int>::max()) {
    throw EnvironmentError("a message between ranks has " + std::to_string(bytes) +
                           " bytes, MPI takes less than 2^31");
  }
  return static_cast<int>(bytes);
}

/// A blocking broadcast would spin.
void broadcast_piece(MPI_Comm comm, int from, void* data, int size, const std::string& doing) {
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Ibcast(data, size, MPI_BYTE, from, comm, &request), doing);
  wait_asleep(request, doing);
}

}  // namespace

MPI_Request start_send(MPI_Comm comm, const Bytes& bytes, int rank, int tag) {
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(
      MPI_Isend(bytes.data(), byte_count(std::ssize(bytes)), MPI_BYTE, rank, tag, comm, &request),
      "send a message to rank " + std::to_string(rank));
  return request;
}

std::optional<Received> poll_message(MPI_Comm comm, int rank, int tag) {
  int there = 0;
  MPI_Message message = MPI_MESSAGE_NULL;
  MPI_Status status;
  check_mpi(MPI_Improbe(rank, tag, comm, &there, &message, &status), "look for a message");
  if (there == 0) {
    return std::nullopt;
  }
  int size = 0;
  check_mpi(MPI_Get_count(&status, MPI_BYTE, &size), "ask for the size of a message");
  Received received{status.MPI_SOURCE, Bytes(static_cast<std::size_t>(size))};
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Imrecv(received.bytes.data(), size, MPI_BYTE, &message, &request),
            "receive a message");
  wait_asleep(request, "receive a message");
  return received;
}

void broadcast_bytes(MPI_Comm comm, int from, Bytes& bytes, const std::string& doing) {
  constexpr std::int64_t at_once = 1 << 30;
  std::int64_t size = std::ssize(bytes);
  broadcast_piece(comm, from, &size, sizeof size, doing);
  bytes.resize(static_cast<std::size_t>(size));
  for (std::int64_t sent = 0; sent < size; sent += at_once) {
    broadcast_piece(comm, from, bytes.data() + sent,
                    static_cast<int>(std::min(at_once, size - sent)), doing);
  }
}

std::vector<Bytes> gather_bytes(MPI_Comm comm, int to, const Bytes& bytes,
                                const std::string& doing) {
  const auto ranks = static_cast<std::size_t>(Communicator::size_of(comm));
  const bool receives = Communicator::rank_of(comm) == to;
  barrier_asleep(comm, doing);  // what follows would spin
  // Every rank has all sizes, so that all of them throw where there is too much.
  const std::int64_t own_size = std::ssize(bytes);
  std::vector<std::int64_t> sizes(ranks);
  check_mpi(MPI_Allgather(&own_size, 1, MPI_INT64_T, sizes.data(), 1, MPI_INT64_T, comm), doing);
  const int total = byte_count(std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0}));

  const std::vector<int> counts(sizes.begin(), sizes.end());
  std::vector<int> places(ranks);
  std::exclusive_scan(counts.begin(), counts.end(), places.begin(), 0);
  Bytes all(receives ? static_cast<std::size_t>(total) : 0);
  check_mpi(MPI_Gatherv(bytes.data(), static_cast<int>(own_size), MPI_BYTE, all.data(),
                        counts.data(), places.data(), MPI_BYTE, to, comm),
            doing);
  std::vector<Bytes> by_rank;
  for (std::size_t rank = 0; receives && rank < ranks; ++rank) {
    const auto begin = all.begin() + places[rank];
    by_rank.emplace_back(begin, begin + counts[rank]);
  }
  return by_rank;
}

}  // namespace qbsweep
