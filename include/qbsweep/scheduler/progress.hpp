#pragma once
/// \file
/// Telling how far a sweep is while it runs.

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

#include "qbsweep/scheduler/point_queue.hpp"

namespace qbsweep {

/// "412/1000 points done, 2 failed, 3.4/s, 12 min 05 s left", as one line that is rewritten in
/// place on a terminal, or as a plain line now and then: the first after 5 s, then every 30 s.
///
/// The time left goes by estimated costs: finished against left, and the time it took. Not for
/// several threads at once.
class ProgressLine {
 public:
  using Clock = std::chrono::steady_clock;

  /// The time starts to run now.
  /// \param out          where the lines go; must outlive this
  /// \param terminal     whether a person sees `out` on a terminal
  /// \param done_before  points of the sweep that earlier runs did; they count as done, not as
  ///                     speed
  /// \param now          the clock; tests have their own
  ProgressLine(std::ostream& out, bool terminal, std::int64_t done_before = 0,
               std::function<Clock::time_point()> now = Clock::now);

  /// Shows `counts` if the last line is old enough.
  void update(const PointCounts& counts);

  /// Shows `counts` and the time it all took, on a line that stays.
  void finish(const PointCounts& counts);

 private:
  [[nodiscard]] double seconds() const;  // since the start
  [[nodiscard]] std::string points_text(const PointCounts& counts) const;

  std::ostream& out_;
  bool terminal_;
  std::int64_t done_before_;
  std::function<Clock::time_point()> now_;
  Clock::time_point start_;
  double next_line_;  // in seconds since the start
};

/// "3.4/s", "12/min", "1.5/h": `per_second` in the unit that makes it at least 1, if there is one.
[[nodiscard]] std::string rate_text(double per_second);

/// Whether what this process writes to standard error reaches a terminal. Under mpirun that is a
/// pipe, and what counts is where mpirun's own standard error goes.
[[nodiscard]] bool stderr_reaches_terminal();

}  // namespace qbsweep
