#include "qbsweep/scheduler/group_plan.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "qbsweep/model/reductions.hpp"

namespace qbsweep {
namespace {

/// How many ranks can share a state and still have more of their own than of their neighbours'.
int most_ranks(const BatteryParameters& battery) {
  const Reductions reductions = exact_reductions(battery);
  if (reductions.has(Reduction::state_vector)) {
    return 1;
  }
  return std::max(1, excitations_are_bounded(battery) ? (battery.N + 1) / 3 : battery.fock_dim / 4);
}

/// The stage whose groups are the smallest of at least `worth` ranks: halves, quarters ..
int halvings(int ranks, int worth) {
  int stage = 0;
  while ((ranks >> (stage + 1)) >= worth) {
    ++stage;
  }
  return stage;
}

}  // namespace

std::vector<StagePlan> plan_stages(std::vector<PendingPoint> pending,
                                   std::vector<PendingPoint> suspects, int ranks,
                                   std::int64_t ranks_per_point,
                                   const std::function<int(const PendingPoint&)>& worth) {
  constexpr std::int64_t automatic = 0;
  if (ranks_per_point != automatic || ranks == 1) {
    const auto together = std::min<std::int64_t>(std::max<std::int64_t>(ranks_per_point, 1), ranks);
    std::vector<StagePlan> one(1);
    one.front() = {static_cast<int>(together), std::move(pending), std::move(suspects)};
    return one;
  }
  std::vector<StagePlan> stages;
  for (int together = ranks; together >= 1; together /= 2) {
    stages.push_back({together, {}, {}});
  }
  for (const PendingPoint& point : pending) {
    stages[static_cast<std::size_t>(halvings(ranks, worth(point)))].pending.push_back(point);
  }
  for (const PendingPoint& point : suspects) {
    stages[static_cast<std::size_t>(halvings(ranks, worth(point)))].suspects.push_back(point);
  }
  const StagePlan smallest = {1, {}, {}};
  std::erase_if(stages, [](const StagePlan& stage) {
    return stage.pending.empty() && stage.suspects.empty();
  });
  if (stages.empty()) {
    stages.push_back(smallest);
  }
  return stages;
}

int ranks_worth(const BatteryParameters& battery, double seconds, double memory_bytes,
                double fair_share, const Machines& machines) {
  const double by_time = seconds / std::max(fair_share, shortest_shared_seconds);
  const double by_memory = machines.ranks_per_node * memory_bytes / machines.bytes_per_node;
  const double worth = std::ceil(std::max({1.0, by_time, by_memory}));
  return static_cast<int>(std::min({worth, 1.0 * most_ranks(battery), 1.0 * machines.ranks}));
}

}  // namespace qbsweep
