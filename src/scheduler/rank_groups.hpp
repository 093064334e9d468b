#pragma once
/// \file
/// Groups of ranks that compute points together: how they are made, and how the first rank of one
/// tells the others what to do.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dispatch_messages.hpp"
#include "qbsweep/parallel/mpi.hpp"
#include "qbsweep/scheduler/dispatcher.hpp"
#include "qbsweep/scheduler/stop_signal.hpp"

namespace qbsweep {

/// On the first rank of a group: has the group compute `points`, unless a signal came; an exception
/// becomes a fatal error of this group.
[[nodiscard]] Request compute_batch(const Communicator& group, std::vector<std::int64_t> points,
                                    const GroupWorker& work, const StopSignal& signal);

/// On the others: computes what the first rank says, until it dismisses them.
void follow(const Communicator& group, const GroupWorker& work);

/// On the first rank: there is nothing more of a stage.
void dismiss(const Communicator& group);

/// The groups of one rank, from stage to stage.
class Groups {
 public:
  Groups(const Communicator& comm, std::span<const Stage> stages) : stages_(stages), all_(comm) {}

  /// Calls compute_stage(stage, group) for one stage after the other.
  template <typename ComputeStage>
  void for_each_stage(ComputeStage&& compute_stage) {
    std::optional<Communicator> group;
    for (std::size_t s = 0; s < stages_.size(); ++s) {
      const MPI_Comm before = group ? group->get() : all_.get();
      const int size = Communicator::size_of(before);
      const int count = group_count(size, stages_[s].ranks);
      if (count == size) {
        group.emplace(MPI_COMM_SELF);
      } else {
        const auto color = static_cast<int>(
            static_cast<std::int64_t>(Communicator::rank_of(before)) * count / size);
        group.emplace(Communicator::split(before, color));
      }
      compute_stage(static_cast<int>(s), *group);
    }
  }

 private:
  std::span<const Stage> stages_;
  const Communicator& all_;
};

}  // namespace qbsweep
