#include "qbsweep/scheduler/point_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <queue>
#include <stdexcept>
#include <thread>
#include <vector>

namespace qbsweep {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<PendingPoint> equal_points(std::int64_t count, double cost) {
  std::vector<PendingPoint> points;
  for (std::int64_t index = 0; index < count; ++index) {
    points.push_back({index, cost});
  }
  return points;
}

BatchResult all_done(const Batch& batch) {
  return {static_cast<std::int64_t>(batch.points.size()), {}};
}

/// Ranks that compute in a time of their own: who is free first gets the next batch.
struct Simulation {
  std::vector<Batch> batches;
  std::vector<double> batch_seconds;
  double end = 0.0;

  Simulation(PointQueue& queue, int ranks, double seconds_per_cost) {
    struct Busy {
      double until;
      Batch batch;
      double seconds;
      bool operator>(const Busy& other) const { return until > other.until; }
    };
    std::priority_queue<Busy, std::vector<Busy>, std::greater<>> busy;
    const auto hand_out = [&](double now) {
      Batch batch = queue.next_batch();
      if (!batch.empty()) {
        const double seconds = batch.cost * seconds_per_cost;
        batches.push_back(batch);
        batch_seconds.push_back(seconds);
        busy.push({now + seconds, std::move(batch), seconds});
      }
    };
    for (int rank = 0; rank < ranks; ++rank) {
      hand_out(0.0);
    }
    while (!busy.empty()) {
      const Busy first = busy.top();
      busy.pop();
      end = first.until;
      queue.report(first.batch, all_done(first.batch), first.seconds);
      hand_out(end);
    }
  }

  [[nodiscard]] std::vector<std::int64_t> points_sorted() const {
    std::vector<std::int64_t> points;
    for (const Batch& batch : batches) {
      points.insert(points.end(), batch.points.begin(), batch.points.end());
    }
    std::sort(points.begin(), points.end());
    return points;
  }
};

TEST(PointQueue, HandsOutCostlyPointsFirstAndOnTheirOwn) {
  PointQueue queue({{0, 1.0}, {1, 9.0}, {2, 4.0}, {3, 9.0}}, 2);
  EXPECT_THAT(queue.next_batch().points, ElementsAre(1));
  EXPECT_THAT(queue.next_batch().points, ElementsAre(3));
  EXPECT_THAT(queue.next_batch().points, ElementsAre(2));
  EXPECT_THAT(queue.next_batch().points, ElementsAre(0));
  EXPECT_THAT(queue.next_batch().points, IsEmpty());
  EXPECT_THAT(queue.next_batch().points, IsEmpty());
}

TEST(PointQueue, HandsOutSinglePointsUntilTheSpeedIsKnown) {
  PointQueue queue(equal_points(1000, 1.0), 2);
  for (int batch = 0; batch < 10; ++batch) {
    EXPECT_EQ(queue.next_batch().points.size(), 1U);
  }
}

TEST(PointQueue, GivesNeighboursOnTheGridToOneRank) {
  PointQueue queue(equal_points(4000, 1.0), 2);
  Simulation run(queue, 2, 1e-3);
  std::int64_t next = 0;
  for (const Batch& batch : run.batches) {
    for (const std::int64_t point : batch.points) {
      EXPECT_EQ(point, next++);
    }
  }
}

TEST(PointQueue, BatchesListTheirPointsAscending) {
  std::vector<PendingPoint> points;
  for (std::int64_t index = 0; index < 4000; ++index) {
    points.push_back({index, 1.0 + 1e-3 * static_cast<double>(index)});
  }
  PointQueue queue(points, 2);
  const Simulation run(queue, 2, 1e-4);
  std::size_t largest = 0;
  for (const Batch& batch : run.batches) {
    EXPECT_TRUE(std::is_sorted(batch.points.begin(), batch.points.end()));
    largest = std::max(largest, batch.points.size());
  }
  EXPECT_GT(largest, 10U);
}

TEST(PointQueue, HandsOutEveryPointExactlyOnce) {
  std::vector<PendingPoint> points;
  std::vector<PendingPoint> suspects;
  for (std::int64_t index = 0; index < 5000; ++index) {
    const double cost = std::exp(10.0 * std::sin(static_cast<double>(index)));
    (index % 7 == 0 ? suspects : points).push_back({index, cost});
  }
  PointQueue queue(points, 3, suspects);
  const Simulation run(queue, 3, 1e-5);
  std::vector<std::int64_t> expected(5000);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(run.points_sorted(), expected);
  const PointCounts counts = queue.counts();
  EXPECT_EQ(counts.done, 5000);
  EXPECT_EQ(counts.left(), 0);
  EXPECT_NEAR(counts.cost_finished / counts.cost_total, 1.0, 1e-9);
}

TEST(PointQueue, NeedsFewMessagesForShortPoints) {
  PointQueue queue(equal_points(20000, 1.0), 2);
  const Simulation run(queue, 2, 1e-3);
  EXPECT_LT(run.batches.size(), 100U);
  EXPECT_LT(*std::max_element(run.batch_seconds.begin(), run.batch_seconds.end()), 1.0001);
  EXPECT_LT(run.end, 10.0 * 1.01);  // both ranks are busy to the end
}

TEST(PointQueue, SharesTheLastPointsFairly) {
  PointQueue queue(equal_points(10000, 1.0), 4);
  const Simulation run(queue, 4, 1e-4);  // far from both time limits of a batch: only shares count
  double waiting = 10000.0;
  for (const Batch& batch : run.batches) {
    EXPECT_LE(batch.points.size(), std::max(1.0, waiting / 16.0));
    waiting -= batch.cost;
  }
  EXPECT_LT(run.batches.size(), 250U);
}

TEST(PointQueue, GrowsBatchesByDoublingForCostsAreOnlyEstimates) {
  PointQueue queue(equal_points(100000, 1.0), 1);
  std::size_t largest = 1;
  for (int k = 0; k < 12; ++k) {
    const Batch batch = queue.next_batch();
    EXPECT_LE(batch.points.size(), k == 0 ? 1 : 2 * largest);
    largest = std::max(largest, batch.points.size());
    queue.report(batch, all_done(batch), 1e-9 * batch.cost);
  }
  EXPECT_EQ(largest, 2048U);
}

TEST(PointQueue, FollowsTheSpeedWhenCheapPointsAreSlowerThanEstimated) {
  PointQueue queue(equal_points(1000000, 1.0), 1);
  for (int k = 0; k < 15; ++k) {
    const Batch batch = queue.next_batch();
    queue.report(batch, all_done(batch), 1e-6 * batch.cost);
  }
  for (int k = 0; k < 15; ++k) {
    const Batch batch = queue.next_batch();
    queue.report(batch, all_done(batch), 1e-3 * batch.cost);
  }
  const std::size_t size = queue.next_batch().points.size();
  EXPECT_GE(size, 800U);
  EXPECT_LE(size, 1001U);
}

/// The sizes of the first batches if one rank takes them all.
std::vector<std::size_t> first_sizes(PointQueue& queue, int batches, double seconds_per_cost) {
  std::vector<std::size_t> sizes;
  for (int k = 0; k < batches; ++k) {
    const Batch batch = queue.next_batch();
    sizes.push_back(batch.points.size());
    queue.report(batch, all_done(batch), seconds_per_cost * batch.cost);
  }
  return sizes;
}

TEST(PointQueue, GivesManyRanksLongerBatchesToSpareTheMaster) {
  PointQueue few(equal_points(100000, 1.0), 100);
  EXPECT_THAT(first_sizes(few, 5, 0.4), ElementsAre(1, 2, 2, 2, 2));
  PointQueue many(equal_points(4000000, 1.0), 50000);
  EXPECT_THAT(first_sizes(many, 5, 0.4), ElementsAre(1, 2, 4, 7, 7));
}

TEST(PointQueue, GivesNoBatchesThatAreShorterThanServingAllRanks) {
  PointQueue queue(equal_points(100000, 1.0), 50000);  // a fair share is half a point
  EXPECT_THAT(first_sizes(queue, 6, 0.02), ElementsAre(1, 2, 4, 8, 15, 15));
}

TEST(PointQueue, HandsOutSuspectsLastAndSingly) {
  PointQueue queue(equal_points(500, 1.0), 1, {{1000, 5.0}, {1001, 0.001}, {1002, 7.0}});
  const Simulation run(queue, 1, 1e-6);
  ASSERT_GE(run.batches.size(), 3U);
  const auto last = run.batches.end();
  EXPECT_THAT((last - 3)->points, ElementsAre(1002));
  EXPECT_THAT((last - 2)->points, ElementsAre(1000));
  EXPECT_THAT((last - 1)->points, ElementsAre(1001));
  EXPECT_LT(run.batches.size(), 100U);
}

TEST(PointQueue, StopEndsTheHandingOutButNotTheReports) {
  PointQueue queue(equal_points(10, 1.0), 1);
  const Batch batch = queue.next_batch();
  queue.stop();
  EXPECT_TRUE(queue.next_batch().empty());
  EXPECT_EQ(queue.report(batch, all_done(batch), 1.0).done, 1);
  EXPECT_EQ(queue.counts().left(), 9);
}

TEST(PointQueue, CountsFailuresAndPointsGivenBack) {
  PointQueue queue(equal_points(1000, 2.0), 1);
  Batch batch = queue.next_batch();
  while (batch.points.size() < 4) {
    queue.report(batch, all_done(batch), 1e-6);
    batch = queue.next_batch();
  }
  ASSERT_EQ(batch.points.size(), 4U);
  const PointCounts before = queue.counts();
  const PointCounts after = queue.report(batch, {2, {{batch.points[0], "no convergence"}}}, 1e-6);
  EXPECT_EQ(after.done - before.done, 2);
  EXPECT_EQ(after.failed, 1);
  EXPECT_DOUBLE_EQ(after.cost_finished - before.cost_finished, 6.0);
  EXPECT_EQ(after.left(), 1000 - before.done - 3);
}

TEST(PointQueue, IsQuickForAMillionPoints) {
  PointQueue queue(equal_points(1000000, 1.0), 8);
  const Simulation run(queue, 8, 1e-5);
  EXPECT_LT(run.batches.size(), 1000U);
  EXPECT_EQ(queue.counts().done, 1000000);
}

TEST(PointQueue, ServesSeveralThreadsAtOnce) {
  PointQueue queue(equal_points(20000, 1.0), 4);
  std::vector<std::vector<std::int64_t>> taken(4);
  {
    std::vector<std::jthread> threads;
    threads.reserve(taken.size());
    for (auto& mine : taken) {
      threads.emplace_back([&queue, &mine] {
        for (Batch batch = queue.next_batch(); !batch.empty(); batch = queue.next_batch()) {
          mine.insert(mine.end(), batch.points.begin(), batch.points.end());
          queue.report(batch, all_done(batch), 1e-9 * batch.cost);
        }
      });
    }
  }
  std::vector<std::int64_t> all;
  for (const auto& mine : taken) {
    all.insert(all.end(), mine.begin(), mine.end());
  }
  std::sort(all.begin(), all.end());
  std::vector<std::int64_t> expected(20000);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(all, expected);
  EXPECT_EQ(queue.counts().done, 20000);
}

TEST(PointQueue, IsEmptyWithoutPoints) {
  PointQueue queue({}, 3);
  EXPECT_TRUE(queue.next_batch().empty());
  EXPECT_EQ(queue.counts().left(), 0);
}

TEST(PointQueue, RefusesCostsThatAreNoCosts) {
  EXPECT_THROW(PointQueue({{0, 0.0}}, 1), std::invalid_argument);
  EXPECT_THROW(PointQueue({{0, -1.0}}, 1), std::invalid_argument);
  EXPECT_THROW(PointQueue({{0, std::nan("")}}, 1), std::invalid_argument);
  EXPECT_THROW(PointQueue({}, 1, {{0, std::numeric_limits<double>::infinity()}}),
               std::invalid_argument);
  EXPECT_THROW(PointQueue({}, 0), std::invalid_argument);
}

}  // namespace
}  // namespace qbsweep
