#include "lock_file.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "posix_file.hpp"

namespace qbsweep {

double beat_of(const RunRecord& run) {
  constexpr double shortest = 0.01;
  constexpr double longest = 60.0;
  return std::clamp(run.beat_seconds, shortest, longest);
}

std::optional<SeenLockFile> read_lock_file(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return std::nullopt;
    }
    fail_system("open", path, errno);
  }
  SeenLockFile seen;
  std::array<char, 4096> buffer{};  // more than any record takes
  const ssize_t size = ::pread(file.get(), buffer.data(), buffer.size(), 0);
  if (size < 0 || ::fstat(file.get(), &seen.stat) != 0) {
    fail_system("read", path, errno);
  }
  seen.text.assign(buffer.data(), static_cast<std::size_t>(size));
  seen.record = run_record_from_json(seen.text);
  return seen;
}

bool has_moved(const SeenLockFile& before, const SeenLockFile& after) {
  const auto same_time = [](const timespec& a, const timespec& b) {
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
  };
  return before.stat.st_ino != after.stat.st_ino || before.text != after.text ||
         !same_time(before.stat.st_mtim, after.stat.st_mtim);
}

}  // namespace qbsweep
