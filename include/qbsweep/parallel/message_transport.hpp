#pragma once
/// \file
/// Sending, broadcasting and gathering what message.hpp makes of values. Ranks that wait are
/// asleep.

#include <mpi.h>

#include <optional>
#include <string>
#include <vector>

#include "qbsweep/parallel/message.hpp"
#include "qbsweep/parallel/mpi.hpp"

namespace qbsweep {

/// Begins to send `bytes`, which stay as they are until the request is done.
/// \throws EnvironmentError where one message cannot hold them
[[nodiscard]] MPI_Request start_send(MPI_Comm comm, const Bytes& bytes, int rank, int tag);

struct Received {
  int rank = 0;
  Bytes bytes;
};

/// The message with `tag` from `rank` (or MPI_ANY_SOURCE), if one has come.
[[nodiscard]] std::optional<Received> poll_message(MPI_Comm comm, int rank, int tag);

/// The bytes of rank `from` become everybody's, however many they are. Collective.
void broadcast_bytes(MPI_Comm comm, int from, Bytes& bytes, const std::string& doing);

/// The values of rank `from` become everybody's. Collective.
template <typename... T>
void broadcast(MPI_Comm comm, int from, const std::string& doing, T&... values) {
  if (Communicator::size_of(comm) == 1) {
    return;
  }
  const bool sends = Communicator::rank_of(comm) == from;
  Bytes bytes = sends ? to_bytes(values...) : Bytes();
  broadcast_bytes(comm, from, bytes, doing);
  if (!sends) {
    from_bytes(bytes, values...);
  }
}

/// The bytes of every rank, by rank, on rank `to`; none on the others. Collective.
/// \throws EnvironmentError on every rank if they are 2^31 or more together
[[nodiscard]] std::vector<Bytes> gather_bytes(MPI_Comm comm, int to, const Bytes& bytes,
                                              const std::string& doing);

/// The same with a value of every rank.
template <typename T>
[[nodiscard]] std::vector<T> gather(MPI_Comm comm, int to, const T& value,
                                    const std::string& doing) {
  std::vector<T> values;
  for (const Bytes& bytes : gather_bytes(comm, to, to_bytes(value), doing)) {
    from_bytes(bytes, values.emplace_back());
  }
  return values;
}

}  // namespace qbsweep
