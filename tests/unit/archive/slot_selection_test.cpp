// Runs of neighbouring slots as rectangular blocks.
#include "archive/slot_selection.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace qbsweep {
namespace {

/// The slots of a block, counted with the last axis fastest, in that order.
void append_slots(const std::vector<hsize_t>& axes, const SlotBlock& block,
                  std::vector<std::int64_t>& slots) {
  const auto size = layout::volume(block.count);
  for (hsize_t i = 0; i < size; ++i) {
    hsize_t rest = i;
    hsize_t stride = 1;
    hsize_t slot = 0;
    for (std::size_t axis = axes.size(); axis-- > 0;) {
      slot += stride * (block.start[axis] + rest % block.count[axis]);
      rest /= block.count[axis];
      stride *= axes[axis];
    }
    slots.push_back(static_cast<std::int64_t>(slot));
  }
}

TEST(SlotSelection, EveryRunIsCoveredOnceByFewBlocks) {
  const std::vector<std::vector<hsize_t>> grids = {{},     {1},       {7},       {3, 4},
                                                   {1, 5}, {2, 3, 4}, {3, 1, 2}, {2, 2, 3, 2}};
  for (const auto& axes : grids) {
    const auto size = static_cast<std::int64_t>(layout::volume(axes));
    for (std::int64_t first = 0; first < size; ++first) {
      for (std::int64_t count = 1; first + count <= size; ++count) {
        const auto blocks = blocks_of_run(axes, first, count);
        std::vector<std::int64_t> slots;
        for (const auto& block : blocks) {
          append_slots(axes, block, slots);
        }
        std::vector<std::int64_t> expected(static_cast<std::size_t>(count));
        std::iota(expected.begin(), expected.end(), first);
        EXPECT_EQ(slots, expected) << "first " << first << ", count " << count;
        EXPECT_LE(blocks.size(), axes.empty() ? 1 : 2 * axes.size() - 1);
      }
    }
  }
}

}  // namespace
}  // namespace qbsweep
