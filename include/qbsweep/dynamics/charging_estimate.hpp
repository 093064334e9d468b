#pragma once
/// \file
/// What a charging run will cost, before it is computed: for plans, for the order in which points
/// are handed out, and for refusing points that cannot fit.

#include <cstdint>

#include <string>

#include "qbsweep/dynamics/charging_settings.hpp"
#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

struct ChargingEstimate {
  int fock_dim = 0;         ///< that the estimate is for
  double unknowns = 0;      ///< reals in a state, after the reductions
  double memory_bytes = 0;  ///< of a process at its peak while it computes the charging run
  double operator_applications = 0;  ///< of all parts together
  double seconds = 0;                ///< on one core of 2020s hardware, within a factor of 3
  std::string refusal = {};          ///< why it is not computed; empty otherwise
};

/// For the Fock levels of `battery`, or, with auto_fock_dim, for an estimate of those that will be
/// chosen. Takes some 0.1 ms whatever the parameters; no operator is made.
[[nodiscard]] ChargingEstimate estimate_charging(const BatteryParameters& battery,
                                                 const ChargingSettings& settings);

/// Of a charging run by series that takes `memory_bytes` on one rank: what each of `ranks` takes
/// that share it, ghosts and messages included.
[[nodiscard]] double memory_per_rank(const BatteryParameters& battery, double memory_bytes,
                                     int ranks);

}  // namespace qbsweep
