#include "checkpoint_names.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "posix_file.hpp"
#include "qbsweep/archive/checkpoint_file.hpp"

namespace qbsweep {

namespace {

constexpr const char* infix = ".checkpoint-";

/// A checkpoint's file.
struct Name {
  std::string path;
  std::int64_t point = 0;
  bool half_written = false;
};

/// `name` as that of a checkpoint, after the archive's own: digits, maybe half-written.
std::optional<Name> parse(const std::string& path, std::string_view name) {
  Name found;
  found.path = path;
  const std::string_view suffix = checkpoint_suffix_while_written;
  if (name.ends_with(suffix)) {
    name.remove_suffix(suffix.size());
    found.half_written = true;
  }
  const char* const end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data(), end, found.point);
  return error == std::errc{} && rest == end && name.front() != '-' ? std::optional(found)
                                                                    : std::nullopt;
}

std::vector<Name> names_beside(const std::string& archive_path) {
  namespace fs = std::filesystem;
  const std::string prefix = fs::path(archive_path).filename().string() + infix;
  std::vector<Name> found;
  try {
    for (const auto& entry : fs::directory_iterator(folder_of(archive_path))) {
      const std::string name = entry.path().filename();
      if (name.starts_with(prefix)) {
        if (const auto one = parse(entry.path(), std::string_view(name).substr(prefix.size()))) {
          found.push_back(*one);
        }
      }
    }
  } catch (const fs::filesystem_error& error) {
    fail_system("read", folder_of(archive_path), error.code().value());
  }
  return found;
}

}  // namespace

std::string checkpoint_path(const std::string& archive_path, std::int64_t point) {
  return fmt::format("{}{}{}", archive_path, infix, point);
}

std::set<std::int64_t> saved_points(const std::string& archive_path) {
  std::set<std::int64_t> points;
  for (const Name& name : names_beside(archive_path)) {
    if (!name.half_written) {
      points.insert(name.point);
    }
  }
  return points;
}

void remove_checkpoints(const std::string& archive_path, const std::set<std::int64_t>& but_of) {
  for (const Name& name : names_beside(archive_path)) {
    if (but_of.count(name.point) == 0) {
      remove_if_there(name.path);
    }
  }
}

}  // namespace qbsweep
