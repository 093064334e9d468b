#include "point_worker.hpp"

#include <new>

#include "point_estimates.hpp"
#include "qbsweep/solvers/charge.hpp"

namespace qbsweep {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Results wait no longer than this for their neighbours to be written with.
constexpr double longest_wait_seconds = 1.0;

}  // namespace

/// Writes into `attempts` how often the points were started, with this run's `started`.
void SweepWorker::note_attempts(std::span<const std::int64_t> points, std::int32_t started) {
  std::vector<std::int32_t> attempts;
  attempts.reserve(points.size());
  for (const std::int64_t point : points) {
    const auto before = attempts_.find(point);
    attempts.push_back(started + (before == attempts_.end() ? 0 : before->second));
  }
  archive_.write_attempts(points, attempts);
}

void SweepWorker::write_finished() {
  archive_.write(finished_);
  finished_.clear();
  last_write_ = Clock::now();
}

PointRecord SweepWorker::compute(std::int64_t index) {
  const Clock::time_point start = Clock::now();
  has_computed_ = true;
  PointRecord record;
  record.index = index;
  record.point = sweep_.point(index);

  // Once a stop was asked for, a kill may follow that is not this point's doing: the attempt is
  // taken back while the point goes on, and counted again if it comes to its end.
  bool taken_back = false;
  const auto on_step = [&](double, Vec) {
    if (signal_.stop() && !taken_back) {
      note_attempts({&index, 1}, 0);
      taken_back = true;
    }
    if (signal_.abandon()) {
      throw Abandoned();
    }
  };
  record.charge = charge(MPI_COMM_SELF, record.point.battery,
                         charge_settings(sweep_, record.point, method_), on_step);
  if (taken_back) {
    note_attempts({&index, 1}, 1);
  }
  record.wall_seconds = seconds_since(start);
  return record;
}

BatchResult SweepWorker::operator()(std::span<const std::int64_t> points) {
  BatchResult result;
  note_attempts(points, 1);
  last_write_ = Clock::now();
  for (std::size_t p = 0; p < points.size(); ++p) {
    if (signal_.stop() && p > 0) {
      note_attempts(points.subspan(p), 0);
      break;
    }
    try {
      finished_.push_back(compute(points[p]));
      ++result.done;
    } catch (const Abandoned&) {
      note_attempts(points.subspan(p), 0);
      break;
    } catch (const std::bad_alloc&) {
      result.failures.push_back({points[p], "out of memory"});
    } catch (const std::exception& error) {
      result.failures.push_back({points[p], one_line(error.what())});
    }
    if (seconds_since(last_write_) > longest_wait_seconds) {
      write_finished();
    }
  }
  write_finished();
  for (const PointFailure& failure : result.failures) {
    archive_.mark(failure.index, SlotStatus::failed);
  }
  return result;
}

}  // namespace qbsweep
