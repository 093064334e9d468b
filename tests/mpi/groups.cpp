// Points handed to groups of ranks, large groups first.
//
// What would be caught: a point computed by fewer ranks than it was given or by two groups, ranks
// of a group that are told of different points, a group that waits for another before it is
// divided, ranks that are never told that nothing is left, a stop that only one rank of a group
// hears of.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <deque>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "qbsweep/parallel/message_transport.hpp"
#include "qbsweep/scheduler/dispatcher.hpp"

namespace qbsweep {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using End = RunOutcome::End;

class Groups : public ::testing::Test {
 protected:
  /// `points` points for each stage; of stage s they are numbered from s points.
  RunOutcome run(const std::vector<int>& stage_ranks, int points, const GroupWorker& work) {
    points_ = points;
    sizes_.assign(stage_ranks.size() * static_cast<std::size_t>(points), 0);
    const std::vector<int> groups = group_counts(comm_.size(), stage_ranks);
    std::deque<PointQueue> queues;
    std::vector<Stage> stages;
    for (std::size_t s = 0; s < stage_ranks.size(); ++s) {
      stages.push_back({stage_ranks[s], nullptr});
      if (comm_.rank() == master_rank) {
        std::vector<PendingPoint> pending;
        for (int p = 0; p < points; ++p) {
          pending.push_back({static_cast<std::int64_t>(s) * points + p, 1.0});
        }
        stages.back().queue = &queues.emplace_back(pending, groups[s]);
      }
    }
    const GroupWorker noting = [&](const Communicator& group, std::span<const std::int64_t> batch) {
      // All ranks of the group have the same batch.
      std::vector<std::int64_t> first(batch.begin(), batch.end());
      broadcast(group.get(), 0, "compare", first);
      EXPECT_TRUE(std::ranges::equal(first, batch));
      for (const std::int64_t point : batch) {
        ++sizes_.at(static_cast<std::size_t>(point));
      }
      return work(group, batch);
    };
    return run_points(comm_, stages, noting, signal_);
  }

  /// How many ranks took part in each point of a stage.
  [[nodiscard]] std::vector<int> ranks_of_stage(std::size_t stage) const {
    std::vector<int> sum = sizes_;
    MPI_Allreduce(MPI_IN_PLACE, sum.data(), static_cast<int>(sum.size()), MPI_INT, MPI_SUM,
                  comm_.get());
    const auto begin = sum.begin() + static_cast<std::ptrdiff_t>(stage) * points_;
    return {begin, begin + points_};
  }

  Communicator comm_{MPI_COMM_WORLD};
  StopSignal signal_;
  int points_ = 0;
  std::vector<int> sizes_;
};

BatchResult all_done(const Communicator& /*group*/, std::span<const std::int64_t> batch) {
  return {static_cast<std::int64_t>(batch.size()), {}};
}

TEST_F(Groups, OfAllRanksComputeEveryPointTogether) {
  const RunOutcome outcome = run({comm_.size()}, 40, all_done);
  EXPECT_EQ(outcome.end, End::complete);
  EXPECT_EQ(outcome.counts.done, 40);
  EXPECT_THAT(ranks_of_stage(0), Each(comm_.size()));
}

TEST_F(Groups, AreAtLeastAsLargeAsAskedFor) {
  for (int ranks = 1; ranks <= comm_.size() + 1; ++ranks) {
    const RunOutcome outcome = run({ranks}, 40, all_done);
    EXPECT_EQ(outcome.counts.done, 40);
    EXPECT_THAT(ranks_of_stage(0), Each(::testing::Ge(std::min(ranks, comm_.size()))));
    EXPECT_THAT(ranks_of_stage(0), Each(::testing::Lt(2 * ranks)));
  }
}

TEST_F(Groups, AreDividedFromStageToStage) {
  for (int repeat = 0; repeat < 10; ++repeat) {
    const RunOutcome outcome = run({comm_.size(), std::max(1, comm_.size() / 2), 1}, 30, all_done);
    EXPECT_EQ(outcome.end, End::complete);
    EXPECT_EQ(outcome.counts.done, 90);
    EXPECT_THAT(ranks_of_stage(0), Each(comm_.size()));
    EXPECT_THAT(ranks_of_stage(2), Each(1));
  }
}

TEST_F(Groups, CountAsTheyAreDivided) {
  EXPECT_EQ(group_counts(8, std::vector{8, 4, 2, 1}), (std::vector{1, 2, 4, 8}));
  EXPECT_EQ(group_counts(7, std::vector{3, 1}), (std::vector{2, 7}));
  EXPECT_EQ(group_counts(7, std::vector{7, 3, 2}), (std::vector{1, 2, 3}));
  EXPECT_EQ(group_counts(5, std::vector{9}), (std::vector{1}));
}

TEST_F(Groups, StopTogether) {
  // Every rank of the last group gets the signal, as from mpirun, in its first point.
  const RunOutcome outcome = run({comm_.size(), 1}, 40, [&](const Communicator& group, auto batch) {
    std::raise(SIGUSR1);
    return all_done(group, batch);
  });
  EXPECT_EQ(outcome.end, End::stopped);
  EXPECT_GE(outcome.counts.done, 1);
  EXPECT_THAT(ranks_of_stage(1), Each(0));
}

TEST_F(Groups, EndWithTheErrorOfTheirFirstRank) {
  const RunOutcome outcome = run({comm_.size(), 1}, 40, [](const Communicator& group, auto batch) {
    if (group.rank() == 0) {
      throw std::runtime_error("no room for results");
    }
    return all_done(group, batch);
  });
  EXPECT_EQ(outcome.end, End::fatal);
  EXPECT_THAT(outcome.fatal, HasSubstr("no room for results"));
}

}  // namespace
}  // namespace qbsweep
