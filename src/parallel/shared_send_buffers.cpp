#include "qbsweep/parallel/shared_send_buffers.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <random>
#include <utility>

#include "qbsweep/parallel/collectively.hpp"
#include "qbsweep/parallel/mpi.hpp"
#include "qbsweep/support/file_descriptor.hpp"
#include "qbsweep/support/out_of_memory.hpp"

namespace qbsweep {
namespace {

constexpr const char* doing = "share memory with the ranks of this machine";

constexpr std::size_t cache_line = 64;

std::size_t up_to_lines(std::size_t bytes) {
  return (bytes + cache_line - 1) / cache_line * cache_line;
}

/// By which other ranks find the memory of a rank, and know that it is no other.
struct Address {
  std::uint64_t bytes = 0;  // none is there
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t token = 0;  // drawn at random
  int process = 0;
  int file = 0;
};

/// Memory that other processes can find; pages of it come when they are asked for.
struct NewMemory {
  FileDescriptor file;
  MappedMemory memory;
  Address address;
};
NewMemory make_memory(std::size_t bytes) {
  NewMemory made;
  made.file = FileDescriptor(memfd_create("qbsweep", MFD_CLOEXEC));
  struct stat status = {};
  if (!made.file.is_open() || ftruncate(made.file.get(), static_cast<off_t>(bytes)) != 0 ||
      fstat(made.file.get(), &status) != 0) {
    return made;
  }
  made.memory = map_memory(bytes, PROT_READ | PROT_WRITE, MAP_SHARED, made.file.get());
  if (made.memory) {
    std::random_device random;
    const std::uint64_t token = std::uint64_t{random()} << 32 | random();
    made.address = {bytes, status.st_dev, status.st_ino, token, getpid(), made.file.get()};
  }
  return made;
}

/// Gets the pages of a part of the memory, so that no later write to them can end the process.
/// \throws std::bad_alloc
void get_pages(const FileDescriptor& file, std::uint64_t begin, std::uint64_t bytes) {
  int error = 0;
  do {
    error = posix_fallocate(file.get(), static_cast<off_t>(begin), static_cast<off_t>(bytes));
  } while (error == EINTR);
  if (error != 0) {
    throw OutOfMemory(static_cast<double>(bytes));
  }
}

/// The memory of another process, to be read, if it is there and this process may.
MappedMemory find_memory(const Address& address) noexcept {
  std::array<char, 64> path;
  std::snprintf(path.data(), path.size(), "/proc/%d/fd/%d", address.process, address.file);
  // On another machine or in another container that may be anything, which is not even opened.
  struct stat status = {};
  if (stat(path.data(), &status) != 0 || status.st_dev != address.device ||
      status.st_ino != address.inode) {
    return nullptr;
  }
  const FileDescriptor file(::open(path.data(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open() || fstat(file.get(), &status) != 0 ||
      static_cast<std::uint64_t>(status.st_size) != address.bytes) {
    return nullptr;
  }
  return map_memory(address.bytes, PROT_READ, MAP_SHARED, file.get());
}

}  // namespace

/// What a rank's memory begins with, its send_buffers behind it. All of it is written by that rank
/// alone; the counters go up while others read them.
struct SharedSendBuffers::Head {
  alignas(cache_line) std::atomic<std::uint64_t> published = 0;  // rounds
  std::uint64_t token = 0;
  alignas(cache_line) std::atomic<std::uint64_t> finished = 0;
  static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

  /// Where the buffer for each rank begins, in bytes from here, follows.
  [[nodiscard]] std::uint64_t* begins() { return reinterpret_cast<std::uint64_t*>(this + 1); }
  [[nodiscard]] const std::uint64_t* begins() const {
    return reinterpret_cast<const std::uint64_t*>(this + 1);
  }
};

SharedSendBuffers::SharedSendBuffers(MPI_Comm comm, const std::vector<std::int64_t>& sizes)
    : comm_(comm), partners_(static_cast<std::size_t>(Communicator::size_of(comm))) {
  if (sizes.empty()) {
    return;
  }
  const std::size_t ranks = partners_.size();
  std::vector<Address> addresses(ranks);
  std::vector<char> sees(ranks, 0);
  std::vector<char> is_seen(ranks, 0);
  NewMemory own;
  collectively(comm, [&] {
    std::vector<std::uint64_t> begins;
    std::uint64_t end = up_to_lines(sizeof(Head) + ranks * sizeof(std::uint64_t));
    for (const std::int64_t size : sizes) {
      begins.push_back(end);
      end += up_to_lines(static_cast<std::size_t>(size) * sizeof(double));
    }
    own = make_memory(end);
    if (own.memory) {
      Head* const head = new (own.memory.get()) Head;
      head->token = own.address.token;
      std::copy(begins.begin(), begins.end(), head->begins());
    }
  });
  // Up to the next meeting nothing may be thrown but what MPI says.
  check_mpi(MPI_Allgather(&own.address, sizeof(Address), MPI_BYTE, addresses.data(),
                          sizeof(Address), MPI_BYTE, comm),
            doing);
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    if (own.memory && addresses[rank].bytes > 0 && sizes[rank] > 0) {
      MappedMemory memory = find_memory(addresses[rank]);
      const auto* const head = reinterpret_cast<const Head*>(memory.get());
      if (head != nullptr && head->token == addresses[rank].token) {
        partners_[rank].memory = std::move(memory);
        sees[rank] = 1;
      }
    }
  }
  check_mpi(MPI_Alltoall(sees.data(), 1, MPI_CHAR, is_seen.data(), 1, MPI_CHAR, comm), doing);
  const auto me = static_cast<std::size_t>(Communicator::rank_of(comm));
  collectively(comm, [&] {
    for (std::size_t rank = 0; rank < ranks; ++rank) {
      Partner& partner = partners_[rank];
      if (sees[rank] == 0 || is_seen[rank] == 0) {
        partner.memory.reset();
        continue;
      }
      if (!own_) {
        own_ = std::move(own.memory);
        head_ = reinterpret_cast<Head*>(own_.get());
      }
      const std::uint64_t begin = head_->begins()[rank];
      get_pages(own.file, begin, static_cast<std::uint64_t>(sizes[rank]) * sizeof(double));
      partner.head = reinterpret_cast<const Head*>(partner.memory.get());
      partner.to = reinterpret_cast<double*>(own_.get() + begin);
      partner.from =
          reinterpret_cast<const double*>(partner.memory.get() + partner.head->begins()[me]);
    }
  });
}

template <typename Reached>
void SharedSendBuffers::wait_for_partners(const Reached& reached) const {
  for (const Partner& partner : partners_) {
    if (partner.head != nullptr) {
      wait_in_step([&] {
        if (reached(*partner.head)) {
          return true;
        }
        // It may be this rank's help with a message that keeps the other one.
        int there = 0;
        check_mpi(MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, comm_, &there, MPI_STATUS_IGNORE), doing);
        return false;
      });
    }
  }
}

void SharedSendBuffers::begin() {
  wait_for_partners(
      [&](const Head& other) { return other.finished.load(std::memory_order_acquire) >= round_; });
  ++round_;
}

void SharedSendBuffers::publish() {
  if (head_ != nullptr) {
    head_->published.store(round_, std::memory_order_release);
  }
}

void SharedSendBuffers::await() const {
  wait_for_partners(
      [&](const Head& other) { return other.published.load(std::memory_order_acquire) >= round_; });
}

void SharedSendBuffers::finish() {
  if (head_ != nullptr) {
    head_->finished.store(round_, std::memory_order_release);
  }
}

}  // namespace qbsweep
