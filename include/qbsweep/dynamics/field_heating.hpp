#pragma once
/// \file
/// How far jumps of the atoms drive the field of a Dicke battery, for guesses of Fock levels.
///
/// A jump or a dephasing event turns the sigma_x of an atom about, and with it the place around
/// which the field swings: by 2 g' / omega_c. So sigma_x drives the cavity as a random telegraph
/// signal does, whose correlations decay at Gamma = gamma_down / 2 + 2 gamma_phi. On average that
/// adds N g'^2 2 Gamma / (Gamma^2 + omega_c^2) photons per time. Tavis-Cummings does not heat.

#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

/// Photons of the steady state that are put there by jumps, with what weakly coupled atoms absorb;
/// 0 without cavity loss, where only the atoms would limit them.
[[nodiscard]] double steady_heating(const BatteryParameters& battery);

/// The same after `t_max`, which without cavity loss may go on without end.
[[nodiscard]] double mean_heating(const BatteryParameters& battery, double t_max);

/// The square of the amplitude that kicks of the field reach within `t_max` with a probability of
/// `probability`: k kicks, whose number is Poisson distributed, add up at random phases, for the
/// most likely k. No more than one counts in half a period, nor longer than the cavity keeps it.
[[nodiscard]] double largest_heating(const BatteryParameters& battery, double t_max,
                                     double probability);

}  // namespace qbsweep
