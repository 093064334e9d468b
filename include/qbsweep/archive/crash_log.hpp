#pragma once
/// \file
/// The notes that ranks left when signals ended them: OUT.h5.crashes.jsonl beside an archive, a
/// line for each as support/crash_note.hpp writes it.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace qbsweep {

/// A rank that died while it computed a point.
struct Crash {
  std::string signal;  ///< "SIGSEGV"
  std::string host;
  std::int64_t rank = 0;
  bool operator==(const Crash&) const = default;
};

/// The notes of one archive.
class CrashLog {
 public:
  /// Touches no file yet.
  explicit CrashLog(const std::string& archive_path);

  /// Where CrashNote is to write.
  [[nodiscard]] const std::string& path() const { return path_; }

  /// The crashes of each point that has any, the earliest first. A line that is cut off is passed
  /// over. \throws EnvironmentError
  [[nodiscard]] std::map<std::int64_t, std::vector<Crash>> read() const;

  /// Drops the notes of all other points, and those without a point; without any left the file is
  /// removed. \throws EnvironmentError
  void keep_if(const std::function<bool(std::int64_t point)>& wanted);

 private:
  std::string path_;
};

}  // namespace qbsweep
