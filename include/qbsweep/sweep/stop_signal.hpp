#pragma once
/// \file
/// Being asked to stop, by a signal.

#include <signal.h>

#include <array>

namespace qbsweep {

/// Counts SIGINT, SIGTERM and SIGUSR1 from construction to destruction, which puts back what these
/// signals did before. The first one means: start nothing more and finish what is under way. From
/// the second on: give up what is under way too; its points stay pending.
///
/// One object at a time in a process.
class StopSignal {
 public:
  /// \throws std::logic_error if there is one already, EnvironmentError if a handler is refused
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  StopSignal(StopSignal&&) = delete;
  StopSignal& operator=(StopSignal&&) = delete;

  /// How many of the signals came so far. Cheap, and callable from every thread.
  [[nodiscard]] int count() const noexcept;

  /// Whether nothing more should be started.
  [[nodiscard]] bool stop() const noexcept { return count() > 0; }

  /// Whether what is under way should be given up.
  [[nodiscard]] bool abandon() const noexcept { return count() > 1; }

 private:
  static constexpr std::array<int, 3> signals = {SIGINT, SIGTERM, SIGUSR1};
  std::array<struct sigaction, signals.size()> previous_{};
};

}  // namespace qbsweep
