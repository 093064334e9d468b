// What is said when memory runs out: how much was asked for, where that is known, and how much
// there is.
#include "qbsweep/support/out_of_memory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "qbsweep/support/node_memory.hpp"

namespace qbsweep {
namespace {

TEST(OutOfMemory, SaysWhatIsNeededAndWhatIsThere) {
  EXPECT_THAT(describe(OutOfMemory(3.5 * 1024 * 1024 * 1024)),
              testing::MatchesRegex(
                  "out of memory: 3.5 GiB more are needed, and [0-9.]+ [KMGT]iB are available"));
}

TEST(OutOfMemory, SaysWhatIsThereIfNoMoreIsKnown) {
  EXPECT_THAT(describe(std::bad_alloc()),
              testing::MatchesRegex("out of memory: [0-9.]+ [KMGT]iB are available"));
}

TEST(OutOfMemory, WhatIsClaimedIsNotAvailable) {
  EXPECT_LE(unclaimed_memory_bytes(), available_memory_bytes() * 1.01);
  EXPECT_GT(unclaimed_memory_bytes(), 0);
}

}  // namespace
}  // namespace qbsweep
