#include "rank_groups.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "qbsweep/parallel/message_transport.hpp"

namespace qbsweep {
namespace {

/// The points that a group computes next, as its first rank tells it; none when it is dismissed.
using Order = std::optional<std::vector<std::int64_t>>;

/// Gives the first rank's order to the group. Collective on it.
void share_order(const Communicator& group, Order& order) {
  broadcast(group.get(), 0, "tell a group what to compute", order);
}

}  // namespace

Request compute_batch(const Communicator& group, std::vector<std::int64_t> points,
                      const GroupWorker& work, const StopSignal& signal) {
  using Clock = std::chrono::steady_clock;
  Request request;
  const Clock::time_point start = Clock::now();
  if (!signal.stop()) {
    Order order = std::move(points);
    share_order(group, order);
    try {
      request.result = work(group, *order);
    } catch (const std::exception& error) {
      request.fatal = error.what();
    } catch (...) {
      request.fatal = "an exception of unknown type";
    }
  }
  request.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  request.stop = signal.stop();
  return request;
}

void follow(const Communicator& group, const GroupWorker& work) {
  for (;;) {
    Order order;
    share_order(group, order);
    if (!order) {
      return;
    }
    static_cast<void>(work(group, *order));
  }
}

void dismiss(const Communicator& group) {
  Order none;
  share_order(group, none);
}

int group_count(int size, int ranks) {
  return std::max(1, size / std::max(ranks, 1));
}

std::vector<int> group_counts(int size, std::span<const int> stage_ranks) {
  std::vector<int> counts;
  std::vector<int> sizes = {size};
  for (const int ranks : stage_ranks) {
    std::vector<int> divided;
    for (const int group : sizes) {
      const int count = group_count(group, ranks);
      // Rank r of the group goes to part r * count / group.
      const auto begin = [&](std::int64_t part) { return (part * group + count - 1) / count; };
      for (int part = 0; part < count; ++part) {
        divided.push_back(static_cast<int>(begin(part + 1) - begin(part)));
      }
    }
    sizes = std::move(divided);
    counts.push_back(static_cast<int>(sizes.size()));
  }
  return counts;
}

}  // namespace qbsweep
