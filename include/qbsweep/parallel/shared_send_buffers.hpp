#pragma once
/// \file
/// Memory in which ranks of one machine lay out for each other parts of a state.
///
/// What is laid out is read where it lies: other than a message it is not copied on the way. It
/// goes by rounds, one for every application of an operator:
///
///     begin()       until all have read what was laid out in the round before
///     to(rank)      is written
///     publish()
///     await()       until all have published
///     from(rank)    is read
///     finish()
///
/// The memory has no name in any folder, so that nothing is left of it whatever ends the ranks, and
/// does not count as /dev/shm, which containers make small.

#include <mpi.h>

#include <cstdint>
#include <vector>

#include "qbsweep/support/mapped_memory.hpp"

namespace qbsweep {

class SharedSendBuffers {
 public:
  /// Collective. Where the machine does not let two ranks share memory (they are on different ones,
  /// or may not look into each other), they do not reach each other, and have to send messages.
  /// \param comm   must outlive the send_buffers and return its errors
  /// \param sizes  doubles for every rank, 0 for those that get nothing and give nothing; empty for
  ///               none at all, on all ranks then
  /// \throws EnvironmentError on all ranks, where one has not enough memory
  SharedSendBuffers(MPI_Comm comm, const std::vector<std::int64_t>& sizes);

  /// Whether there are send_buffers to and from this rank: if so, there are for the other, too.
  [[nodiscard]] bool reaches(int rank) const { return partners_[rank].head != nullptr; }

  /// The buffer for another rank that is reached, aligned for vector registers, and that rank's
  /// buffer for this one, which is not to be written.
  [[nodiscard]] double* to(int rank) { return partners_[rank].to; }
  [[nodiscard]] const double* from(int rank) const { return partners_[rank].from; }

  void begin();
  void publish();
  void await() const;
  void finish();

 private:
  struct Head;
  /// Another rank that is reached.
  struct Partner {
    MappedMemory memory;
    const Head* head = nullptr;
    double* to = nullptr;
    const double* from = nullptr;
  };
  template <typename Reached>
  void wait_for_partners(const Reached& reached) const;

  MPI_Comm comm_;
  MappedMemory own_;
  Head* head_ = nullptr;           // of this rank
  std::vector<Partner> partners_;  // of every rank, without those that are not reached
  std::uint64_t round_ = 0;
};

}  // namespace qbsweep
