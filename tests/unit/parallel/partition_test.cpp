// What each rank of a group gets.
#include "qbsweep/parallel/partition.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "random_batteries.hpp"

namespace qbsweep {
namespace {

/// Every thing is in one share, and the shares follow each other.
void expect_division(const std::vector<IndexRange>& shares, std::int64_t count) {
  std::int64_t next = 0;
  for (const IndexRange& share : shares) {
    EXPECT_EQ(share.begin, next);
    EXPECT_LE(share.begin, share.end);
    next = share.end;
  }
  EXPECT_EQ(next, count);
}

TEST(Shares, EqualThingsAreDividedEvenly) {
  for (int ranks = 1; ranks < 8; ++ranks) {
    for (std::int64_t count = 1; count < 20; ++count) {
      const std::vector<IndexRange> shares = even_partition(count, ranks);
      expect_division(shares, count);
      for (int rank = 0; rank < ranks; ++rank) {
        const std::int64_t least = count >= ranks ? count / ranks : (rank < count ? 1 : 0);
        EXPECT_GE(shares[rank].count(), least);
        EXPECT_LE(shares[rank].count(), count >= ranks ? (count + ranks - 1) / ranks : least);
      }
    }
  }
}

TEST(Shares, NoShareOfUnequalThingsIsMoreThanOneThingTooLarge) {
  testing::Random random(73);
  for (int set = 0; set < 200; ++set) {
    std::vector<std::int64_t> sizes(static_cast<std::size_t>(testing::uniform_int(random, 1, 30)));
    for (std::int64_t& size : sizes) {
      size = testing::uniform_int(random, 1, 100);
    }
    const int ranks = testing::uniform_int(random, 1, 9);
    const std::vector<IndexRange> shares = weighted_partition(sizes, ranks);
    ASSERT_EQ(shares.size(), static_cast<std::size_t>(ranks));
    expect_division(shares, static_cast<std::int64_t>(sizes.size()));
    const auto sum = std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0});
    const std::int64_t largest = *std::max_element(sizes.begin(), sizes.end());
    for (const IndexRange& share : shares) {
      const auto weight =
          std::accumulate(sizes.begin() + share.begin, sizes.begin() + share.end, std::int64_t{0});
      EXPECT_LE(weight, sum / ranks + largest + 1);
    }
  }
}

TEST(Shares, ThereMayBeNothingToDivide) {
  expect_division(weighted_partition({}, 3), 0);
}

}  // namespace
}  // namespace qbsweep
