#pragma once
/// \file
/// The fast path of a charging run: exp(L t) as a series on an ellipse, sector by sector, with the
/// observations known at every time.

#include <optional>

#include "qbsweep/dynamics/charging_run.hpp"
#include "qbsweep/dynamics/no_jump_truncation.hpp"

namespace qbsweep {

/// The charging run of `battery` on battery.fock_dim Fock levels, or with `auto_fock_dim` on more
/// where truncation would cost a step more than the tolerance. The window is covered by as few
/// steps as memory, rounding and the loss of photons allow: what a state no longer needs of its
/// levels is left out from one step to the next. Collective on `comm`, whose ranks share the state
/// where the operators can be shared (matrix_free_operators()) and each compute it all where not;
/// every rank returns the same numbers.
///
/// The field of values of L bounds the series' terms, and the right end of the ellipse around it
/// the coefficients. What every few terms really measure is watched, and a series that would lose
/// digits is done again in shorter steps.
/// \param later                 of the states that have met no jump; without it no levels are left
///                              out
/// \param watch                 saves hold the series in the middle of a step; a charging run whose
///                              store has one for the same Fock levels is resumed
/// \param earlier_applications  of L, for other numbers of Fock levels; counted in the result and
///                              in what is saved
/// \throws EnvironmentError where rounding would cost more than the tolerance; ComputationLeft
[[nodiscard]] ChargingResult series_charging(MPI_Comm comm, const BatteryParameters& battery,
                                             const ChargingSettings& settings, const Watch& watch,
                                             const std::optional<LaterWeights>& later,
                                             std::int64_t earlier_applications);

/// For how many Fock levels the store of `watch` has a charging run, and the earlier applications
/// it counts; 0 levels where it has none. Collective as the store is.
struct SavedCharging {
  int fock_dim = 0;
  std::int64_t earlier_applications = 0;
};
[[nodiscard]] SavedCharging saved_charging(const Watch& watch);

}  // namespace qbsweep
