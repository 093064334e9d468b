#pragma once
/// \file
/// What a steady state will cost, before it is computed: for plans, for the order of points, and
/// for the choice among the methods.

#include <vector>

#include "qbsweep/model/parameters.hpp"
#include "qbsweep/spectrum/steady_state.hpp"

namespace qbsweep {

struct SteadyEstimate {
  SteadyMethod method = SteadyMethod::automatic;  ///< the one asked for, or chosen
  double memory_bytes = 0.0;                      ///< of a process at its peak
  double seconds = 0.0;                           ///< on one core of 2020s hardware
  int fock_dim = 0;                               ///< that the estimate is for
  double unknowns = 0.0;                          ///< reals in a state of the full basis
};

/// The Fock levels with which a steady state loses less than 1e-6 by truncation: for Dicke a guess,
/// rather too low than too high, from the displaced field and its heating by jumps
/// (field_heating.hpp). That of Tavis-Cummings is the vacuum.
[[nodiscard]] int guess_steady_levels(const BatteryParameters& battery);

/// The methods in the order in which they are tried on the Fock levels of `battery`, without the
/// gap. One that is asked for comes alone. `automatic` tries all three: shift_invert first while
/// it takes next to no time, then what fits into the memory there is, the fastest first, then what
/// does not. A later one is tried only where all before it failed, that is, threw or left an error
/// above the tolerance. Takes microseconds; never empty.
[[nodiscard]] std::vector<SteadyEstimate> steady_methods_in_order(
    const BatteryParameters& battery, const SteadyStateSettings& settings);

/// The first of them.
[[nodiscard]] SteadyEstimate estimate_steady_state(const BatteryParameters& battery,
                                                   const SteadyStateSettings& settings);

/// The same of all that is asked for, with seconds within a factor of 3: with the gap, and with
/// auto_fock_dim for a guess of the levels that will be chosen. Takes microseconds.
[[nodiscard]] SteadyEstimate estimate_steady_point(const BatteryParameters& battery,
                                                   const SteadyStateSettings& settings);

}  // namespace qbsweep
