#pragma once
/// \file
/// A Watch for ranks that compute together: all of them hear the same, and what needs to be agreed
/// on goes the same way.

#include <mpi.h>

#include <chrono>
#include <cstdint>

#include "qbsweep/dynamics/watch.hpp"

namespace qbsweep {

class GroupWatch {
 public:
  /// \param comm   the ranks that compute together; must outlive this, as must `watch`
  GroupWatch(MPI_Comm comm, const Watch& watch);

  /// Steps of the computation until the next look is due, the same on every rank.
  [[nodiscard]] std::int64_t steps_between_looks() const { return steps_; }
  static constexpr std::int64_t most_steps = 16;

  /// One look. Collective. What comes back is the same on every rank: what the first rank's watch
  /// wishes, and the sum of `sum`.
  /// \param steps  since the last look
  /// \param sum    anything the ranks need the sum of
  WatchAction look(const Progress& progress, std::int64_t steps, double& sum);

  /// Saves, and tells the watch if that fails, which is no reason to end. Collective.
  void save(const Checkpoint& checkpoint);

  [[nodiscard]] CheckpointStore* store() const { return watch_.store; }
  [[nodiscard]] MPI_Comm comm() const { return comm_; }

 private:
  using Clock = std::chrono::steady_clock;

  MPI_Comm comm_;
  const Watch& watch_;
  bool first_;
  bool alone_;
  std::int64_t steps_ = 1;
  Clock::time_point last_look_;
};

}  // namespace qbsweep
