#include "qbsweep/liouvillian/sector_state.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace qbsweep {

void SectorState::Free::operator()(double* memory) const noexcept {
  std::free(memory);
}

SectorState::SectorState(std::int64_t size) : size_(size) {
  constexpr std::int64_t alignment = 64;
  const std::int64_t lines = ((size + 2 * margin) * 8 + alignment - 1) / alignment;
  const auto bytes = static_cast<std::size_t>(lines * alignment);
  memory_.reset(static_cast<double*>(std::aligned_alloc(alignment, bytes)));
  if (!memory_) {
    throw std::bad_alloc();
  }
  std::fill_n(memory_.get(), bytes / 8, 0.0);
  begin_ = memory_.get() + margin;
}

}  // namespace qbsweep
