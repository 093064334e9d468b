// What kernels rely on: aligned memory, zeros, and zeros on both sides.
#include "qbsweep/operators/sector_state.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <new>
#include <utility>

namespace qbsweep {
namespace {

TEST(SectorState, IsAlignedAndZeroBeyondItsEnds) {
  for (const std::int64_t size : {0, 1, 7, 8, 1000}) {
    const SectorState state(size);
    EXPECT_EQ(state.size(), size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(state.data()) % 64, 0U);
    for (std::int64_t e = -SectorState::margin; e < size + SectorState::margin; ++e) {
      ASSERT_EQ(state.data()[e], 0.0) << "at " << e;
    }
  }
}

TEST(SectorState, HandsItsMemoryOver) {
  SectorState first(5);
  first.data()[3] = 2.5;
  const SectorState second = std::move(first);
  EXPECT_EQ(second.size(), 5);
  EXPECT_EQ(second.data()[3], 2.5);
}

TEST(SectorState, SaysWhenMemoryIsOut) {
  EXPECT_THROW(SectorState{std::int64_t{1} << 57}, std::bad_alloc);
}

}  // namespace
}  // namespace qbsweep
