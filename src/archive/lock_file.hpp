#pragma once
/// \file
/// The file OUT.h5.lock as it is found.

#include <sys/stat.h>

#include <optional>
#include <string>

#include "qbsweep/archive/run_record.hpp"

namespace qbsweep {

/// A run that gives no sign of life for so many of its beats is dead.
inline constexpr int beats_until_dead = 3;

/// The interval of a run's beats in seconds; within reason, whatever its record says.
[[nodiscard]] double beat_of(const RunRecord& run);

/// The file at one moment.
struct SeenLockFile {
  struct stat stat = {};
  std::string text;
  std::optional<RunRecord> record;  ///< none if it holds none, or it is just being written
};

/// Opens the file anew, which is when network file systems look at the server's. Nothing if it is
/// not there. \throws EnvironmentError
[[nodiscard]] std::optional<SeenLockFile> read_lock_file(const std::string& path);

/// Whether anything happened to the file in between: a beat, another record, another file.
[[nodiscard]] bool has_moved(const SeenLockFile& before, const SeenLockFile& after);

}  // namespace qbsweep
