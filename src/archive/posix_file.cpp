#include "posix_file.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <system_error>

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

}  // namespace

std::string system_reason(int error) {
  return std::system_category().message(error);
}

void fail_system(const char* verb, const std::string& path, int error) {
  throw EnvironmentError(
      one_line(fmt::format("cannot {} {}: {}", verb, path, system_reason(error))));
}

FileDescriptor open_file(const std::string& path, int flags) {
  FileDescriptor file(::open(path.c_str(), flags | O_CLOEXEC, 0666));
  if (!file.is_open()) {
    fail_system("open", path, errno);
  }
  return file;
}

std::string folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder.string();
}

void sync_file(const FileDescriptor& file, const std::string& path) {
  if (::fsync(file.get()) != 0) {
    fail_system("write to disk", path, errno);
  }
}

void sync_folder_of(const std::string& path) {
  const auto folder = folder_of(path);
  const FileDescriptor opened = open_file(folder, O_RDONLY | O_DIRECTORY);
  // Some file systems know no fsync of folders.
  if (::fsync(opened.get()) != 0 && errno != EINVAL && errno != ENOTSUP) {
    fail_system("write to disk", folder, errno);
  }
}

void append_line(const std::string& path, const std::string& line) {
  const FileDescriptor file = open_file(path, O_RDWR | O_APPEND | O_CREAT);
  const std::string separator = ends_within_line(file) ? "\n" : "";
  write_at_once(file, separator + line + "\n", path);
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

void remove_if_there(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    fail_system("remove", path, errno);
  }
}

std::string utc_text(std::time_t time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(time));
}

std::string utc_now() {
  return utc_text(std::time(nullptr));
}

}  // namespace qbsweep
