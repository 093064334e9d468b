#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "qbsweep/app/commands.hpp"
#include "qbsweep/archive/archive.hpp"
#include "qbsweep/archive/run_record.hpp"
#include "qbsweep/scheduler/point_estimates.hpp"
#include "qbsweep/scheduler/progress.hpp"
#include "qbsweep/scheduler/saved_work.hpp"
#include "qbsweep/scheduler/stop_signal.hpp"
#include "qbsweep/scheduler/time_left.hpp"
#include "qbsweep/support/duration.hpp"
#include "warnings.hpp"

namespace qbsweep {
namespace {

constexpr std::size_t shown_points = 10;

/// Of more points than this, so many are estimated that were drawn at random: an answer takes no
/// longer for a larger archive.
constexpr std::size_t estimated_points = 5000;

/// What the slots of an archive say, at one moment.
struct Slots {
  /// \param own  whether each point is looked at: those of the shard
  Slots(const ArchiveReader& archive, const std::vector<bool>& own,
        std::map<std::int64_t, SavedWork> checkpoints)
      : status(archive.status()),
        attempts(archive.attempts()),
        progress(archive.progress()),
        wall_seconds(archive.wall_seconds()),
        saved(std::move(checkpoints)) {
    for (std::size_t point = 0; point < status.size(); ++point) {
      if (!own[point]) {
        continue;
      }
      switch (status[point]) {
        case SlotStatus::done:
          done.push_back(static_cast<std::int64_t>(point));
          seconds_spent += std::isnan(wall_seconds[point]) ? 0.0 : wall_seconds[point];
          break;
        case SlotStatus::failed:
          ++failed;
          break;
        case SlotStatus::pending:
          pending.push_back(static_cast<std::int64_t>(point));
          break;
      }
    }
  }

  std::vector<SlotStatus> status;
  std::vector<std::int32_t> attempts;
  std::vector<double> progress;
  std::vector<double> wall_seconds;
  std::map<std::int64_t, SavedWork> saved;
  std::vector<std::int64_t> done;
  std::vector<std::int64_t> pending;
  std::int64_t failed = 0;
  double seconds_spent = 0;  // on the points that are done
};

/// The sum of `seconds_of` over all points, from a part of them if they are many.
template <typename SecondsOf>
double sum_over(const std::vector<std::int64_t>& points, const SecondsOf& seconds_of) {
  std::vector<std::int64_t> drawn;
  std::mt19937 same_every_time;  // NOLINT(cert-msc51-cpp): so that the answer does not jump
  std::sample(points.begin(), points.end(), std::back_inserter(drawn), estimated_points,
              same_every_time);
  double sum = 0;
  for (const std::int64_t point : drawn) {
    sum += seconds_of(point);
  }
  return drawn.empty()
             ? 0.0
             : sum * static_cast<double>(points.size()) / static_cast<double>(drawn.size());
}

/// What is done of a point, if it counts: of a run that died what was saved.
std::optional<SavedWork> work_done(const Slots& slots, std::int64_t point, bool alive) {
  const auto slot = static_cast<std::size_t>(point);
  const SavedWork under_way = {slots.progress[slot], slots.wall_seconds[slot]};
  if (alive && slots.attempts[slot] > 0 && under_way.fraction > 0 && under_way.seconds > 0) {
    return under_way;
  }
  const auto saved = slots.saved.find(point);
  return saved != slots.saved.end() && saved->second.fraction > 0 ? std::optional(saved->second)
                                                                  : std::nullopt;
}

/// What was spent and what is left.
struct Times {
  double spent = 0;  // seconds of one core, on what is done and not lost
  TimeLeft left;
};

Times times_of(const Sweep& sweep, const Slots& slots, bool alive) {
  const auto estimate = [&](std::int64_t point) { return estimate_point(sweep, point).seconds; };
  Times times;
  times.spent = slots.seconds_spent;
  times.left.add_done(sum_over(slots.done, estimate), slots.seconds_spent);
  std::vector<std::int64_t> waiting;
  for (const std::int64_t point : slots.pending) {
    if (const auto work = work_done(slots, point, alive)) {
      times.left.add_begun({estimate(point), work->fraction, work->seconds});
      times.spent += work->seconds;
    } else {
      waiting.push_back(point);
    }
  }
  double largest = 0;
  const double sum = sum_over(waiting, [&](std::int64_t point) {
    const double seconds = estimate(point);
    largest = std::max(largest, seconds);
    return seconds;
  });
  times.left.add_waiting(sum, largest);
  return times;
}

/// How many points are computed at once.
double points_at_once(const Sweep& sweep, int ranks) {
  // As many as `auto` likes at the moment is not known.
  const double together = std::max<double>(static_cast<double>(sweep.ranks_per_point()), 1.0);
  return std::max(static_cast<double>(ranks) / together, 1.0);
}

double seconds_since(std::int64_t time) {
  return std::max(std::difftime(std::time(nullptr), time), 1.0);
}

std::string run_text(const std::optional<SightedRun>& run) {
  if (!run) {
    return "no run is writing it";
  }
  const RunRecord& record = run->record;
  if (!run->alive) {
    return fmt::format("the run that wrote it died: {}, last sign of life {} ago", describe(record),
                       duration_text(run->silent_seconds));
  }
  return fmt::format("{} rank{} of {}, {} ago", record.ranks, record.ranks == 1 ? "" : "s",
                     describe(record), duration_text(seconds_since(record.started)));
}

/// Lines of a list that may be long.
class ShownPoints {
 public:
  void add(const std::string& line) {
    if (lines_.size() < shown_points) {
      lines_.push_back(line);
    } else {
      ++more_;
    }
  }
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> all = lines_;
    if (more_ > 0) {
      all.push_back(fmt::format("... and {} more", more_));
    }
    return all;
  }

 private:
  std::vector<std::string> lines_;
  std::size_t more_ = 0;
};

/// The points that were started and are neither done nor failed, and those that are saved and wait.
struct OpenPoints {
  OpenPoints(const Sweep& sweep, const Slots& slots, bool alive) {
    for (const std::int64_t point : slots.pending) {
      const auto slot = static_cast<std::size_t>(point);
      const auto found = slots.saved.find(point);
      const double kept = found != slots.saved.end() ? found->second.fraction : 0.0;
      if (slots.attempts[slot] > 0) {
        const double progress = slots.progress[slot];
        std::string line = sweep.describe(point);
        line += std::isnan(progress) ? "" : ": " + percent_text(progress);
        // What a run that died had not saved is lost.
        if (!alive && kept > 0) {
          line += ", saved at " + percent_text(kept);
        } else if (!alive && !std::isnan(progress)) {
          line += ", not saved";
        }
        begun.add(line);
      } else if (kept > 0) {
        saved.add(fmt::format("{}: {}", sweep.describe(point), percent_text(kept)));
      }
    }
  }

  ShownPoints begun;
  ShownPoints saved;
};

struct StatusReport {
  std::string text;
  bool alive = false;  // whether a run writes the archive
};

StatusReport report_on(const std::string& archive_path) {
  // The run first: one that ends meanwhile is told of, but not that points of a complete archive
  // are pending and nobody works on them.
  const std::optional<SightedRun> run = look_for_run(archive_path);
  const ArchiveReader archive(archive_path);
  const Sweep& sweep = archive.sweep();
  const Slots slots(archive, shard_points(sweep, archive.shard()),
                    saved_work(archive_path, archive.fingerprint()));
  const auto done = static_cast<std::int64_t>(slots.done.size());
  const bool alive = run && run->alive;

  const std::int64_t points = done + slots.failed + static_cast<std::int64_t>(slots.pending.size());
  std::string text =
      fmt::format("{}: {} of {} points{} done, {} failed, {} pending\n", archive_path, done, points,
                  of_shard_text(archive.shard()), slots.failed, slots.pending.size());
  const auto add = [&text](const char* what, const std::string& line) {
    text += fmt::format("{:<12}{}\n", what, line);
  };
  add("run", run_text(run));
  const auto add_all = [&](const char* what, const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
      add(std::exchange(what, ""), line);
    }
  };
  const OpenPoints open(sweep, slots, alive);
  add_all(alive ? "under way" : "begun", open.begun.lines());
  add_all("saved", open.saved.lines());
  if (alive && run->record.done_before) {
    const auto finished = static_cast<double>(done + slots.failed - *run->record.done_before);
    add("rate", rate_text(std::max(finished, 0.0) / seconds_since(run->record.started)));
  }
  const Times times = times_of(sweep, slots, alive);
  add("time spent", duration_text(times.spent) + " of one core");
  if (!slots.pending.empty()) {
    add("time left", alive
                         ? about_text(times.left.seconds(points_at_once(sweep, run->record.ranks)))
                         : about_text(times.left.core_seconds()) + " of one core");
  }
  if (slots.failed > 0) {
    add("failures",
        fmt::format("{}.failures.jsonl says why; run the sweep again to retry them", archive_path));
  }
  add_all("warnings", warnings_of(archive));
  return {text, alive};
}

}  // namespace

void print_status(const std::string& archive_path) {
  fmt::print("{}", report_on(archive_path).text);
}

void watch_status(const std::string& archive_path, double seconds) {
  using Clock = std::chrono::steady_clock;
  const StopSignal signal;
  const bool terminal = ::isatty(STDOUT_FILENO) != 0;
  constexpr const char* clear_screen = "\033[H\033[2J";
  for (const char* between = ""; !signal.stop(); between = "\n") {
    const StatusReport report = report_on(archive_path);
    fmt::print("{}{}", terminal ? clear_screen : between, report.text);
    if (!report.alive || std::fflush(stdout) != 0) {
      return;
    }
    const auto next = Clock::now() + std::chrono::duration<double>(seconds);
    while (!signal.stop() && Clock::now() < next) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
}

}  // namespace qbsweep
