#include "qbsweep/scheduler/point_worker.hpp"

#include <fmt/format.h>

#include <cmath>
#include <exception>
#include <string>
#include <utility>

#include "qbsweep/dynamics/charging_run.hpp"
#include "qbsweep/dynamics/ground_state.hpp"
#include "qbsweep/parallel/message_transport.hpp"
#include "qbsweep/scheduler/point_estimates.hpp"
#include "qbsweep/spectrum/steady_state.hpp"
#include "qbsweep/support/crash_note.hpp"
#include "qbsweep/support/node_memory.hpp"
#include "qbsweep/support/out_of_memory.hpp"
#include "qbsweep/support/petsc.hpp"

namespace qbsweep {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Work of the first rank of a group, for which the others wait asleep. What it throws is thrown on
/// all of them: ComputationLeft as it is, the rest as an EnvironmentError, which ends the point
/// alone.
template <typename Work>
void first_rank_alone(const Communicator& group, const Work& work) {
  enum class Outcome : std::int8_t { fine, left, failed };
  Outcome outcome = Outcome::fine;
  std::string error;
  if (group.rank() == 0) {
    try {
      work();
    } catch (const ComputationLeft&) {
      outcome = Outcome::left;
    } catch (const std::bad_alloc& caught) {
      outcome = Outcome::failed;
      error = describe(caught);
    } catch (const std::exception& caught) {
      outcome = Outcome::failed;
      error = caught.what();
    }
  }
  broadcast(group.get(), 0, "hear how a point ended", outcome, error);
  switch (outcome) {
    case Outcome::fine:
      break;
    case Outcome::left:
      throw ComputationLeft();
    case Outcome::failed:
      throw EnvironmentError(error);
  }
}

/// Results wait no longer than this for their neighbours to be written with.
constexpr double longest_wait_seconds = 1.0;

}  // namespace

/// Writes into `attempts` how often the points were started, with this run's `started`.
void SweepWorker::note_attempts(std::span<const std::int64_t> points, std::int32_t started) {
  std::vector<std::int32_t> attempts;
  attempts.reserve(points.size());
  for (const std::int64_t point : points) {
    const auto before = earlier_.attempts.find(point);
    const bool forgotten = before == earlier_.attempts.end() || lived_.count(point) > 0;
    attempts.push_back(started + (forgotten ? 0 : before->second));
  }
  archive_.write_attempts(points, attempts);
}

/// What an earlier run noted of the points gives way to what is left of it.
void SweepWorker::note_earlier_work(std::span<const std::int64_t> points) {
  for (const std::int64_t point : points) {
    const auto saved = earlier_.saved.find(point);
    if (saved != earlier_.saved.end()) {
      archive_.write_progress(point, saved->second.fraction, saved->second.seconds);
    } else if (earlier_.attempts.count(point) > 0) {
      archive_.write_progress(point, 0.0, 0.0);
    }
  }
}

void SweepWorker::write_finished() {
  archive_.write(finished_);
  finished_.clear();
  last_write_ = Clock::now();
}

/// Which fraction of a point's work its charging run is, by the estimates.
double SweepWorker::charging_share(std::int64_t index) const {
  if (!sweep_.charging() || !sweep_.steady_state()) {
    return sweep_.charging() ? 1.0 : 0.0;
  }
  const PointEstimate estimate = estimate_point(sweep_, index, method_);
  return estimate.seconds > 0 ? estimate.charging_seconds / estimate.seconds : 0.5;
}

/// The charging run is the group's work. What follows it is the first rank's: the others wait for
/// the next point.
void SweepWorker::compute_parts(const Batch& batch, PointRecord& record, PointStore& store,
                                PointWatch& watch) const {
  const BatteryParameters& battery = record.point.battery;
  BatteryParameters on_levels = battery;
  const double share = batch.first ? charging_share(record.index) : 0.0;
  if (sweep_.charging()) {
    Watch charging_watch;
    charging_watch.look = [&watch, share](const Progress& progress) {
      Progress of_point = progress;
      of_point.fraction *= share;
      return watch.look(of_point);
    };
    charging_watch.store = &store;
    charging_watch.warn = [&](const std::string& why) {
      fmt::print(stderr, "qbsweep: warning: {}: {}\n", sweep_.describe(record.index), why);
    };
    record.charging =
        charging_run(batch.group.get(), battery, charging_settings(sweep_, record.point, method_),
                     charging_watch);
    on_levels.fock_dim = record.charging.diagnostics.fock_dim;
  }
  Watch later_watch;  // of what is left to do, which cannot be saved
  later_watch.look = [&watch, share](Progress progress) {
    const bool unknown = share > 0 && std::isnan(progress.fraction);
    progress.fraction = unknown ? share : share + (1 - share) * progress.fraction;
    return watch.look(progress);
  };
  first_rank_alone(batch.group, [&] {
    if (sweep_.steady_state()) {
      record.steady =
          steady_state(MPI_COMM_SELF, battery, steady_settings(sweep_, record.point), later_watch);
      if (!sweep_.charging()) {
        on_levels.fock_dim = record.steady.fock_dim;
      }
    }
    if (battery.initial_state == InitialState::ground_state) {
      record.ground = ground_state(MPI_COMM_SELF, on_levels, later_watch);
    }
  });
}

void SweepWorker::compute(const Batch& batch, std::int64_t index) {
  has_computed_ = true;
  const CrashNote::Computing under_way(index);
  PointRecord record;
  record.index = index;
  record.point = sweep_.point(index);
  record.observables = sweep_.observables();
  record.sizes = sweep_.observable_sizes();

  // Once a stop was asked for, a kill may follow that is not this point's doing: the attempt is
  // taken back while the point continues, and counted again if it comes to its end. And a point
  // that lived to be saved has not killed: earlier attempts are forgotten.
  bool taken_back = false;
  PointStore store(batch.group, checkpoints_, index, earlier_.saved.count(index) > 0);
  PointNotes notes;
  notes.stop_asked = [&] {
    taken_back = true;
    note_attempts({&index, 1}, 0);
  };
  notes.progress = [&](double fraction) {
    archive_.write_progress(index, fraction, store.seconds_spent());
  };
  notes.saved = [&] {
    lived_.insert(index);
    note_attempts({&index, 1}, taken_back ? 0 : 1);
  };
  PointWatch watch(signal_, store, checkpoints_.seconds_between, std::move(notes));
  try {
    compute_parts(batch, record, store, watch);
  } catch (const ComputationLeft&) {
    if (store.saved_now()) {
      lived_.insert(index);
    }
    throw;
  }
  first_rank_alone(batch.group, [&] {
    if (taken_back) {
      note_attempts({&index, 1}, 1);
    }
    record.wall_seconds = store.seconds_spent();
    finished_.push_back(std::move(record));
    if (store.is_there()) {
      write_finished();  // before what it could be computed from again is dropped
    }
  });
  store.discard();
}

/// "; the point needs about 3.1 GiB"
std::string SweepWorker::need_of(std::int64_t index) const {
  try {
    const double bytes = estimate_point(sweep_, index, method_).memory_bytes;
    return fmt::format("; the point needs about {}", size_text(bytes));
  } catch (const std::exception&) {
    return "";  // there is no memory for this either
  }
}

bool SweepWorker::compute_guarded(Batch& batch, std::int64_t index) {
  const bool alone = batch.group.size() == 1;
  const auto fail = [&](const std::string& why) {
    if (batch.first) {
      batch.result.failures.push_back({index, why});
    }
  };
  try {
    compute(batch, index);
    ++batch.result.done;
  } catch (const ComputationLeft&) {
    return false;
  } catch (const std::bad_alloc& error) {
    const std::string why = describe(error) + need_of(index);
    if (!alone) {
      abort_job(batch.group.get(), sweep_.describe(index) + ": " + why);
    }
    fail(why);
  } catch (const LibraryError& error) {
    if (!alone) {
      abort_job(batch.group.get(), sweep_.describe(index) + ": " + error.what());
    }
    fail(one_line(error.what()) + (petsc::is_out_of_memory(error) ? need_of(index) : ""));
  } catch (const std::exception& error) {
    fail(one_line(error.what()));
  }
  return true;
}

BatchResult SweepWorker::operator()(const Communicator& group,
                                    std::span<const std::int64_t> points) {
  Batch batch = {group, group.rank() == 0, {}};
  if (batch.first) {
    note_attempts(points, 1);
    note_earlier_work(points);
  }
  last_write_ = Clock::now();
  std::exception_ptr unwritten;  // ends the run, once the other ranks of the group have been told
  for (std::size_t p = 0; p < points.size(); ++p) {
    // The first rank's clock and signals count.
    bool go_on = !unwritten && (p == 0 || !signal_.stop());
    broadcast(group.get(), 0, "agree on the next point", go_on);
    if (!go_on || !compute_guarded(batch, points[p])) {
      if (batch.first && !unwritten) {
        note_attempts(points.subspan(p), 0);
      }
      break;
    }
    if (batch.first && seconds_since(last_write_) > longest_wait_seconds) {
      try {
        write_finished();
      } catch (const std::exception&) {
        unwritten = std::current_exception();
      }
    }
  }
  if (unwritten) {
    std::rethrow_exception(unwritten);
  }
  if (batch.first) {
    write_finished();
    for (const PointFailure& failure : batch.result.failures) {
      archive_.mark(failure.index, SlotStatus::failed);
    }
  }
  return batch.result;
}

}  // namespace qbsweep
