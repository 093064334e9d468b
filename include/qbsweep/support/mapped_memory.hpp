#pragma once
/// \file
/// Owned memory that comes from the system in pages and goes back to it at once.

#include <sys/mman.h>

#include <cstddef>
#include <memory>

namespace qbsweep {

struct Unmap {
  std::size_t bytes = 0;
  void operator()(char* memory) const noexcept { munmap(memory, bytes); }
};
using MappedMemory = std::unique_ptr<char, Unmap>;

/// mmap() where the system chooses the address; none where it has none.
[[nodiscard]] inline MappedMemory map_memory(std::size_t bytes, int protection, int flags,
                                             int file = -1) {
  void* const memory = mmap(nullptr, bytes, protection, flags, file, 0);
  return {memory == MAP_FAILED ? nullptr : static_cast<char*>(memory), Unmap{bytes}};
}

}  // namespace qbsweep
