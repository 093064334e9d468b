#include "qbsweep/archive/failures_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "posix_file.hpp"

namespace qbsweep {

namespace {

void write_at_once(const FileDescriptor& file, const std::string& text, const std::string& path) {
  const ssize_t written = ::write(file.get(), text.data(), text.size());
  if (written < 0) {
    fail_system("write", path, errno);
  }
  if (static_cast<std::size_t>(written) != text.size()) {
    fail_system("write", path, ENOSPC);
  }
}

/// Whether the last line was cut off by a kill or a full disk.
bool ends_within_line(const FileDescriptor& file) {
  struct stat found = {};
  char last = '\n';
  return ::fstat(file.get(), &found) == 0 && found.st_size > 0 &&
         ::pread(file.get(), &last, 1, found.st_size - 1) == 1 && last != '\n';
}

void remove_if_there(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    fail_system("remove", path, errno);
  }
}

void replace_file(const std::string& path, const std::string& text) {
  const auto temporary = path + ".writing";
  const FileDescriptor file = open_file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
  try {
    write_at_once(file, text, temporary);
    sync_file(file, temporary);
    if (std::rename(temporary.c_str(), path.c_str()) != 0) {
      fail_system("replace", path, errno);
    }
  } catch (const EnvironmentError&) {
    ::unlink(temporary.c_str());
    throw;
  }
  sync_folder_of(path);
}

}  // namespace

FailuresLog::FailuresLog(const std::string& archive_path)
    : path_(archive_path + ".failures.jsonl") {}

void FailuresLog::append(std::int64_t point, const std::string& where, const std::string& message) {
  const nlohmann::json entry = {
      {"point", point}, {"where", where}, {"message", message}, {"time", utc_now()}};
  const FileDescriptor file = open_file(path_, O_RDWR | O_APPEND | O_CREAT);
  const std::string separator = ends_within_line(file) ? "\n" : "";
  const auto line = entry.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  write_at_once(file, separator + line + "\n", path_);
}

std::map<std::int64_t, std::string> FailuresLog::lines() const {
  std::map<std::int64_t, std::string> latest;
  std::ifstream log(path_);
  if (!log && ::access(path_.c_str(), F_OK) == 0) {
    fail_system("read", path_, errno);
  }
  for (std::string line; std::getline(log, line);) {
    const auto entry = nlohmann::json::parse(line, nullptr, false);
    if (entry.is_object() && entry.contains("point") && entry["point"].is_number_integer()) {
      latest[entry["point"].get<std::int64_t>()] = line;
    }
  }
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
