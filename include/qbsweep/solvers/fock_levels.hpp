#pragma once
/// \file
/// `fock_dim: auto`: how many Fock levels a charge needs.
///
/// What truncation costs was measured against twice the levels (N = 2 .. 8, with and without
/// noise): energies and ergotropies move by 1 to 10 times the population of the highest levels, the
/// photon number by as much as the levels that are missing would hold. So the error is taken to be
///
///     p (1 + fock_dim r/(1 - r)),   r = p/p',
///
/// p the population of the two highest levels and p' that of the two below them: the photons in a
/// geometric tail. Tavis-Cummings never climbs: what is cut of the first state is all it loses.

#include <cstdint>

#include "qbsweep/physics/parameters.hpp"
#include "qbsweep/solvers/charge_result.hpp"

namespace qbsweep {

/// The estimate above.
/// \param tail   p, population of the levels fock_dim - 2 and fock_dim - 1
/// \param below  p', of the two below
[[nodiscard]] double tail_error(int fock_dim, double tail, double below);

/// What truncation did to the results of a charge, from the largest tail_error() of its states (in
/// `diagnostics`) and what was cut of the first one.
[[nodiscard]] double truncation_error(const BatteryParameters& battery,
                                      const ChargeDiagnostics& diagnostics);

/// The Fock levels with which a charge is expected to lose somewhat less than `tolerance` by
/// truncation: for Tavis-Cummings exact, for Dicke from the evolution of a state vector between the
/// jumps of the noise. Dephasing and jumps may heat the cavity further, so the charge has to be
/// checked afterwards. Takes milliseconds.
[[nodiscard]] int predict_fock_dim(const BatteryParameters& battery, double t_max,
                                   double tolerance);

/// A guess at the same in microseconds: what the first state needs, and some more where the
/// coupling is strong.
[[nodiscard]] int guess_fock_dim(const BatteryParameters& battery, double tolerance);

}  // namespace qbsweep
