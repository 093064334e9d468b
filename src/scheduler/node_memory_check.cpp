#include "qbsweep/scheduler/node_memory_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "qbsweep/parallel/message_transport.hpp"
#include "qbsweep/scheduler/dispatcher.hpp"
#include "qbsweep/support/node_memory.hpp"

namespace qbsweep {

template <ConstOrNot<NodeShare> T>
auto message_fields(T& share) {
  return std::tie(share.ranks, share.available_bytes);
}

std::vector<NodeShare> gather_node_shares(const Communicator& comm) {
  MPI_Comm node = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split_type(comm.get(), MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node),
            "find the ranks that share a machine");
  const NodeShare own = {static_cast<double>(Communicator::size_of(node)),
                         available_memory_bytes()};
  MPI_Comm_free(&node);
  return gather(comm.get(), master_rank, own, "gather the memory of all machines");
}

LargestPoints::LargestPoints(const std::vector<NodeShare>& shares) {
  for (const NodeShare& share : shares) {
    most_ = std::max(most_, static_cast<std::size_t>(share.ranks));
  }
}

void LargestPoints::add(const MemoryNeed& need) {
  if (kept_.size() == most_ && need < kept_.top()) {
    return;
  }
  kept_.push(need);
  if (kept_.size() > most_) {
    kept_.pop();
  }
}

std::vector<MemoryNeed> LargestPoints::take() {
  std::vector<MemoryNeed> points;
  for (; !kept_.empty(); kept_.pop()) {
    points.push_back(kept_.top());
  }
  std::reverse(points.begin(), points.end());
  return points;
}

void check_memory(const Sweep& sweep, const std::vector<MemoryNeed>& points,
                  const std::vector<NodeShare>& shares) {
  if (points.empty()) {
    return;
  }
  for (const NodeShare& share : shares) {
    double needed = 0;
    double ranks = 0;
    std::size_t together = 0;
    for (; together < points.size() && ranks < share.ranks; ++together) {
      const double here = std::min<double>(points[together].ranks, share.ranks - ranks);
      needed += here * points[together].bytes_per_rank;
      ranks += here;
    }
    if (needed <= share.available_bytes) {
      continue;
    }
    const MemoryNeed& largest = points.front();
    const bool shared = largest.ranks > 1;
    const std::string where = sweep.describe(largest.index);
    if (largest.bytes_per_rank > share.available_bytes) {
      throw InputError(fmt::format(
          "{}{} needs about {} of memory{}, and {} are available: leave it out, or run on a "
          "machine with more memory",
          sweep.axes().empty() ? "" : "the point ", where, size_text(largest.bytes_per_rank),
          shared ? fmt::format(" on each of {} ranks", largest.ranks) : "",
          size_text(share.available_bytes)));
    }
    throw InputError(fmt::format(
        "the {} largest points, {} of a machine, need about {} of memory, and {} are available: "
        "start fewer ranks (the largest, {}, needs {}{})",
        together, shared ? "which fill the ranks" : "one on each rank", size_text(needed),
        size_text(share.available_bytes), where, size_text(largest.bytes_per_rank),
        shared ? " on each of its ranks" : ""));
  }
}

}  // namespace qbsweep
