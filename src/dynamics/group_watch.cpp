#include "group_watch.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "qbsweep/parallel/mpi.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

/// Looks should be no further apart than this.
constexpr double seconds_between_looks = 0.4;

/// Powers of 2 up to most_steps, so that every 16th step is one at which to look.
std::int64_t steps_within(double seconds_per_step) {
  std::int64_t steps = GroupWatch::most_steps;
  while (steps > 1 && static_cast<double>(steps) * seconds_per_step > seconds_between_looks) {
    steps /= 2;
  }
  return steps;
}

}  // namespace

GroupWatch::GroupWatch(MPI_Comm comm, const Watch& watch)
    : comm_(comm),
      watch_(watch),
      first_(Communicator::rank_of(comm) == 0),
      alone_(Communicator::size_of(comm) == 1),
      last_look_(Clock::now()) {}

WatchAction GroupWatch::look(const Progress& progress, std::int64_t steps, double& sum) {
  WatchAction action = WatchAction::proceed;
  if (first_) {
    const Clock::time_point now = Clock::now();
    const double seconds = std::chrono::duration<double>(now - last_look_).count();
    steps_ = steps_within(seconds / static_cast<double>(std::max<std::int64_t>(steps, 1)));
    last_look_ = now;
    if (watch_.look) {
      action = watch_.look(progress);
    }
  }
  if (!alone_) {
    // The others add nothing to what the first rank says.
    std::array<double, 3> shared = {sum, first_ ? static_cast<double>(action) : 0.0,
                                    first_ ? static_cast<double>(steps_) : 0.0};
    check_mpi(MPI_Allreduce(MPI_IN_PLACE, shared.data(), static_cast<int>(shared.size()),
                            MPI_DOUBLE, MPI_SUM, comm_),
              "agree on how to continue");
    sum = shared[0];
    action = static_cast<WatchAction>(static_cast<int>(shared[1]));
    steps_ = static_cast<std::int64_t>(shared[2]);
  }
  return action;
}

void GroupWatch::save(const Checkpoint& checkpoint) {
  if (watch_.store == nullptr) {
    return;
  }
  try {
    watch_.store->save(checkpoint);
  } catch (const EnvironmentError& error) {
    if (first_ && watch_.warn) {
      watch_.warn(error.what());
    }
  }
  last_look_ = Clock::now();  // saving is no step of the computation
}

}  // namespace qbsweep
