#include "checkpoint_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string_view>
#include <vector>

#include "posix_file.hpp"
#include "qbsweep/archive/checkpoint_file.hpp"

namespace qbsweep {

namespace {

constexpr const char* infix = ".checkpoint-";

/// Whether `name` is that of a checkpoint, after the archive's own: digits, maybe half-written.
bool names_a_point(std::string_view name) {
  if (name.ends_with(checkpoint_suffix_while_written)) {
    name.remove_suffix(std::string_view(checkpoint_suffix_while_written).size());
  }
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char character) {
    return std::isdigit(character) != 0;
  });
}

}  // namespace

std::string checkpoint_path(const std::string& archive_path, std::int64_t point) {
  return fmt::format("{}{}{}", archive_path, infix, point);
}

void remove_checkpoints(const std::string& archive_path) {
  namespace fs = std::filesystem;
  const std::string prefix = fs::path(archive_path).filename().string() + infix;
  try {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_of(archive_path))) {
      const std::string name = entry.path().filename();
      if (name.starts_with(prefix) && names_a_point(std::string_view(name).substr(prefix.size()))) {
        found.push_back(entry.path());
      }
    }
    std::for_each(found.begin(), found.end(), remove_if_there);
  } catch (const fs::filesystem_error& error) {
    fail_system("read", folder_of(archive_path), error.code().value());
  }
}

}  // namespace qbsweep
