#include "file_in_creation.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "file_lock.hpp"
#include "qbsweep/support/node_memory.hpp"

namespace qbsweep {

namespace {

[[noreturn]] void refuse(const std::string& target, const std::string& reason) {
  throw EnvironmentError(fmt::format("cannot create {}: {}", target, reason));
}

/// Renames without ever replacing a file; returns an errno, 0 if done.
int rename_to_free_name(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
    return 0;
  }
  if (errno != EINVAL && errno != ENOSYS) {
    return errno;
  }
  // Network file systems that do not know the flag know hard links.
  if (::link(from.c_str(), to.c_str()) != 0) {
    return errno;
  }
  return ::unlink(from.c_str()) == 0 ? 0 : errno;
}

/// Returns an errno, 0 if done.
int rename_over(const std::string& from, const std::string& to) {
  return std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

}  // namespace

FileInCreation::FileInCreation(std::string target, Name name)
    : target_(std::move(target)), path_(target_ + ".creating"), name_(name) {
  check_folder_of(target_, "create");
  struct stat found = {};
  if (name_ == Name::free && ::lstat(target_.c_str(), &found) == 0) {
    refuse(target_, system_reason(EEXIST));
  }
  constexpr int tries = 10;
  for (int i = 0; i < tries; ++i) {
    if (acquire()) {
      return;
    }
  }
  refuse(target_, fmt::format("other processes keep replacing {}", path_));
}

bool FileInCreation::acquire() {
  FileDescriptor file(::open(path_.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!file.is_open()) {
    refuse(target_, fmt::format("{}: {}", path_, system_reason(errno)));
  }
  // Where the file system knows no locks, there is no protection.
  if (try_to_lock(file.get()) == Locking::held_by_another) {
    refuse(target_, fmt::format("another process is creating it ({} is locked)", path_));
  }
  struct stat found = {};
  if (::fstat(file.get(), &found) != 0 || !is_same_file(file.get(), path_)) {
    return false;
  }
  if (found.st_size > 0) {
    ::unlink(path_.c_str());
    return false;
  }
  file_ = std::move(file);
  return true;
}

FileInCreation::~FileInCreation() {
  if (!published_ && file_.is_open()) {
    ::unlink(path_.c_str());
  }
}

void FileInCreation::check_room_for(double bytes) const {
  struct statvfs disk = {};
  if (::fstatvfs(file_.get(), &disk) == 0) {
    const double free = static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize);
    if (bytes > free) {
      refuse(target_, fmt::format("{} are needed, and {} are free on its disk", size_text(bytes),
                                  size_text(free)));
    }
  }
  // Quotas and size limits show when the blocks are asked for. HDF5 must not be the one to meet
  // them: a file that it cannot close makes it crash at the end of the program.
  constexpr double largest_file = 9e18;
  const auto size = static_cast<off_t>(std::min(bytes, largest_file));
  if (const int error = ::posix_fallocate(file_.get(), 0, size); error != 0) {
    refuse(target_, fmt::format("{} are needed: {}", size_text(bytes), system_reason(error)));
  }
}

void FileInCreation::publish() {
  sync_file(file_, path_);
  const int error =
      name_ == Name::free ? rename_to_free_name(path_, target_) : rename_over(path_, target_);
  if (error != 0) {
    refuse(target_, system_reason(error));
  }
  published_ = true;
  sync_folder_of(target_);
}

}  // namespace qbsweep
