#pragma once
/// \file
/// Brings the ghosts of a distributed vector (sector.hpp) up to date.

#include <mpi.h>

#include <cstdint>

#include "qbsweep/parallel/mpi.hpp"

namespace qbsweep {

/// What is exchanged with the rank that owns what lies before or behind one's own part: the own
/// elements next to it go there, and what it owns next to them comes back. In doubles from the
/// begin of what is kept.
struct Neighbour {
  int rank = MPI_PROC_NULL;  ///< or nobody
  std::int64_t send_begin = 0;
  std::int64_t send_size = 0;
  std::int64_t receive_begin = 0;
  std::int64_t receive_size = 0;
  /// Where the neighbour shares memory with this rank: the room in which to lay out what goes
  /// there, and what it lays out. Otherwise there are messages.
  double* send_room = nullptr;
  const double* receive_room = nullptr;
};

class GhostExchange {
 public:
  /// `comm` must outlive the exchange and return its errors.
  /// \throws EnvironmentError where a message would be too large
  GhostExchange(MPI_Comm comm, const Neighbour& before, const Neighbour& behind);

  /// Whatever comes from now on goes into the ghosts of y.
  void receive(double* y);

  /// Sends what the neighbours have as ghosts, which is to stay as it is until the exchange ends,
  /// or lays it out.
  void send(const double* y);

  /// Moves messages on.
  void poll() { static_cast<void>(are_done(requests_.all(), doing)); }

  /// Ends the exchange, when what neighbours lay out is there: the ghosts of y are up to date.
  void wait(double* y);

 private:
  static constexpr const char* doing = "exchange the ghosts of a state";

  MPI_Comm comm_;
  Neighbour before_;
  Neighbour behind_;
  Requests requests_{4};
};

}  // namespace qbsweep
