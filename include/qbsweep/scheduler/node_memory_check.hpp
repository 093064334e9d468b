#pragma once
/// \file
/// Whether the points of a sweep fit into the memory of the machines it runs on.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "qbsweep/config/sweep.hpp"
#include "qbsweep/parallel/mpi.hpp"

namespace qbsweep {

/// The ranks that share one machine and what memory it has for them.
struct NodeShare {
  double ranks = 1;
  double available_bytes = 0;
};

/// Of every rank's machine, by rank, on the master; empty on the others. Collective.
[[nodiscard]] std::vector<NodeShare> gather_node_shares(const Communicator& comm);

/// What a point takes of each of the ranks that compute it.
struct MemoryNeed {
  double bytes_per_rank = 0;
  int ranks = 1;
  std::int64_t index = 0;

  [[nodiscard]] bool operator<(const MemoryNeed& other) const {
    return bytes_per_rank != other.bytes_per_rank ? bytes_per_rank < other.bytes_per_rank
                                                  : index < other.index;
  }
  [[nodiscard]] bool operator>(const MemoryNeed& other) const { return other < *this; }
};

/// The points that need most memory, as many as the ranks of a machine can have in hand at once.
class LargestPoints {
 public:
  explicit LargestPoints(const std::vector<NodeShare>& shares);

  void add(const MemoryNeed& need);

  /// Descending.
  [[nodiscard]] std::vector<MemoryNeed> take();

 private:
  std::size_t most_ = 1;
  std::priority_queue<MemoryNeed, std::vector<MemoryNeed>, std::greater<>> kept_;
};

/// Refuses a sweep whose largest points, when they fill the ranks of a machine, exceed its memory.
/// \param points  the largest, descending
/// \throws InputError
void check_memory(const Sweep& sweep, const std::vector<MemoryNeed>& points,
                  const std::vector<NodeShare>& shares);

}  // namespace qbsweep
