// How many ranks compute a point together.
//
// What would be caught: a point on more ranks than there are, a stage of small groups before one of
// large groups (a group is only ever divided), points that are lost on the way.
#include "qbsweep/scheduler/group_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>

namespace qbsweep {
namespace {

using ::testing::ElementsAre;

std::vector<PendingPoint> points(std::int64_t first, std::int64_t end) {
  std::vector<PendingPoint> all;
  for (std::int64_t index = first; index < end; ++index) {
    all.push_back({index, 1.0});
  }
  return all;
}

std::vector<std::int64_t> indices(const std::vector<PendingPoint>& of) {
  std::vector<std::int64_t> all;
  for (const PendingPoint& point : of) {
    all.push_back(point.index);
  }
  return all;
}

int never_asked(const PendingPoint& /*point*/) {
  ADD_FAILURE() << "a point's worth was asked for";
  return 1;
}

TEST(PlanStages, PutsAllPointsOnGroupsOfTheSizeAskedFor) {
  for (const auto& [asked, expected] : std::map<int, int>{{1, 1}, {3, 3}, {8, 8}, {20, 8}}) {
    const auto stages = plan_stages(points(0, 3), points(3, 5), 8, asked, never_asked);
    ASSERT_EQ(stages.size(), 1U);
    EXPECT_EQ(stages[0].ranks, expected);
    EXPECT_THAT(indices(stages[0].pending), ElementsAre(0, 1, 2));
    EXPECT_THAT(indices(stages[0].suspects), ElementsAre(3, 4));
  }
}

TEST(PlanStages, DividesThePointsByWhatTheyAreWorth) {
  const std::map<std::int64_t, int> worth = {{0, 1}, {1, 12}, {2, 3}, {3, 100}, {4, 2}, {5, 6}};
  const auto stages = plan_stages(points(0, 4), points(4, 6), 12, 0,
                                  [&](const PendingPoint& point) { return worth.at(point.index); });
  // 12, 6, 3, 1: the smallest groups that are large enough.
  ASSERT_EQ(stages.size(), 4U);
  EXPECT_EQ(stages[0].ranks, 12);
  EXPECT_THAT(indices(stages[0].pending), ElementsAre(1, 3));
  EXPECT_EQ(stages[1].ranks, 6);
  EXPECT_THAT(indices(stages[1].suspects), ElementsAre(5));
  EXPECT_EQ(stages[2].ranks, 3);
  EXPECT_THAT(indices(stages[2].pending), ElementsAre(2));
  EXPECT_THAT(indices(stages[2].suspects), ElementsAre(4));
  EXPECT_EQ(stages[3].ranks, 1);
  EXPECT_THAT(indices(stages[3].pending), ElementsAre(0));
}

TEST(PlanStages, HasOneStageWithoutPoints) {
  for (const int asked : {0, 1, 4}) {
    const auto stages = plan_stages({}, {}, 8, asked, never_asked);
    ASSERT_EQ(stages.size(), 1U);
    EXPECT_TRUE(stages[0].pending.empty());
  }
}

class RanksWorth : public ::testing::Test {
 protected:
  RanksWorth() {
    battery_.N = 20;
    battery_.fock_dim = 60;
    battery_.g = 0.5;
    battery_.kappa = battery_.gamma_down = battery_.gamma_phi = 0.1;
    machines_ = {64, 16, 64e9};
  }
  BatteryParameters battery_;
  Machines machines_;
};

TEST_F(RanksWorth, IsOneForWhatIsShorterThanAFairShare) {
  EXPECT_EQ(ranks_worth(battery_, 100, 1e9, 100, machines_), 1);
  EXPECT_EQ(ranks_worth(battery_, 1, 1e9, 0.01, machines_), 1);  // too short for a group
}

TEST_F(RanksWorth, LetsALongPointEndWithTheOthers) {
  EXPECT_EQ(ranks_worth(battery_, 350, 1e9, 100, machines_), 4);
  EXPECT_EQ(ranks_worth(battery_, 1e6, 1e9, 100, machines_), 60 / 4);  // as many as share rows
}

TEST_F(RanksWorth, LetsALargePointFit) {
  // Sixteen ranks of a machine with 64 GB hold 4 GB each.
  EXPECT_EQ(ranks_worth(battery_, 10, 3.9e9, 100, machines_), 1);
  EXPECT_EQ(ranks_worth(battery_, 10, 12e9, 100, machines_), 3);
  machines_.bytes_per_node = std::numeric_limits<double>::infinity();
  EXPECT_EQ(ranks_worth(battery_, 10, 12e9, 100, machines_), 1);
}

TEST_F(RanksWorth, IsOneForAStateVector) {
  battery_.kappa = battery_.gamma_down = battery_.gamma_phi = 0;
  EXPECT_EQ(ranks_worth(battery_, 1e6, 1e9, 1, machines_), 1);
}

}  // namespace
}  // namespace qbsweep
