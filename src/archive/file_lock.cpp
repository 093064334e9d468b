#include "file_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "posix_file.hpp"

namespace qbsweep {

Locking try_to_lock(int descriptor) {
  struct flock whole = {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(descriptor, F_OFD_SETLK, &whole) == 0) {
    return Locking::taken;
  }
  return errno == EAGAIN || errno == EACCES ? Locking::held_by_another : Locking::not_known;
}

bool is_same_file(int descriptor, const std::string& path) {
  struct stat opened = {};
  struct stat named = {};
  return ::fstat(descriptor, &opened) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

void check_folder_of(const std::string& target, const char* verb) {
  const auto refuse = [&](const std::string& reason) {
    throw EnvironmentError(fmt::format("cannot {} {}: {}", verb, target, reason));
  };
  const auto folder = folder_of(target);
  struct stat found = {};
  if (::stat(folder.c_str(), &found) != 0) {
    refuse(fmt::format("folder {}: {}", folder, system_reason(errno)));
  }
  if (!S_ISDIR(found.st_mode)) {
    refuse(fmt::format("{} is not a folder", folder));
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    refuse(fmt::format("folder {}: {}", folder, system_reason(errno)));
  }
}

}  // namespace qbsweep
