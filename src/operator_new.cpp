// The program's operator new: as the library's, but what it throws knows how much was asked for, so
// that every message of memory that ran out can say so. The other forms of new and delete call it
// or fit to it.

#include <cstdlib>
#include <new>

#include "qbsweep/support/out_of_memory.hpp"

void* operator new(std::size_t bytes) {
  // NOLINTNEXTLINE(cppcoreguidelines-no-malloc): it is what operator new stands on
  void* const memory = std::malloc(bytes > 0 ? bytes : 1);
  if (memory == nullptr) {
    throw qbsweep::OutOfMemory(static_cast<double>(bytes));
  }
  return memory;
}

void operator delete(void* memory) noexcept {
  std::free(memory);  // NOLINT(cppcoreguidelines-no-malloc)
}

void operator delete(void* memory, std::size_t /*bytes*/) noexcept {
  std::free(memory);  // NOLINT(cppcoreguidelines-no-malloc)
}
