#pragma once
/// \file
/// The estimates of all points of a sweep, worked out by all ranks together: nobody computes before
/// they are there. On a large grid points have the estimates of those that represent them
/// (representative_points.hpp).

#include <vector>

#include "qbsweep/config/sweep.hpp"
#include "qbsweep/dynamics/charging_settings.hpp"
#include "qbsweep/parallel/mpi.hpp"

namespace qbsweep {

/// What `run` has to know of a point beforehand: 8 bytes, for it is kept for every point.
struct BriefEstimate {
  /// The estimated seconds, in steps of sqrt(2). Estimates are no better than that, and points of
  /// the same step keep their order, so that neighbours on the grid are computed and written
  /// together.
  float cost = 0;
  /// Of a process at its peak. 0 with automatic Fock levels, which are known only when the point is
  /// computed: if there is no room for it, it is refused then.
  float memory_bytes = 0;
};

/// Of every point, each rank working out its share of the representatives. Collective on `comm`, on
/// which it throws the same on every rank.
/// \return by index, on the master; empty elsewhere
[[nodiscard]] std::vector<BriefEstimate> estimate_all_points(const Communicator& comm,
                                                             const Sweep& sweep,
                                                             const ChargingMethod& method);

}  // namespace qbsweep
