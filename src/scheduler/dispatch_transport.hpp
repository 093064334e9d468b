#pragma once
/// \file
/// Sending and receiving what dispatch_messages.hpp packs.

#include <optional>

#include "dispatch_messages.hpp"
#include "qbsweep/parallel/mpi.hpp"

namespace qbsweep {

/// Of one message, as MPI counts it. \throws EnvironmentError where that is too large
[[nodiscard]] int message_size(const Bytes& bytes);

/// Begins to send `bytes`, which stay as they are until the request is done.
[[nodiscard]] MPI_Request start_send(const Communicator& comm, const Bytes& bytes, int rank,
                                     int tag);

struct Received {
  int rank = 0;
  Bytes bytes;
};

/// The message with `tag` from `rank` (or MPI_ANY_SOURCE), if one has come.
[[nodiscard]] std::optional<Received> poll_message(const Communicator& comm, int rank, int tag);

}  // namespace qbsweep
