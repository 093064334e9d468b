#pragma once
/// \file
/// How a row of things is divided among the ranks of a group: each gets a contiguous share.

#include <cstdint>
#include <span>
#include <vector>

namespace qbsweep {

/// The things begin .. end - 1.
struct IndexRange {
  std::int64_t begin = 0;
  std::int64_t end = 0;

  [[nodiscard]] bool empty() const { return begin == end; }
  [[nodiscard]] bool has(std::int64_t thing) const { return begin <= thing && thing < end; }
  [[nodiscard]] std::int64_t count() const { return end - begin; }
};

/// The shares of all ranks, of `count` equal things. Where there are fewer things than ranks, the
/// first ranks get one each and the others none.
[[nodiscard]] std::vector<IndexRange> even_partition(std::int64_t count, int ranks);

/// The same of things of different sizes, so that the shares weigh about the same. Any rank may
/// get none.
[[nodiscard]] std::vector<IndexRange> weighted_partition(std::span<const std::int64_t> sizes,
                                                         int ranks);

}  // namespace qbsweep
