#include "qbsweep/archive/rescue.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "archive_datasets.hpp"
#include "archive_file.hpp"
#include "file_in_creation.hpp"
#include "format.hpp"
#include "posix_file.hpp"
#include "slot_check.hpp"
#include "write_layout.hpp"

namespace qbsweep {

namespace {

/// Where a dataset lies in a file.
struct Place {
  off_t first = 0;
  std::size_t bytes = 0;
};

std::vector<Place> places_of_datasets(const std::string& file_path, const std::string& path,
                                      const Sweep& sweep) {
  const hdf5::File file = open_for_reading(file_path);
  std::vector<Place> places;
  for (const ArchiveDataset& dataset : open_datasets(file, path, sweep, format::version)) {
    places.push_back({static_cast<off_t>(H5Dget_offset(dataset.handle.get())),
                      static_cast<std::size_t>(H5Dget_storage_size(dataset.handle.get()))});
  }
  return places;
}

/// As far as the other file has the bytes.
void copy_bytes(const Place& place, const FileDescriptor& from, const FileDescriptor& to,
                const std::string& path) {
  constexpr std::size_t at_once = 1 << 20;
  std::vector<char> buffer(std::min(place.bytes, at_once));
  for (std::size_t copied = 0; copied < place.bytes;) {
    const std::size_t wanted = std::min(buffer.size(), place.bytes - copied);
    const off_t at = place.first + static_cast<off_t>(copied);
    const ssize_t found = ::pread(from.get(), buffer.data(), wanted, at);
    if (found < 0) {
      fail_system("read", path, errno);
    }
    if (found == 0) {
      return;
    }
    if (::pwrite(to.get(), buffer.data(), static_cast<std::size_t>(found), at) != found) {
      fail_system("write", path, errno);
    }
    copied += static_cast<std::size_t>(found);
  }
}

void rename_file(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) {
    fail_system("rename", from, errno);
  }
}

std::int64_t count_whole(const std::string& file_path, const std::string& path,
                         const Sweep& sweep) {
  const hdf5::File file = open_for_reading(file_path);
  const CheckedSlots slots = check_slots(file, path, sweep, format::version);
  return std::count(slots.status.begin(), slots.status.end(), SlotStatus::done);
}

}  // namespace

std::int64_t rescue_archive(const std::string& name, const Sweep& sweep,
                            const std::optional<Shard>& shard) {
  hdf5::silence();
  const std::string path = std::filesystem::canonical(name);
  if (!std::filesystem::is_regular_file(path)) {
    return 0;
  }
  const std::string rescued = path + ".rescued";
  const std::string damaged = path + ".damaged";
  remove_if_there(rescued);  // what a kill left
  {
    FileInCreation file(rescued);
    write_layout(file, rescued, sweep, shard);
    const FileDescriptor from = open_file(path, O_RDONLY);
    const FileDescriptor to = open_file(file.path(), O_RDWR);
    for (const Place& place : places_of_datasets(file.path(), path, sweep)) {
      copy_bytes(place, from, to, path);
    }
    const std::int64_t whole = count_whole(file.path(), path, sweep);
    if (whole == 0) {
      return 0;
    }
    if (struct stat found = {}; ::lstat(damaged.c_str(), &found) == 0) {
      throw EnvironmentError(fmt::format(
          "{} is damaged, and {} is there already: move it away, and what is whole is rescued",
          path, damaged));
    }
    file.publish();
    // The name always leads to one of them, where the file system can do that.
    if (::renameat2(AT_FDCWD, rescued.c_str(), AT_FDCWD, path.c_str(), RENAME_EXCHANGE) == 0) {
      rename_file(rescued, damaged);
    } else {
      rename_file(path, damaged);
      rename_file(rescued, path);
    }
    sync_folder_of(path);
    return whole;
  }
}

}  // namespace qbsweep
