#include "qbsweep/archive/damaged_notes.hpp"

#include <fmt/format.h>

#include "file_seal.hpp"
#include "json_lines.hpp"
#include "qbsweep/archive/checkpoint_file.hpp"

namespace qbsweep {

std::vector<std::string> damaged_notes(const std::string& archive_path) {
  std::vector<std::string> texts;
  for (const char* const suffix : {".failures.jsonl", ".crashes.jsonl", ".run.json"}) {
    const std::string path = archive_path + suffix;
    for (const std::int64_t line :
         for_each_json_line(path, [](const nlohmann::json&, const std::string&) {})) {
      texts.push_back(fmt::format("{}: line {} is damaged and left out", path, line));
    }
  }
  return texts;
}

std::vector<std::string> damaged_checkpoints(const std::string& archive_path) {
  std::vector<std::string> texts;
  for (const std::int64_t point : saved_points(archive_path)) {
    const std::string path = checkpoint_path(archive_path, point);
    if (check_seal(path) == Seal::broken) {
      texts.push_back(fmt::format("{}: damaged; its point begins anew", path));
    }
  }
  return texts;
}

}  // namespace qbsweep
