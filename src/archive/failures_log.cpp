#include "qbsweep/archive/failures_log.hpp"

#include <map>

#include "json_lines.hpp"
#include "posix_file.hpp"

namespace qbsweep {

FailuresLog::FailuresLog(const std::string& archive_path)
    : path_(archive_path + ".failures.jsonl") {}

void FailuresLog::append(std::int64_t point, const std::string& where, const std::string& message) {
  const nlohmann::json entry = {
      {"point", point}, {"where", where}, {"message", message}, {"time", utc_now()}};
  append_line(path_, entry.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

void FailuresLog::keep_only(const std::set<std::int64_t>& still_failed) {
  std::map<std::int64_t, std::string> latest;
  for_each_json_line(path_, [&](const nlohmann::json& entry, const std::string& line) {
    if (const auto point = whole_number(entry, "point"); point && still_failed.count(*point) > 0) {
      latest[*point] = line + "\n";
    }
  });
  std::string kept;
  for (const auto& [point, line] : latest) {
    kept += line;
  }
  if (kept.empty()) {
    remove_if_there(path_);
  } else {
    replace_file(path_, kept);
  }
}

}  // namespace qbsweep
