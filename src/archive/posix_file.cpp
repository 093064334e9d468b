#include "posix_file.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cerrno>
#include <ctime>
#include <filesystem>
#include <system_error>

namespace qbsweep {

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

void remove_if_there(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    fail_system("remove", path, errno);
  }
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

std::string utc_text(std::time_t time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(time));
}

std::string utc_now() {
  return utc_text(std::time(nullptr));
}

}  // namespace qbsweep
