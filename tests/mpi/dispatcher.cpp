#include "qbsweep/scheduler/dispatcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <ctime>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace qbsweep {
namespace {

using testing::Each;
using testing::HasSubstr;
using namespace std::chrono_literals;
using End = RunOutcome::End;

class Dispatcher : public testing::Test {
 protected:
  /// Runs a point for each of the costs, counting what is computed where.
  RunOutcome run(const std::vector<double>& costs, const PointWorker& work,
                 const ReportObserver& observer = {}) {
    std::vector<PendingPoint> points;
    for (std::size_t k = 0; k < costs.size(); ++k) {
      points.push_back({static_cast<std::int64_t>(k), costs[k]});
    }
    computed_.assign(costs.size(), 0);
    const PointWorker counting = [&](std::span<const std::int64_t> batch) {
      BatchResult result = work(batch);
      for (const std::int64_t point : batch) {
        ++computed_.at(static_cast<std::size_t>(point));
      }
      return result;
    };
    if (rank_ != master_rank) {
      return run_points(comm_, nullptr, counting, *signal_, observer);
    }
    PointQueue queue(points, size_);
    return run_points(comm_, &queue, counting, *signal_, observer);
  }

  /// How often each point of the last run was computed, on all ranks together.
  [[nodiscard]] std::vector<int> computed_everywhere() const {
    std::vector<int> sum = computed_;
    MPI_Allreduce(MPI_IN_PLACE, sum.data(), static_cast<int>(sum.size()), MPI_INT, MPI_SUM,
                  comm_.get());
    return sum;
  }

  /// One rank's batch is under way while the others are at their first: they wait for its word.
  void tell_the_others() {
    for (int rank = 0; rank < size_; ++rank) {
      if (rank != rank_) {
        MPI_Send(nullptr, 0, MPI_BYTE, rank, 0, side_.get());
      }
    }
  }
  void wait_for_word_of(int rank) {
    if (!told_) {
      MPI_Request request = MPI_REQUEST_NULL;
      MPI_Irecv(nullptr, 0, MPI_BYTE, rank, 0, side_.get(), &request);
      wait_asleep(request, "wait for a word");
      told_ = true;
    }
  }

  /// Ranks that got no batch did not read the word.
  void end_of_words(int rank) {
    if (rank != rank_) {
      wait_for_word_of(rank);
    }
    told_ = false;
    barrier_asleep(side_.get(), "meet");
  }

  Communicator comm_{MPI_COMM_WORLD};
  Communicator side_{MPI_COMM_WORLD};
  int rank_ = comm_.rank();
  int size_ = comm_.size();
  std::optional<StopSignal> signal_{std::in_place};
  std::vector<int> computed_;
  bool told_ = false;
};

BatchResult all_done(std::span<const std::int64_t> batch) {
  return {static_cast<std::int64_t>(batch.size()), {}};
}

double process_cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

TEST_F(Dispatcher, ComputesEveryPointExactlyOnce) {
  std::vector<double> costs(3000);
  for (std::size_t k = 0; k < costs.size(); ++k) {
    costs[k] = k % 100 == 0 ? 20.0 + static_cast<double>(k % 13) : 0.05;  // milliseconds
  }
  const RunOutcome outcome = run(costs, [&](std::span<const std::int64_t> batch) {
    double milliseconds = 0.0;
    for (const std::int64_t point : batch) {
      milliseconds += costs[static_cast<std::size_t>(point)];
    }
    std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(milliseconds));
    return all_done(batch);
  });
  EXPECT_EQ(outcome.end, End::complete);
  EXPECT_EQ(outcome.counts.done, 3000);
  EXPECT_EQ(outcome.fatal, "");
  EXPECT_THAT(computed_everywhere(), Each(1));
}

TEST_F(Dispatcher, LetsEveryRankCompute) {
  // No rank ends its first point before all have one.
  const RunOutcome outcome = run(std::vector<double>(size_, 1.0), [&](auto batch) {
    barrier_asleep(side_.get(), "meet");
    return all_done(batch);
  });
  EXPECT_EQ(outcome.end, End::complete);
  EXPECT_EQ(std::accumulate(computed_.begin(), computed_.end(), 0), 1);
}

TEST_F(Dispatcher, TellsTheObserverOfEveryReportAndFailure) {
  std::int64_t last_finished = 0;
  int failures = 0;
  const RunOutcome outcome = run(
      std::vector<double>(500, 1.0),
      [](std::span<const std::int64_t> batch) {
        std::this_thread::sleep_for(200us * batch.size());
        BatchResult result;
        for (const std::int64_t point : batch) {
          if (point % 10 == 3) {
            // Long enough that messages do not go out eagerly.
            result.failures.push_back(
                {point, "point " + std::to_string(point) + " does not " + std::string(10000, 'x')});
          } else {
            ++result.done;
          }
        }
        return result;
      },
      [&](const PointCounts& counts, std::span<const PointFailure> failed) {
        EXPECT_GT(counts.done + counts.failed, last_finished);
        last_finished = counts.done + counts.failed;
        for (const PointFailure& failure : failed) {
          ++failures;
          EXPECT_EQ(failure.index % 10, 3);
          EXPECT_THAT(failure.message, HasSubstr("point " + std::to_string(failure.index)));
          EXPECT_GT(failure.message.size(), 10000U);
        }
      });
  EXPECT_EQ(outcome.end, End::complete);
  EXPECT_EQ(outcome.counts.done, 450);
  EXPECT_EQ(outcome.counts.failed, 50);
  EXPECT_EQ(last_finished, rank_ == master_rank ? 500 : 0);
  EXPECT_EQ(failures, rank_ == master_rank ? 50 : 0);
}

TEST_F(Dispatcher, SendsBatchesOfManyPoints) {
  std::size_t largest = 0;
  const RunOutcome outcome = run(std::vector<double>(300000, 1e-3), [&](auto batch) {
    std::this_thread::sleep_for(1us * batch.size());
    largest = std::max(largest, batch.size());
    return all_done(batch);
  });
  EXPECT_EQ(outcome.end, End::complete);
  EXPECT_THAT(computed_everywhere(), Each(1));
  MPI_Allreduce(MPI_IN_PLACE, &largest, 1, MPI_UNSIGNED_LONG, MPI_MAX, comm_.get());
  EXPECT_GT(largest, 1000U);
}

TEST_F(Dispatcher, EndsAtOnceWithoutPoints) {
  const RunOutcome outcome = run({}, all_done);
  EXPECT_EQ(outcome.end, End::complete);
  EXPECT_EQ(outcome.counts.total, 0);
}

TEST_F(Dispatcher, ServesMoreRanksThanPoints) {
  const RunOutcome outcome = run({1.0}, all_done);
  EXPECT_EQ(outcome.end, End::complete);
  EXPECT_THAT(computed_everywhere(), Each(1));
}

TEST_F(Dispatcher, EndsEverywhereWithTheErrorOfOneRank) {
  for (int thrower = 0; thrower < size_; ++thrower) {
    const RunOutcome outcome =
        run(std::vector<double>(5000, 1.0), [&](std::span<const std::int64_t> batch) {
          if (rank_ == thrower) {
            tell_the_others();
            throw std::runtime_error("the disk\nis full");
          }
          wait_for_word_of(thrower);
          std::this_thread::sleep_for(1ms * batch.size());
          return all_done(batch);
        });
    EXPECT_EQ(outcome.end, End::fatal);
    EXPECT_EQ(outcome.fatal, "rank " + std::to_string(thrower) + ": the disk is full");
    EXPECT_LT(outcome.counts.done, 5000);
    end_of_words(thrower);
  }
}

TEST_F(Dispatcher, EndsWhenAllRanksFailAtOnce) {
  const RunOutcome outcome =
      run(std::vector<double>(size_, 1.0), [&](auto /*batch*/) -> BatchResult {
        barrier_asleep(side_.get(), "meet");
        throw 1;
      });
  EXPECT_EQ(outcome.end, End::fatal);
  EXPECT_THAT(outcome.fatal, HasSubstr(": an exception of unknown type"));
}

TEST_F(Dispatcher, EndsWithAnErrorOnTheLastPointWhileTheOthersAreThrough) {
  const int thrower = size_ - 1;
  const RunOutcome outcome =
      run(std::vector<double>(size_, 1.0), [&](std::span<const std::int64_t> batch) {
        barrier_asleep(side_.get(), "meet");
        if (rank_ == thrower) {
          std::this_thread::sleep_for(100ms);
          throw std::runtime_error("lost");
        }
        return all_done(batch);
      });
  EXPECT_EQ(outcome.end, End::fatal);
  EXPECT_EQ(outcome.fatal, "rank " + std::to_string(thrower) + ": lost");
  EXPECT_EQ(outcome.counts.done, size_ - 1);
}

TEST_F(Dispatcher, EndsWithAnErrorOfTheObserver) {
  const RunOutcome outcome = run(
      std::vector<double>(5000, 1.0),
      [](std::span<const std::int64_t> batch) {
        std::this_thread::sleep_for(1ms);
        return all_done(batch);
      },
      [](const PointCounts& counts, auto /*failures*/) {
        if (counts.done >= 10) {
          throw std::runtime_error("no log");
        }
      });
  EXPECT_EQ(outcome.end, End::fatal);
  EXPECT_EQ(outcome.fatal, "rank 0: no log");
  EXPECT_LT(outcome.counts.done, 5000);
}

TEST_F(Dispatcher, StopsOnASignalToOneRank) {
  for (int signalled = 0; signalled < size_; ++signalled) {
    std::int64_t last_done = 0;
    const RunOutcome outcome = run(
        std::vector<double>(5000, 1.0),
        [&](auto batch) {
          if (rank_ == signalled) {
            std::raise(SIGUSR1);
            tell_the_others();
          } else {
            wait_for_word_of(signalled);
            std::this_thread::sleep_for(1ms * batch.size());
          }
          return all_done(batch);
        },
        [&](const PointCounts& counts, auto /*failures*/) {
          // The signalled rank gets no more batches, not even to give them back.
          EXPECT_GT(counts.done, last_done);
          last_done = counts.done;
        });
    EXPECT_EQ(outcome.end, End::stopped);
    EXPECT_GE(outcome.counts.done, 1);
    EXPECT_LT(outcome.counts.done, 5000);
    // What a rank had begun is finished, nothing is computed twice.
    const std::vector<int> computed = computed_everywhere();
    EXPECT_EQ(std::accumulate(computed.begin(), computed.end(), std::int64_t{0}),
              outcome.counts.done);
    end_of_words(signalled);
    signal_.emplace();
  }
}

TEST_F(Dispatcher, ComputesNothingWhenAllRanksAreSignalledBefore) {
  std::raise(SIGTERM);
  barrier_asleep(side_.get(), "meet");
  const RunOutcome outcome = run(std::vector<double>(20, 1.0), all_done);
  EXPECT_EQ(outcome.end, End::stopped);
  EXPECT_EQ(outcome.counts.done, 0);
  EXPECT_EQ(outcome.counts.left(), 20);
  EXPECT_THAT(computed_everywhere(), Each(0));
}

TEST_F(Dispatcher, KeepsPointsThatAWorkerGaveBack) {
  const RunOutcome outcome = run(std::vector<double>(size_, 1.0), [&](auto batch) {
    barrier_asleep(side_.get(), "meet");
    return rank_ == size_ - 1 ? BatchResult{} : all_done(batch);
  });
  EXPECT_EQ(outcome.end, End::stopped);
  EXPECT_EQ(outcome.counts.left(), 1);
}

TEST_F(Dispatcher, RunsAgainOnTheSameCommunicator) {
  for (int repeat = 0; repeat < 20; ++repeat) {
    const RunOutcome outcome = run(std::vector<double>(50, 1.0), all_done);
    EXPECT_EQ(outcome.end, End::complete);
    EXPECT_THAT(computed_everywhere(), Each(1));
  }
}

TEST_F(Dispatcher, RanksThatWaitSleep) {
  for (const int busy : {0, size_ - 1}) {
    const double before = process_cpu_seconds();
    const RunOutcome outcome = run(std::vector<double>(size_, 1.0), [&](auto batch) {
      barrier_asleep(side_.get(), "meet");
      if (rank_ == busy) {
        std::this_thread::sleep_for(2s);
      }
      return all_done(batch);
    });
    EXPECT_EQ(outcome.end, End::complete);
    EXPECT_LT(process_cpu_seconds() - before, 0.05 * 2.0);
  }
}

}  // namespace
}  // namespace qbsweep
