#pragma once
/// \file
/// The exceptions of qbsweep and the exit codes they end in. Every message is one line that says
/// what was found, what is accepted, and where.

#include <stdexcept>
#include <string>

namespace qbsweep {

/// Exit codes of the program. They are part of its contract: job scripts act on them.
enum class ExitCode : int {
  complete = 0,            ///< every point is done
  bad_input = 1,           ///< a sweep file, an archive or a command line that is not acceptable
  environment = 2,         ///< the machine failed: I/O, memory, a library
  some_points_failed = 3,  ///< the sweep is complete, but some of its points failed
  stopped_early = 75       ///< stopped by a signal or a time limit; run again to continue
};

/// Something the user gave is not acceptable (exit code 1).
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The machine did not do what it was asked: a file that cannot be written, a full disk (exit code
/// 2).
class EnvironmentError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A call of PETSc, HDF5 or MPI returned an error (exit code 2, or one failed point when it
/// happened while a point was computed).
class LibraryError : public EnvironmentError {
 public:
  /// \param library  "PETSc", "HDF5" or "MPI"
  /// \param code     the code the library returned
  /// \param doing    what was being done, as in "cannot <doing>"
  /// \param text     the library's own words
  LibraryError(const std::string& library, int code, const std::string& doing,
               const std::string& text);

  /// The library.
  [[nodiscard]] const std::string& source() const noexcept { return library_; }
  [[nodiscard]] int code() const noexcept { return code_; }

 private:
  std::string library_;
  int code_;
};

/// `text` with line breaks and runs of blanks folded into single spaces: messages are one line.
[[nodiscard]] std::string one_line(const std::string& text);

}  // namespace qbsweep
