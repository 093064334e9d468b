#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <iterator>
#include <optional>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "point_estimates.hpp"
#include "qbsweep/archive/archive.hpp"
#include "qbsweep/archive/run_record.hpp"
#include "qbsweep/commands/commands.hpp"
#include "qbsweep/support/duration.hpp"
#include "qbsweep/sweep/progress.hpp"
#include "qbsweep/sweep/stop_signal.hpp"

namespace qbsweep {
namespace {

constexpr std::size_t shown_points = 10;

/// Of more points than this, so many are estimated that were drawn at random: an answer takes no
/// longer for a larger archive.
constexpr std::size_t estimated_points = 5000;

/// What the slots of an archive say, at one moment.
struct Slots {
  /// \param own  whether each point is looked at: those of the shard
  Slots(const ArchiveReader& archive, const std::vector<bool>& own)
      : status(archive.status()),
        attempts(archive.attempts()),
        progress(archive.progress()),
        wall_seconds(archive.wall_seconds()) {
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

/// Seconds of one core that the pending points will take: their estimates, scaled by what those of
/// the points that are done were worth.
double core_seconds_left(const Sweep& sweep, const Slots& slots) {
  const auto estimate = [&](std::int64_t point) { return estimate_point(sweep, point).seconds; };
  const double estimated_done = sum_over(slots.done, estimate);
  const double slowness = estimated_done > 0 ? slots.seconds_spent / estimated_done : 1.0;
  return slowness * sum_over(slots.pending, [&](std::int64_t point) {
           const double progress = slots.progress[static_cast<std::size_t>(point)];
           return estimate(point) * (std::isnan(progress) ? 1.0 : 1.0 - progress);
         });
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

/// The points that were started and are neither done nor failed, a line each.
std::vector<std::string> points_under_way(const Sweep& sweep, const Slots& slots) {
  std::vector<std::string> lines;
  std::size_t more = 0;
  for (const std::int64_t point : slots.pending) {
    const auto slot = static_cast<std::size_t>(point);
    if (slots.attempts[slot] == 0) {
      continue;
    }
    if (lines.size() == shown_points) {
      ++more;
      continue;
    }
    const double progress = slots.progress[slot];
    lines.push_back(sweep.describe(point) +
                    (std::isnan(progress) ? "" : fmt::format(": {:.0f} %", 100 * progress)));
  }
  if (more > 0) {
    lines.push_back(fmt::format("... and {} more", more));
  }
  return lines;
}

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
  const Slots slots(archive, shard_points(sweep, archive.shard()));
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
  const char* under_way = alive ? "under way" : "begun";
  for (const std::string& line : points_under_way(sweep, slots)) {
    add(std::exchange(under_way, ""), line);
  }
  if (alive && run->record.done_before) {
    const auto finished = static_cast<double>(done + slots.failed - *run->record.done_before);
    add("rate", rate_text(std::max(finished, 0.0) / seconds_since(run->record.started)));
  }
  add("time spent", duration_text(slots.seconds_spent) + " of one core");
  if (!slots.pending.empty()) {
    const double left = core_seconds_left(sweep, slots);
    add("time left",
        alive ? fmt::format("about {}", duration_text(left / std::max(run->record.ranks, 1)))
              : fmt::format("about {} of one core", duration_text(left)));
  }
  if (slots.failed > 0) {
    add("failures",
        fmt::format("{}.failures.jsonl says why; run the sweep again to retry them", archive_path));
  }
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
