#include "warnings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <string_view>

#include "qbsweep/scheduler/point_estimates.hpp"
#include "qbsweep/spectrum/steady_state.hpp"

namespace qbsweep {
namespace {

constexpr std::string_view window_end = "_at_window_end";

/// A number that should not be above its limit.
struct Limit {
  const char* dataset;
  std::function<double(std::int64_t point)> limit;
  std::string name;    ///< of the limit
  const char* advice;  ///< or what follows from it
};

std::vector<Limit> limits_of(const Sweep& sweep) {
  std::vector<Limit> limits;
  const auto add = [&](const char* dataset, double limit, const std::string& name,
                       const char* advice) {
    limits.push_back({dataset, [limit](std::int64_t) { return limit; }, name, advice});
  };
  const char* const more_levels = "fock_dim: auto or more levels keep it below";
  if (sweep.charging()) {
    const double tolerance = sweep.charging()->tolerance;
    add("truncation_error", tolerance, fmt::format("charging.tolerance ({:g})", tolerance),
        more_levels);
  }
  if (sweep.steady_state()) {
    const double tolerance = sweep.steady_state()->tolerance;
    add("steady_error", tolerance, fmt::format("steady_state.tolerance ({:g})", tolerance),
        "another steady_state.method may do better");
    limits.push_back({"steady_truncation_error",
                      [&sweep](std::int64_t point) {
                        const SweepPoint there = sweep.point(point);
                        return steady_truncation_tolerance(there.battery,
                                                           steady_settings(sweep, there));
                      },
                      "what `auto` levels allow", more_levels});
    add("steady_multiplicity", 1, "1",
        "the battery can come to rest in several states; energies are NaN where charging runs can "
        "end in "
        "more than one");
  }
  return limits;
}

/// The columns that are looked at, and the points that count.
class DonePoints {
 public:
  explicit DonePoints(const ArchiveReader& archive)
      : sweep_(archive.sweep()), status_(archive.status()) {
    const std::vector<Limit> limits = limits_of(sweep_);
    const auto wanted = [&](std::string_view dataset) {
      return dataset.ends_with(window_end) ||
             std::any_of(limits.begin(), limits.end(),
                         [&](const Limit& limit) { return limit.dataset == dataset; });
    };
    for (const ArchiveReader::Column& column : archive.scalar_columns(wanted)) {
      if (const auto end = column.name.find(window_end); end != std::string::npos) {
        add_window_end(column.name.substr(0, end), column);
      } else {
        const auto limit = std::find_if(limits.begin(), limits.end(), [&](const Limit& one) {
          return one.dataset == column.name;
        });
        compare(*limit, column);
      }
    }
    warn_of_window_ends();
  }

  [[nodiscard]] std::vector<std::string>& lines() { return lines_; }

 private:
  [[nodiscard]] bool done(std::size_t point) const { return status_[point] == SlotStatus::done; }

  /// "at 3 of 60 points"
  [[nodiscard]] std::string at_points(std::int64_t count) const {
    return sweep_.size() == 1 ? "at the only point"
                              : fmt::format("at {} of {} points", count, sweep_.size());
  }

  void compare(const Limit& limit, const ArchiveReader::Column& column) {
    std::int64_t count = 0;
    std::size_t worst = 0;
    for (std::size_t point = 0; point < status_.size(); ++point) {
      // What is not there is NaN, and not above anything.
      if (done(point) && column.values[point] > limit.limit(static_cast<std::int64_t>(point))) {
        worst = count++ == 0 || column.values[point] > column.values[worst] ? point : worst;
      }
    }
    if (count > 0) {
      const std::string value = column.integer ? fmt::format("{:.0f}", column.values[worst])
                                               : fmt::format("{:.2g}", column.values[worst]);
      lines_.push_back(fmt::format("{} is above {} {}, {}: {}", column.name, limit.name,
                                   at_points(count), largest_text(value, worst), limit.advice));
    }
  }

  [[nodiscard]] std::string largest_text(const std::string& value, std::size_t point) const {
    return sweep_.size() == 1 ? value
                              : fmt::format("the largest {} at {}", value,
                                            sweep_.describe(static_cast<std::int64_t>(point)));
  }

  void add_window_end(const std::string& time, const ArchiveReader::Column& column) {
    for (std::size_t point = 0; point < status_.size(); ++point) {
      if (done(point) && column.values[point] > 0) {
        cut_off_[time].push_back(static_cast<std::int64_t>(point));
      }
    }
  }

  void warn_of_window_ends() {
    std::map<std::int64_t, std::size_t> maxima;  // of each point
    std::vector<std::string> times;
    for (auto& [time, points] : cut_off_) {
      // Once, whatever number of ergotropy definitions says so.
      std::sort(points.begin(), points.end());
      points.erase(std::unique(points.begin(), points.end()), points.end());
      times.push_back(time);
      for (const std::int64_t point : points) {
        ++maxima[point];
      }
    }
    if (maxima.empty()) {
      return;
    }
    const auto worst =
        std::max_element(maxima.begin(), maxima.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    lines_.push_back(fmt::format(
        "{} {} the end of the window {}{}: a longer charging.t_max may show larger maxima",
        fmt::join(times, ", "), times.size() == 1 ? "is" : "are",
        at_points(static_cast<std::int64_t>(maxima.size())),
        sweep_.size() == 1 ? "" : ", as at " + sweep_.describe(worst->first)));
  }

  const Sweep& sweep_;
  std::vector<SlotStatus> status_;
  std::map<std::string, std::vector<std::int64_t>> cut_off_;  // points by what lies at the end
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> warnings_of(const ArchiveReader& archive) {
  return std::move(DonePoints(archive).lines());
}

void print_warnings(const ArchiveReader& archive) {
  for (const std::string& line : warnings_of(archive)) {
    fmt::print(stderr, "qbsweep: warning: {}\n", line);
  }
}

}  // namespace qbsweep
