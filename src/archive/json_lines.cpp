#include "json_lines.hpp"

#include <cerrno>
#include <fstream>

#include "posix_file.hpp"

namespace qbsweep {

void for_each_json_line(
    const std::string& path,
    const std::function<void(const nlohmann::json& entry, const std::string& line)>& visit) {
  std::ifstream file(path);
  if (!file && ::access(path.c_str(), F_OK) == 0) {
    fail_system("read", path, errno);
  }
  for (std::string line; std::getline(file, line);) {
    const auto entry = nlohmann::json::parse(line, nullptr, false);
    if (entry.is_object()) {
      visit(entry, line);
    }
  }
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
