#include "qbsweep/parallel/partition.hpp"

#include <algorithm>
#include <numeric>

namespace qbsweep {

std::vector<IndexRange> even_partition(std::int64_t count, int ranks) {
  const std::int64_t used = std::min<std::int64_t>(count, ranks);
  std::vector<IndexRange> shares;
  shares.reserve(static_cast<std::size_t>(ranks));
  for (int rank = 0; rank < ranks; ++rank) {
    shares.push_back(rank < used ? IndexRange{count * rank / used, count * (rank + 1) / used}
                                 : IndexRange{count, count});
  }
  return shares;
}

std::vector<IndexRange> weighted_partition(std::span<const std::int64_t> sizes, int ranks) {
  const std::int64_t sum = std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0});
  std::vector<IndexRange> shares;
  std::int64_t next = 0;
  std::int64_t before = 0;  // sizes[0 .. next - 1] together
  for (std::int64_t rank = 0; rank < ranks; ++rank) {
    IndexRange share = {next, next};
    // A thing belongs to the rank in whose part of the sum its middle lies.
    while (next < static_cast<std::int64_t>(sizes.size()) &&
           (2 * before + sizes[next]) * ranks < 2 * sum * (rank + 1)) {
      before += sizes[next++];
    }
    share.end = rank + 1 == ranks ? static_cast<std::int64_t>(sizes.size()) : next;
    shares.push_back(share);
  }
  return shares;
}

}  // namespace qbsweep
