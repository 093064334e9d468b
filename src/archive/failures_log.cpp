#include "qbsweep/archive/failures_log.hpp"

#include "json_lines.hpp"
#include "posix_file.hpp"

namespace qbsweep {

FailuresLog::FailuresLog(const std::string& archive_path)
    : path_(archive_path + ".failures.jsonl") {}

void FailuresLog::append(std::int64_t point, const std::string& where, const std::string& message) {
  const nlohmann::json entry = {
      {"point", point}, {"where", where}, {"message", message}, {"time", utc_now()}};
  append_line(path_,
              with_checksum(entry.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
}

std::map<std::int64_t, std::string> FailuresLog::lines() const {
  std::map<std::int64_t, std::string> latest;
  for_each_json_line(path_, [&](const nlohmann::json& entry, const std::string& line) {
    if (const auto point = whole_number(entry, "point")) {
      latest[*point] = line;
    }
  });
  return latest;
}

void FailuresLog::replace(const std::map<std::int64_t, std::string>& lines) {
  std::string text;
  for (const auto& [point, line] : lines) {
    text += line + "\n";
  }
  if (text.empty()) {
    remove_if_there(path_);
  } else {
    replace_file(path_, text);
  }
}

void FailuresLog::keep_only(const std::set<std::int64_t>& still_failed) {
  auto kept = lines();
  std::erase_if(kept, [&](const auto& entry) { return still_failed.count(entry.first) == 0; });
  replace(kept);
}

}  // namespace qbsweep
