#include <fmt/format.h>
#include <petscsys.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): setenv

#include <algorithm>
#include <deque>
#include <iostream>
#include <optional>
#include <set>

#include "earlier_runs.hpp"
#include "error_report.hpp"
#include "qbsweep/app/commands.hpp"
#include "qbsweep/archive/checkpoint_file.hpp"
#include "qbsweep/archive/crash_log.hpp"
#include "qbsweep/archive/failures_log.hpp"
#include "qbsweep/archive/machine_note.hpp"
#include "qbsweep/operators/blas_memory.hpp"
#include "qbsweep/parallel/collectively.hpp"
#include "qbsweep/parallel/message_transport.hpp"
#include "qbsweep/scheduler/point_worker.hpp"
#include "qbsweep/scheduler/progress.hpp"
#include "qbsweep/support/crash_note.hpp"
#include "qbsweep/support/petsc.hpp"
#include "run_preparation.hpp"
#include "warnings.hpp"

namespace qbsweep {
namespace {

/// MPI for the life of the program.
class MpiSession {
 public:
  MpiSession() {
    // Parameters of Open MPI, which other libraries do not look at; who sets them is obeyed.
    // Ranks of a group that send each other pieces of 100 kB while they compute have them in half
    // the time when they are copied through shared memory and not by the kernel from process to
    // process.
    ::setenv("OMPI_MCA_btl_vader_single_copy_mechanism", "none", 0);
    int provided = 0;
    check_mpi(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &provided), "start MPI");
  }
  ~MpiSession() { MPI_Finalize(); }
  MpiSession(const MpiSession&) = delete;
  MpiSession& operator=(const MpiSession&) = delete;
};

/// PETSc with the options that followed "--" on the command line.
class PetscSession {
 public:
  explicit PetscSession(std::vector<std::string> options) : options_(std::move(options)) {
    arguments_.push_back(program_.data());
    for (std::string& option : options_) {
      arguments_.push_back(option.data());
    }
    arguments_.push_back(nullptr);
    argc_ = static_cast<int>(arguments_.size()) - 1;
    argv_ = arguments_.data();
    session_.emplace(&argc_, &argv_);
  }

  /// Names the options that no solver asked for: most likely they are misspelt.
  static void warn_of_unused_options() {
    PetscInt count = 0;
    char** names = nullptr;
    char** values = nullptr;
    petsc::check(PetscOptionsLeftGet(nullptr, &count, &names, &values), "look at the options");
    for (PetscInt o = 0; o < count; ++o) {
      fmt::print(stderr, "qbsweep: warning: the PETSc option -{} was not used\n", names[o]);
    }
    petsc::check(PetscOptionsLeftRestore(nullptr, &count, &names, &values), "look at the options");
  }

 private:
  std::string program_ = "qbsweep";
  std::vector<std::string> options_;
  std::vector<char*> arguments_;
  int argc_ = 0;
  char** argv_ = nullptr;
  std::optional<petsc::Session> session_;
};

/// What the master keeps beside handing out points: the progress line and the log of failures.
/// Called from two threads in turn, as the dispatcher's observer.
class RunReporter {
 public:
  RunReporter(const Sweep& sweep, const std::string& archive_path, std::int64_t done_before)
      : sweep_(sweep),
        log_(archive_path),
        progress_(std::cerr, stderr_reaches_terminal(), done_before) {}

  void note_failure(std::int64_t point, const std::string& message) {
    log_.append(point, sweep_.describe(point), message);
    failed_.insert(point);
  }

  void report(const PointCounts& counts, std::span<const PointFailure> failures) {
    for (const PointFailure& failure : failures) {
      note_failure(failure.index, failure.message);
    }
    progress_.update(counts);
  }

  /// A point that failed in an earlier run, of which the log tells already.
  void leave_failed(std::int64_t point) { failed_.insert(point); }

  void finish(const PointCounts& counts) { progress_.finish(counts); }
  /// After a run that came to the end of the sweep: the log tells of points that are failed now.
  void tidy_log() { log_.keep_only(failed_); }
  [[nodiscard]] const std::set<std::int64_t>& failed() const { return failed_; }
  [[nodiscard]] const std::string& log_path() const { return log_.path(); }

 private:
  const Sweep& sweep_;
  FailuresLog log_;
  ProgressLine progress_;
  std::set<std::int64_t> failed_;
};

/// Before the first point: failed ones are pending again, and those that took the job down too
/// often are failed. Not collective: the master's.
void settle_earlier_runs(const RunPreparation& preparation, ArchiveWriter& archive,
                         RunReporter& reporter) {
  for (const auto* points : {&preparation.retried, &preparation.damaged}) {
    for (const std::int64_t point : *points) {
      const std::int32_t none = 0;
      // The mark last: as long as a point is marked done, its checksum tells that it is not.
      archive.write_attempts({&point, 1}, {&none, 1});
      archive.write_progress(point, 0.0, 0.0);
      archive.mark(point, SlotStatus::pending);
    }
  }
  for (const std::int64_t point : preparation.unmarked) {
    archive.mark(point, SlotStatus::done);
  }
  // They begin anew, and so do the notes of their crashes.
  const std::set<std::int64_t> retried(preparation.retried.begin(), preparation.retried.end());
  CrashLog(preparation.archive_path).keep_if([&](std::int64_t point) {
    return retried.count(point) == 0;
  });
  for (const PointFailure& point : preparation.given_up) {
    reporter.note_failure(point.index, point.message);
    archive.mark(point.index, SlotStatus::failed);
  }
  for (const std::int64_t point : preparation.still_failed) {
    reporter.leave_failed(point);
  }
  try {
    MachineNoteFile(preparation.archive_path).write(preparation.note);
  } catch (const EnvironmentError& error) {
    // It only serves to explain deaths, so a full disk is no reason not to run.
    fmt::print(stderr, "qbsweep: warning: {}\n", error.what());
  }
}

ExitCode exit_code(const RunOutcome& outcome, bool some_failed) {
  switch (outcome.end) {
    case RunOutcome::End::fatal:
      return ExitCode::environment;
    case RunOutcome::End::stopped:
      return ExitCode::stopped_early;
    case RunOutcome::End::complete:
      break;
  }
  return some_failed ? ExitCode::some_points_failed : ExitCode::complete;
}

/// The last words of the master.
void conclude(const RunPreparation& preparation, const RunOutcome& outcome, RunReporter& reporter) {
  reporter.finish(outcome.counts);
  const std::string& path = preparation.archive_path;
  MachineNoteFile(path).remove();
  if (outcome.end != RunOutcome::End::fatal) {
    print_warnings(ArchiveReader(path));
  }
  switch (outcome.end) {
    case RunOutcome::End::fatal:
      break;  // the error itself is told by the caller
    case RunOutcome::End::stopped:
      fmt::print(stderr, "qbsweep: {}: stopped early; run the same command to resume\n", path);
      break;
    case RunOutcome::End::complete:
      reporter.tidy_log();
      remove_checkpoints(path, reporter.failed());
      CrashLog(path).keep_if(
          [&](std::int64_t point) { return reporter.failed().count(point) > 0; });
      if (reporter.failed().empty()) {
        fmt::print(stderr, "qbsweep: {}: complete\n", path);
      } else {
        fmt::print(stderr, "qbsweep: {}: complete, but {} point{} failed; {} says why\n", path,
                   reporter.failed().size(), reporter.failed().size() == 1 ? "" : "s",
                   reporter.log_path());
      }
      break;
  }
}

/// The queues of the stages, for as many groups as there will be. \return how many points they have
std::size_t make_queues(std::vector<StagePlan>& plans, int ranks, std::deque<PointQueue>& queues,
                        std::vector<Stage>& stages) {
  std::vector<int> stage_ranks;
  stage_ranks.reserve(plans.size());
  for (const StagePlan& plan : plans) {
    stage_ranks.push_back(plan.ranks);
  }
  const std::vector<int> groups = group_counts(ranks, stage_ranks);
  std::size_t points = 0;
  for (std::size_t s = 0; s < plans.size(); ++s) {
    points += plans[s].pending.size() + plans[s].suspects.size();
    stages[s].queue =
        &queues.emplace_back(std::move(plans[s].pending), groups[s], std::move(plans[s].suspects));
  }
  return points;
}

/// ", 2 are saved half done (15 % to 40 %)"
std::string saved_text(const std::vector<double>& fractions) {
  if (fractions.empty()) {
    return "";
  }
  const auto [least, most] = std::minmax_element(fractions.begin(), fractions.end());
  const std::string from = percent_text(*least);
  const std::string to = percent_text(*most);
  return fmt::format(", {} {} saved half done ({})", fractions.size(),
                     fractions.size() == 1 ? "is" : "are",
                     from == to ? from : fmt::format("{} to {}", from, to));
}

/// The first words of the master.
void announce(const RunPreparation& preparation, const std::optional<Shard>& shard,
              std::size_t to_compute, int ranks) {
  const std::string& path = preparation.archive_path;
  const std::string of_shard = of_shard_text(shard);
  if (preparation.resumed) {
    fmt::print(stderr, "qbsweep: {}: resumes: {} of {} points{} are done{}\n", path,
               preparation.done_before, preparation.points, of_shard,
               saved_text(preparation.saved_fractions));
  }
  fmt::print(stderr, "qbsweep: {}: {} of {} points{} to compute on {} rank{}\n", path, to_compute,
             preparation.points, of_shard, ranks, ranks == 1 ? "" : "s");
}

/// The run, with MPI up. Collective; what it throws, it throws on every rank.
ExitCode run_with_mpi(const RunOptions& options, const StopSignal& signal) {
  const Communicator comm(MPI_COMM_WORLD);
  const PetscSession petsc(options.petsc_options);
  const bool master = comm.rank() == master_rank;

  RunPreparation preparation = prepare_run(comm, options);
  const Sweep& sweep = *preparation.sweep;
  ArchiveWriter archive(comm.get(), preparation.archive_path, sweep);

  collectively(comm.get(), [] { reserve_blas_memory(); });
  std::deque<PointQueue> queues;  // on the master
  std::vector<Stage> stages;
  std::optional<RunReporter> reporter;
  collectively(comm.get(), [&] {
    stages.reserve(preparation.stages.size());
    for (const StagePlan& plan : preparation.stages) {
      stages.push_back({plan.ranks, nullptr});
    }
    if (!master) {
      return;
    }
    reporter.emplace(sweep, preparation.archive_path, preparation.done_before);
    settle_earlier_runs(preparation, archive, *reporter);
    const std::size_t points = make_queues(preparation.stages, comm.size(), queues, stages);
    announce(preparation, options.shard, points, comm.size());
  });

  const CrashNote crash_note(CrashLog(preparation.archive_path).path(), comm.rank());
  const CheckpointSettings checkpoints = {preparation.archive_path,
                                          state_meaning(preparation.fingerprint, options),
                                          options.seconds_between_checkpoints};
  const EarlierStarts earlier = {preparation.attempts, preparation.saved};
  SweepWorker worker(sweep, options.method, checkpoints, earlier, archive, signal);
  const RunOutcome outcome = run_points(
      comm, stages,
      [&worker](const Communicator& group, std::span<const std::int64_t> points) {
        return worker(group, points);
      },
      signal,
      [&reporter](const PointCounts& counts, std::span<const PointFailure> failures) {
        reporter->report(counts, failures);
      });

  if (outcome.end != RunOutcome::End::fatal) {
    collectively(comm.get(), [&archive] { archive.close(); });
  }
  bool some_failed = false;
  collectively(comm.get(), [&] {
    if (master) {
      conclude(preparation, outcome, *reporter);
      if (worker.has_computed()) {
        PetscSession::warn_of_unused_options();
      }
      some_failed = !reporter->failed().empty();
    }
  });
  broadcast(comm.get(), master_rank, "agree on the exit code", some_failed);
  if (outcome.end == RunOutcome::End::fatal) {
    throw EnvironmentError(outcome.fatal);
  }
  return exit_code(outcome, some_failed);
}

}  // namespace

ExitCode run_sweep(const RunOptions& options) {
  std::optional<TimeLimit> limit;
  if (options.seconds_until_limit) {
    limit.emplace(*options.seconds_until_limit);
  }
  const StopSignal signal(limit);  // a signal that comes while MPI starts is not the end of the job
  const MpiSession mpi;
  try {
    return run_with_mpi(options, signal);
  } catch (...) {
    // While MPI is up, for once a rank has ended with an error mpirun ends the others.
    return report_exception();
  }
}

}  // namespace qbsweep
