#pragma once
/// \file
/// What a process notes of itself when a signal ends it.

#include <signal.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>

namespace qbsweep {

/// From construction to destruction: dying of SIGSEGV, SIGBUS, SIGFPE, SIGILL or SIGABRT (also
/// std::terminate and failed assertions) this process adds a line to a file, as in
///
///     {"point":17,"rank":3,"host":"n1","signal":"SIGSEGV","time":1715934600}
///
/// where time is in seconds since 1970 and the point is null while none is computed. Then the
/// signal does what it would have done without. SIGKILL leaves no note. Only what POSIX allows in
/// a signal handler is done in there; an overflow of the stack is noted too, on the thread that
/// made this object.
///
/// One object at a time in a process.
class CrashNote {
 public:
  /// Touches no file yet.
  /// \param path  absolute, or relative to a folder that the process does not leave
  /// \throws std::logic_error if there is one already, EnvironmentError if a handler is refused
  CrashNote(const std::string& path, int rank);
  ~CrashNote();
  CrashNote(const CrashNote&) = delete;
  CrashNote& operator=(const CrashNote&) = delete;

  /// While it lives, `point` is what this process computes. One at a time.
  class Computing {
   public:
    explicit Computing(std::int64_t point) noexcept;
    ~Computing();
    Computing(const Computing&) = delete;
    Computing& operator=(const Computing&) = delete;
  };

  static constexpr std::array<int, 5> signals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

 private:
  std::unique_ptr<char[]> stack_;
  stack_t previous_stack_{};
};

}  // namespace qbsweep
