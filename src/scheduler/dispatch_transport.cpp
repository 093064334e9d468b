#include "dispatch_transport.hpp"

#include <limits>
#include <string>

#include "qbsweep/support/error.hpp"

namespace qbsweep {

int message_size(const Bytes& bytes) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw EnvironmentError("a message between ranks has " + std::to_string(bytes.size()) +
                           " bytes, MPI takes less than 2^31");
  }
  return static_cast<int>(bytes.size());
}

MPI_Request start_send(const Communicator& comm, const Bytes& bytes, int rank, int tag) {
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Isend(bytes.data(), message_size(bytes), MPI_BYTE, rank, tag, comm.get(), &request),
            "send a message to rank " + std::to_string(rank));
  return request;
}

std::optional<Received> poll_message(const Communicator& comm, int rank, int tag) {
  int there = 0;
  MPI_Message message = MPI_MESSAGE_NULL;
  MPI_Status status;
  check_mpi(MPI_Improbe(rank, tag, comm.get(), &there, &message, &status), "look for a message");
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

}  // namespace qbsweep
