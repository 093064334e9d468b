#include "json_lines.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>

#include "posix_file.hpp"
#include "qbsweep/support/checksum.hpp"

namespace qbsweep {

namespace {

constexpr std::string_view checksum_member = ",\"checksum\":";

}  // namespace

std::string with_checksum(const std::string& object) {
  const std::string_view before(object.data(), object.size() - 1);  // all but the brace
  return fmt::format("{}{}{}}}", before, checksum_member, text_checksum(before));
}

bool has_right_checksum(std::string_view line) {
  while (!line.empty() && line.back() == '\n') {
    line.remove_suffix(1);
  }
  const auto at = line.rfind(checksum_member);
  if (at == std::string_view::npos) {
    return true;
  }
  return line.substr(at + checksum_member.size()) ==
         fmt::format("{}}}", text_checksum(line.substr(0, at)));
}

std::vector<std::int64_t> for_each_json_line(
    const std::string& path,
    const std::function<void(const nlohmann::json& entry, const std::string& line)>& visit) {
  std::ifstream file(path);
  if (!file && ::access(path.c_str(), F_OK) == 0) {
    fail_system("read", path, errno);
  }
  std::vector<std::int64_t> damaged;
  std::int64_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    const auto entry = nlohmann::json::parse(line, nullptr, false);
    if (entry.is_object() && has_right_checksum(line)) {
      visit(entry, line);
    } else {
      damaged.push_back(number);
    }
  }
  return damaged;
}

std::optional<std::int64_t> whole_number(const nlohmann::json& entry, const char* name) {
  const auto found = entry.find(name);
  if (found == entry.end() || !found->is_number_integer()) {
    return std::nullopt;
  }
  return found->get<std::int64_t>();
}

std::string text_of(const nlohmann::json& entry, const char* name) {
  const auto found = entry.find(name);
  return found == entry.end() || !found->is_string() ? "" : found->get<std::string>();
}

}  // namespace qbsweep
