#pragma once
/// \file
/// Why points failed: OUT.h5.failures.jsonl beside an archive, one JSON object a line,
/// {"message": ..., "point": 17, "time": "2024-05-17T08:30:00Z", "where": "N=4, noise=all",
/// "checksum": ...}. Lines that are damaged are left out.

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace qbsweep {

/// The log of one archive. One process at a time appends to it. A line that a kill cut off is
/// skipped when the log is read and costs no other line.
class FailuresLog {
 public:
  /// Touches no file yet.
  explicit FailuresLog(const std::string& archive_path);

  [[nodiscard]] const std::string& path() const { return path_; }

  /// Adds a line, in one write. Bytes that are no UTF-8 are replaced.
  /// \param where as Sweep::describe gives it
  /// \throws EnvironmentError if it cannot be written as a whole
  void append(std::int64_t point, const std::string& where, const std::string& message);

  /// The last line of each point, without its end. \throws EnvironmentError if it cannot be read
  [[nodiscard]] std::map<std::int64_t, std::string> lines() const;

  /// Makes these lines all there are. \throws EnvironmentError
  void replace(const std::map<std::int64_t, std::string>& lines);

  /// Keeps the last line of each of these points and drops everything else; without any line left
  /// the file is removed. The file is replaced as a whole, under its name. \throws EnvironmentError
  void keep_only(const std::set<std::int64_t>& still_failed);

 private:
  std::string path_;
};

}  // namespace qbsweep
