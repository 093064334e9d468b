#pragma once
/// \file
/// What a steady state will cost, before it is computed: for plans, for the order in which points
/// are handed out, and for refusing points that cannot fit.

#include "qbsweep/physics/parameters.hpp"
#include "qbsweep/solvers/steady_state.hpp"

namespace qbsweep {

struct SteadyEstimate {
  int fock_dim = 0;         ///< that the estimate is for
  double unknowns = 0;      ///< reals in a state of the full basis
  double memory_bytes = 0;  ///< of a process at its peak while it computes the steady state
  double seconds = 0;       ///< on one core of 2020s hardware, within a factor of 5
};

/// Bytes that the solution by `method` takes, `automatic` standing for gmres.
[[nodiscard]] double steady_state_bytes(const BatteryParameters& battery, SteadyMethod method,
                                        double tolerance);

/// What `automatic` stands for: the fastest method that fits into the memory there is; where none
/// does, the one that needs least.
[[nodiscard]] SteadyMethod choose_steady_method(const BatteryParameters& battery, double tolerance);

/// For the Fock levels of `battery`, or, with auto_fock_dim, for a guess of those that will be
/// chosen. Takes some ten microseconds; no operator is made.
[[nodiscard]] SteadyEstimate estimate_steady_state(const BatteryParameters& battery,
                                                   const SteadyStateSettings& settings);

}  // namespace qbsweep
