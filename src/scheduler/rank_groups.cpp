#include "rank_groups.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace qbsweep {
namespace {

/// What a group does with a batch, as its first rank tells it.
struct Order {
  std::int64_t points = 0;  // that follow
  std::int8_t more = 0;     // whether another order comes
};

/// Gives the first rank's order to the group. Collective on it.
void share_order(const Communicator& group, Order& order, std::vector<std::int64_t>& points) {
  if (group.size() == 1) {
    return;
  }
  const char* const doing = "tell a group what to compute";
  broadcast_asleep(group.get(), &order, sizeof order, doing);
  points.resize(static_cast<std::size_t>(order.points));
  if (order.points > 0) {
    broadcast_asleep(group.get(), points.data(), static_cast<int>(order.points * 8), doing);
  }
}

}  // namespace

Request compute_batch(const Communicator& group, std::vector<std::int64_t> points,
                      const GroupWorker& work, const StopSignal& signal) {
  using Clock = std::chrono::steady_clock;
  Request request;
  const Clock::time_point start = Clock::now();
  if (!signal.stop()) {
    Order order = {static_cast<std::int64_t>(points.size()), 1};
    share_order(group, order, points);
    try {
      request.result = work(group, points);
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
    std::vector<std::int64_t> points;
    share_order(group, order, points);
    if (order.more == 0) {
      return;
    }
    static_cast<void>(work(group, points));
  }
}

void dismiss(const Communicator& group) {
  Order none;
  std::vector<std::int64_t> no_points;
  share_order(group, none, no_points);
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
