#include "qbsweep/operators/sector_state.hpp"

#include <sys/mman.h>

#include "qbsweep/support/out_of_memory.hpp"

namespace qbsweep {
namespace {

constexpr std::size_t huge_page = 1 << 21;

}  // namespace

SectorState::SectorState(std::int64_t size) : size_(size) {
  // Pages of its own, which are zero and go back to the system at once. Large states ask for pages
  // of 2 MB, which begin at multiples of that: kernels touch more places at a time than the
  // processor keeps small pages in mind.
  const auto needed = static_cast<std::size_t>(size + 2 * margin) * sizeof(double);
  const bool large = needed >= huge_page;
  const std::size_t bytes = needed + (large ? huge_page : 0);
  memory_ = map_memory(bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
  if (!memory_) {
    throw OutOfMemory(static_cast<double>(bytes));
  }
  std::size_t skipped = 0;
  if (large) {
    const auto address = reinterpret_cast<std::uintptr_t>(memory_.get());
    skipped = (huge_page - address % huge_page) % huge_page;
    madvise(memory_.get() + skipped, needed, MADV_HUGEPAGE);  // a wish: nothing depends on it
  }
  begin_ = reinterpret_cast<double*>(memory_.get() + skipped) + margin;
}

}  // namespace qbsweep
