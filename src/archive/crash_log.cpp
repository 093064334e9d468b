#include "qbsweep/archive/crash_log.hpp"

#include "json_lines.hpp"
#include "posix_file.hpp"

namespace qbsweep {

CrashLog::CrashLog(const std::string& archive_path) : path_(archive_path + ".crashes.jsonl") {}

std::map<std::int64_t, std::vector<Crash>> CrashLog::read() const {
  std::map<std::int64_t, std::vector<Crash>> crashes;
  for_each_json_line(path_, [&](const nlohmann::json& entry, const std::string&) {
    if (const auto point = whole_number(entry, "point")) {
      crashes[*point].push_back({text_of(entry, "signal"), text_of(entry, "host"),
                                 whole_number(entry, "rank").value_or(0)});
    }
  });
  return crashes;
}

void CrashLog::keep_if(const std::function<bool(std::int64_t point)>& wanted) {
  std::string kept;
  for_each_json_line(path_, [&](const nlohmann::json& entry, const std::string& line) {
    if (const auto point = whole_number(entry, "point"); point && wanted(*point)) {
      kept += line + "\n";
    }
  });
  if (kept.empty()) {
    remove_if_there(path_);
  } else {
    replace_file(path_, kept);
  }
}

}  // namespace qbsweep
