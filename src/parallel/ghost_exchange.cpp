#include "qbsweep/parallel/ghost_exchange.hpp"

#include <algorithm>

namespace qbsweep {
namespace {

/// Messages to lower ranks and to higher ones.
constexpr int tag_down = 1;
constexpr int tag_up = 2;

}  // namespace

GhostExchange::GhostExchange(MPI_Comm comm, const Neighbour& before, const Neighbour& behind)
    : comm_(comm), before_(before), behind_(behind) {
  for (const Neighbour& neighbour : {before, behind}) {
    static_cast<void>(message_count(neighbour.send_size));
    static_cast<void>(message_count(neighbour.receive_size));
  }
}

void GhostExchange::receive(double* y) {
  const auto from = [&](const Neighbour& neighbour, int tag, MPI_Request& request) {
    if (neighbour.receive_room == nullptr) {
      check_mpi(MPI_Irecv(y + neighbour.receive_begin, static_cast<int>(neighbour.receive_size),
                          MPI_DOUBLE, neighbour.rank, tag, comm_, &request),
                doing);
    }
  };
  from(before_, tag_up, requests_[0]);
  from(behind_, tag_down, requests_[1]);
}

void GhostExchange::send(const double* y) {
  const auto to = [&](const Neighbour& neighbour, int tag, MPI_Request& request) {
    if (neighbour.send_room == nullptr) {
      check_mpi(MPI_Isend(y + neighbour.send_begin, static_cast<int>(neighbour.send_size),
                          MPI_DOUBLE, neighbour.rank, tag, comm_, &request),
                doing);
    } else {
      std::copy_n(y + neighbour.send_begin, neighbour.send_size, neighbour.send_room);
    }
  };
  to(before_, tag_down, requests_[2]);
  to(behind_, tag_up, requests_[3]);
}

void GhostExchange::wait(double* y) {
  for (const Neighbour* neighbour : {&before_, &behind_}) {
    if (neighbour->receive_room != nullptr) {
      std::copy_n(neighbour->receive_room, neighbour->receive_size, y + neighbour->receive_begin);
    }
  }
  wait_in_step(requests_.all(), doing);
}

}  // namespace qbsweep
