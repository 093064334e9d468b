#pragma once
/// \file
/// What a steady state will cost, before it is computed: for plans, for the order of points, and
/// for the choice among the methods.

#include "qbsweep/physics/parameters.hpp"
#include "qbsweep/solvers/steady_state.hpp"

namespace qbsweep {

struct SteadyEstimate {
  SteadyMethod method = SteadyMethod::automatic;  ///< the one asked for, or chosen
  double memory_bytes = 0.0;                      ///< of a process at its peak
  double seconds = 0.0;  ///< on one core of 2020s hardware, without the gap; within a factor of 3
};

/// On the Fock levels of `battery`. Where no method fits into the memory there is, auto is the one
/// that needs least. Takes microseconds.
[[nodiscard]] SteadyEstimate estimate_steady_state(const BatteryParameters& battery,
                                                   const SteadyStateSettings& settings);

}  // namespace qbsweep
