#pragma once
/// \file
/// What truncation of the Fock space costs a charging run, and how many levels `fock_dim: auto`
/// keeps.
///
/// Two things are at work. What jumps average over costs populations: energies move by up to about
///
///     5 (N omega_0 p + omega_c p fock_dim r/(1 - r)),   r = p/p',
///
/// p the population of the two highest levels, p' that of the two below them: what the tail would
/// bring into the battery, and the photons of a geometric tail; without the factor 5 it was up to
/// 11 times too low (N = 1, kappa = 0.6, 1.2 g_c). What has met no jump costs
/// amplitudes, which is far more where nothing or little damps (no_jump_truncation.hpp). The larger
/// of both was between 0.25 and 230 times the true error in 253 runs (N = 1 .. 5, g up to 2.5 g_c,
/// rates from none and 1e-4 to 0.3, errors from 0.1 to 1e-12), 4 times in the median.
///
/// Tavis-Cummings never climbs: what is cut of the initial state is all it loses.

#include <cstdint>
#include <optional>

#include "qbsweep/dynamics/charging_result.hpp"
#include "qbsweep/dynamics/no_jump_truncation.hpp"
#include "qbsweep/dynamics/watch.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/schedule.hpp"

namespace qbsweep {

/// Photons missing in a geometric tail, and its population: p (1 + fock_dim r/(1 - r)).
/// \param tail   p, population of the levels fock_dim - 2 and fock_dim - 1
/// \param below  p', of the two below
[[nodiscard]] double tail_error(int fock_dim, double tail, double below);

/// The first of the estimates above, in the unit of omega_0.
[[nodiscard]] double tail_energy(const BatteryParameters& battery, int fock_dim, double tail,
                                 double below);

/// What truncation did to the energies and ergotropies of a charging run, in the unit of omega_0:
/// from the largest tail_energy() of its states (in `diagnostics`), what was cut of the first one,
/// and `no_jump_error`; without that, from all the amplitude of the largest Fock tail.
[[nodiscard]] double truncation_error(const BatteryParameters& battery,
                                      const ChargingDiagnostics& diagnostics,
                                      std::optional<double> no_jump_error);

/// Levels, and what is known of the states without a jump on them.
struct FockLevels {
  int fock_dim = 0;
  /// The second of the estimates above. None where the state vector does not carry the terms of the
  /// battery.
  std::optional<double> no_jump_error = {};
  std::optional<LaterWeights> later = {};  ///< none where the state vector does not tell
};

/// The same for the levels of `battery`, as they are. Takes about four times what a run without
/// noise takes, which is little beside one with noise.
[[nodiscard]] FockLevels judge_fock_levels(const BatteryParameters& battery, double t_max,
                                           const Watch& watch = {}, const Schedule& schedule = {});

/// The Fock levels with which a charging run is expected to lose somewhat less than `tolerance` by
/// truncation: for Tavis-Cummings exact, for Dicke from the evolution of a state vector between the
/// jumps of the noise. Dephasing and jumps may heat the cavity further, so the run has to be
/// checked afterwards. Takes several times what a run without noise takes.
/// \param tolerance  an energy, in the unit of omega_0
/// \param watch  looked in on meanwhile, as by the others here
/// \throws EnvironmentError where more levels or more work would be needed than is sensible
[[nodiscard]] FockLevels predict_fock_levels(const BatteryParameters& battery, double t_max,
                                             double tolerance, const Watch& watch = {},
                                             const Schedule& schedule = {});
[[nodiscard]] int predict_fock_dim(const BatteryParameters& battery, double t_max,
                                   double tolerance);

/// The levels to try after those of `battery` were too few for `tolerance`: as many as a tail that
/// falls off on as steeply as its end needs, between an eighth and a half more.
[[nodiscard]] int more_levels(const BatteryParameters& battery,
                              const ChargingDiagnostics& diagnostics, double tolerance);

}  // namespace qbsweep
