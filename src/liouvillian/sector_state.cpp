#include "qbsweep/liouvillian/sector_state.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace qbsweep {

void SectorState::Free::operator()(double* memory) const noexcept {
  std::free(memory);
}

SectorState::SectorState(std::int64_t size) : size_(size) {
  // Large states on pages of 2 MB, where the system has them: kernels touch more places at a time than
  // there are entries for small pages in the processor's tables.
  constexpr std::int64_t huge_page = 1 << 21;
  constexpr std::int64_t line = 64;
  const std::int64_t needed = (size + 2 * margin) * static_cast<std::int64_t>(sizeof(double));
  const std::int64_t alignment = needed >= huge_page ? huge_page : line;
  const auto bytes = static_cast<std::size_t>((needed + alignment - 1) / alignment * alignment);
  memory_.reset(static_cast<double*>(std::aligned_alloc(alignment, bytes)));
  if (!memory_) {
    throw std::bad_alloc();
  }
  if (alignment == huge_page) {
    madvise(memory_.get(), bytes, MADV_HUGEPAGE);  // a wish: where it is refused nothing is lost
  }
  std::fill_n(memory_.get(), bytes / sizeof(double), 0.0);
  begin_ = memory_.get() + margin;
}

}  // namespace qbsweep
