#pragma once
/// \file
/// Being asked to stop, by a signal or by the clock.

#include <signal.h>

#include <array>
#include <chrono>
#include <optional>

namespace qbsweep {

/// When a job ends whatever it is doing.
struct TimeLimit {
  using Clock = std::chrono::steady_clock;
  Clock::time_point end;

  /// What is kept free before the end: for the last results, for closing the archive, for clocks
  /// that differ. A twentieth of the time there is now, 2 s to a minute.
  explicit TimeLimit(double seconds_from_now);
  [[nodiscard]] double seconds_left() const;  ///< before that margin begins
  double margin = 0.0;                        ///< in seconds
};

/// Counts SIGINT, SIGTERM and SIGUSR1 from construction to destruction, which puts back what these
/// signals did before. The first one means: start nothing more, and finish or save what is under
/// way. From the second on: give up what is under way too; its points stay pending. So does a time
/// limit that has come, first its margin and then, halfway through that, the rest.
///
/// One object at a time in a process.
class StopSignal {
 public:
  /// \throws std::logic_error if there is one already, EnvironmentError if a handler is refused
  explicit StopSignal(const std::optional<TimeLimit>& limit = std::nullopt);
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  StopSignal(StopSignal&&) = delete;
  StopSignal& operator=(StopSignal&&) = delete;

  /// How many of the signals came so far. Cheap, and callable from every thread.
  [[nodiscard]] int count() const noexcept;

  /// Whether nothing more should be started.
  [[nodiscard]] bool stop() const noexcept { return count() > 0 || seconds_left() <= 0; }

  /// Whether what is under way should be given up.
  [[nodiscard]] bool abandon() const noexcept;

  /// Until the time limit ends the work; infinity without one.
  [[nodiscard]] double seconds_left() const noexcept;

 private:
  std::optional<TimeLimit> limit_;
  static constexpr std::array<int, 3> signals = {SIGINT, SIGTERM, SIGUSR1};
  std::array<struct sigaction, signals.size()> previous_{};
};

}  // namespace qbsweep
