#pragma once
/// \file
/// What the master knows of a run while it is under way.

#include <exception>
#include <mutex>
#include <span>
#include <string>

#include "dispatch_messages.hpp"
#include "qbsweep/scheduler/dispatcher.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {

/// The queues as the two threads of the master use them. An error in here stops the queues and
/// becomes the run's fatal error, so that the ranks come home as they do otherwise.
class RunState {
 public:
  RunState(std::span<const Stage> stages, const ReportObserver& observer)
      : stages_(stages), observer_(observer) {}

  [[nodiscard]] Batch next_batch(int stage) {
    Batch batch;
    guarded(master_rank, [&] { batch = queue(stage).next_batch(); });
    return batch;
  }

  void stop() {
    for (const Stage& stage : stages_) {
      stage.queue->stop();
    }
  }

  /// Takes the account that `rank` gave of `batch`, which is empty in its first request.
  void take(int rank, const Batch& batch, const Request& request) {
    if (request.stop) {
      stop();
    }
    if (request.fatal) {
      end_run(rank, *request.fatal);
    }
    if (!batch.empty()) {
      guarded(master_rank, [&] {
        const std::lock_guard lock(reporting_);
        queue(request.stage).report(batch, request.result, request.seconds);
        if (observer_) {
          observer_(counts(), request.result.failures);
        }
      });
    }
  }

  /// Once all ranks have given their last account.
  [[nodiscard]] RunOutcome outcome() const {
    using End = RunOutcome::End;
    const PointCounts all = counts();
    const End end = !fatal_.empty() ? End::fatal : all.left() == 0 ? End::complete : End::stopped;
    return {end, all, fatal_};
  }

 private:
  [[nodiscard]] PointQueue& queue(int stage) const {
    return *stages_[static_cast<std::size_t>(stage)].queue;
  }

  [[nodiscard]] PointCounts counts() const {
    PointCounts sum;
    for (const Stage& stage : stages_) {
      const PointCounts counts = stage.queue->counts();
      sum.total += counts.total;
      sum.done += counts.done;
      sum.failed += counts.failed;
      sum.cost_total += counts.cost_total;
      sum.cost_finished += counts.cost_finished;
    }
    return sum;
  }

  template <typename Action>
  void guarded(int rank, const Action& action) {
    try {
      action();
    } catch (const std::exception& error) {
      end_run(rank, error.what());
    } catch (...) {
      end_run(rank, "an exception of unknown type");
    }
  }

  void end_run(int rank, const std::string& why) {
    stop();
    const std::lock_guard lock(ending_);
    if (fatal_.empty()) {
      fatal_ = one_line("rank " + std::to_string(rank) + ": " + why);
    }
  }

  std::span<const Stage> stages_;
  const ReportObserver& observer_;
  std::mutex reporting_;
  std::mutex ending_;
  std::string fatal_;
};

}  // namespace qbsweep
