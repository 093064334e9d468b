#pragma once
/// \file
/// How many ranks compute each point of a run together.

#include <cstdint>
#include <functional>
#include <vector>

#include "qbsweep/model/parameters.hpp"
#include "qbsweep/scheduler/point_queue.hpp"

namespace qbsweep {

/// Shorter points are not worth a group: agreeing costs milliseconds, a series needs some seconds
/// to be faster on two ranks.
inline constexpr double shortest_shared_seconds = 2.0;

/// Points that groups of `ranks` compute.
struct StagePlan {
  int ranks = 1;
  std::vector<PendingPoint> pending;
  std::vector<PendingPoint> suspects;
};

/// Divides the points of a run among stages, the largest groups first. At least one stage comes
/// out.
/// \param ranks            of the run
/// \param ranks_per_point  as Sweep::ranks_per_point() has it; where it is `auto` the groups are
///                         all ranks, halves of them, quarters and so on down to single ranks
/// \param worth            how many ranks a point is worth, asked for `auto` only
[[nodiscard]] std::vector<StagePlan> plan_stages(
    std::vector<PendingPoint> pending, std::vector<PendingPoint> suspects, int ranks,
    std::int64_t ranks_per_point, const std::function<int(const PendingPoint&)>& worth);

/// What ranks compute with.
struct Machines {
  int ranks = 1;              ///< of the run
  double ranks_per_node = 1;  ///< on the fullest machine
  double bytes_per_node = 0;  ///< on the one with the least memory
};

/// How many ranks a charging run is worth: as many as let it end no later than a fair share of the
/// whole sweep does, so that no rank is left alone with a long point, and as many as let its state
/// fit into memory when every group of ranks has such a point; not more than have something to do.
/// \param seconds       of the charging run on one rank
/// \param memory_bytes  on one rank
/// \param fair_share    seconds of all points together over the ranks
[[nodiscard]] int ranks_worth(const BatteryParameters& battery, double seconds, double memory_bytes,
                              double fair_share, const Machines& machines);

}  // namespace qbsweep
