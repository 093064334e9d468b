#include "file_seal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <vector>

#include "posix_file.hpp"
#include "qbsweep/support/checksum.hpp"

namespace qbsweep {

namespace {

/// What stands at the end of a sealed file.
struct SealBytes {
  std::array<char, 8> mark = {'q', 'b', 's', 'w', 'e', 'e', 'p', '#'};
  std::uint64_t size = 0;  // of the file without it
  std::uint32_t checksum = 0;
  std::uint32_t own_checksum = 0;  // of the above
};
static_assert(sizeof(SealBytes) == 24);

std::uint32_t own_checksum(const SealBytes& seal) {
  return checksum(&seal, offsetof(SealBytes, own_checksum));
}

std::uint64_t size_of(const FileDescriptor& file, const std::string& path) {
  struct stat found = {};
  if (::fstat(file.get(), &found) != 0) {
    fail_system("read", path, errno);
  }
  return static_cast<std::uint64_t>(found.st_size);
}

std::uint32_t checksum_of(const FileDescriptor& file, std::uint64_t size, const std::string& path) {
  constexpr std::uint64_t at_once = 1 << 20;
  std::vector<char> buffer(at_once);
  std::uint32_t sum = 0;
  for (std::uint64_t read = 0; read < size;) {
    const ssize_t found = ::pread(file.get(), buffer.data(), std::min(at_once, size - read),
                                  static_cast<off_t>(read));
    if (found <= 0) {
      fail_system("read", path, found < 0 ? errno : EIO);
    }
    sum = checksum(buffer.data(), static_cast<std::size_t>(found), sum);
    read += static_cast<std::uint64_t>(found);
  }
  return sum;
}

}  // namespace

void seal_file(const std::string& path) {
  const FileDescriptor file = open_file(path, O_RDWR);
  SealBytes seal;
  seal.size = size_of(file, path);
  seal.checksum = checksum_of(file, seal.size, path);
  seal.own_checksum = own_checksum(seal);
  const ssize_t written = ::pwrite(file.get(), &seal, sizeof seal, static_cast<off_t>(seal.size));
  if (written != static_cast<ssize_t>(sizeof seal)) {
    fail_system("write", path, written < 0 ? errno : ENOSPC);
  }
}

Seal check_seal(const std::string& path) {
  const FileDescriptor file = open_file(path, O_RDONLY);
  const std::uint64_t size = size_of(file, path);
  SealBytes seal;
  const SealBytes expected;
  if (size < sizeof seal || ::pread(file.get(), &seal, sizeof seal,
                                    static_cast<off_t>(size - sizeof seal)) != sizeof seal) {
    return Seal::none;
  }
  if (seal.mark != expected.mark || seal.own_checksum != own_checksum(seal)) {
    return Seal::none;
  }
  const std::uint64_t before = size - sizeof seal;
  return seal.size == before && seal.checksum == checksum_of(file, before, path) ? Seal::sound
                                                                                 : Seal::broken;
}

}  // namespace qbsweep
