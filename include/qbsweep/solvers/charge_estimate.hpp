#pragma once
/// \file
/// What a charge will cost, before it is computed: for plans, for the order in which points are
/// handed out, and for refusing points that cannot fit.

#include <cstdint>

#include "qbsweep/physics/parameters.hpp"
#include "qbsweep/solvers/figures_recorder.hpp"

namespace qbsweep {

struct ChargeEstimate {
  std::int64_t unknowns = 0;         ///< reals in a state: exact
  double memory_bytes = 0;           ///< of a process at its peak while it computes the charge
  double operator_applications = 0;  ///< of the default integrator, within a factor of about 3
  double seconds = 0;                ///< on one core of 2020s hardware, a guess to the same factor
};

/// Cheap: no matrix is touched.
[[nodiscard]] ChargeEstimate estimate_charge(const BatteryParameters& battery,
                                             const ChargeSettings& settings);

}  // namespace qbsweep
