#include "point_worker.hpp"

#include <new>

#include "point_estimates.hpp"
#include "qbsweep/solvers/charge.hpp"
#include "qbsweep/solvers/ground_state.hpp"
#include "qbsweep/solvers/steady_state.hpp"
#include "qbsweep/support/crash_note.hpp"

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

/// Calls `look_for_signals` now and then; what it throws comes out.
void SweepWorker::compute_parts(PointRecord& record,
                                const std::function<void()>& look_for_signals) const {
  const BatteryParameters& battery = record.point.battery;
  BatteryParameters on_levels = battery;
  if (sweep_.charging()) {
    record.charge = charge(MPI_COMM_SELF, battery, charge_settings(sweep_, record.point, method_),
                           [&](double, Vec) { look_for_signals(); });
    on_levels.fock_dim = record.charge.diagnostics.fock_dim;
  }
  if (sweep_.steady_state()) {
    look_for_signals();
    record.steady = steady_state(MPI_COMM_SELF, battery, steady_settings(sweep_, record.point),
                                 [&](double) { look_for_signals(); });
    look_for_signals();
    if (!sweep_.charging()) {
      on_levels.fock_dim = record.steady.fock_dim;
    }
  }
  if (battery.initial_state == InitialState::ground_state) {
    record.ground = ground_state(MPI_COMM_SELF, on_levels, [&](double) { look_for_signals(); });
  }
}

PointRecord SweepWorker::compute(std::int64_t index) {
  const Clock::time_point start = Clock::now();
  has_computed_ = true;
  const CrashNote::Computing under_way(index);
  PointRecord record;
  record.index = index;
  record.point = sweep_.point(index);

  // Once a stop was asked for, a kill may follow that is not this point's doing: the attempt is
  // taken back while the point goes on, and counted again if it comes to its end.
  bool taken_back = false;
  const auto look_for_signals = [&] {
    if (signal_.stop() && !taken_back) {
      note_attempts({&index, 1}, 0);
      taken_back = true;
    }
    if (signal_.abandon()) {
      throw Abandoned();
    }
  };
  compute_parts(record, look_for_signals);
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
