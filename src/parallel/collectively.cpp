#include "qbsweep/parallel/collectively.hpp"

#include "qbsweep/parallel/message_transport.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {

void throw_first_error(MPI_Comm comm, std::optional<std::string> error) {
  const int size = Communicator::size_of(comm);
  int first = error ? Communicator::rank_of(comm) : size;
  barrier_asleep(comm, "wait for the other ranks");
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, comm), "agree on an error");
  if (first == size) {
    return;
  }
  std::string text = std::move(error).value_or("");
  broadcast(comm, first, "share an error", text);
  throw EnvironmentError(text);
}

}  // namespace qbsweep
