#pragma once
/// \file
/// The state a battery and its cavity settle in: L rho = 0.

#include <mpi.h>

#include <cstdint>
#include <vector>

#include "qbsweep/dynamics/watch.hpp"
#include "qbsweep/model/figures_of_merit.hpp"
#include "qbsweep/model/observable.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/steady_method.hpp"

namespace qbsweep {

struct SteadyStateSettings {
  SteadyMethod method = SteadyMethod::automatic;
  bool gap = false;         ///< whether the Liouvillian gap is computed as well
  double tolerance = 1e-9;  ///< of SteadyStateResult::error; the unit of omega_0
  /// Whether the Fock levels are chosen so that truncation costs less than
  /// steady_truncation_tolerance(); BatteryParameters::fock_dim is then not looked at.
  bool auto_fock_dim = false;
  std::vector<const Observable*> observables = {};  ///< that are asked for besides
  ObservableSizes sizes = {};                       ///< of these
};

/// What truncation may cost the energies where the Fock levels are chosen: 1e-6 omega_0, or the
/// tolerance where that is looser.
[[nodiscard]] double steady_truncation_tolerance(const BatteryParameters& battery,
                                                 const SteadyStateSettings& settings);

/// The steady state's numbers.
///
/// The multiplicity is that of permutation-invariant states (liouvillian_gap.hpp), and counts all
/// blocks j. Without local noise each of them has a steady state of its own; the one that is stored
/// is that of j = N/2, in which every charging run remains. Odd elements, of which steady states
/// are almost always free, count by shift_invert and wherever the gap is asked for.
/// Where charging runs can end in different states, that is, with more than one steady state in
/// the blocks they reach, energies, ergotropies, errors and the Fock tail are NaN.
struct SteadyStateResult {
  double battery_energy = unset;
  double photon_number = unset;
  double interaction_energy = unset;  ///< <H_I>
  double total_energy = unset;        ///< <H> with the interaction switched on
  PerDefinition<double> ergotropy = {unset, unset, unset};
  std::vector<double> observables;  ///< SteadyStateSettings::observables, in their order
  double residual = unset;          ///< ||L rho|| / ||rho||, Frobenius norms of what is stored
  /// Estimate of the largest error of battery_energy, omega_c photon_number, interaction_energy,
  /// total_energy and ergotropy, truncation aside; the unit of omega_0. It is what the residual
  /// comes to, L^+ L rho as the energies see it, which next to a small gap is far more than the
  /// residual itself.
  double error = unset;
  std::int64_t multiplicity = 1;  ///< eigenvalues of L within rounding of zero
  /// -(largest real part among the other eigenvalues); NaN unless asked for.
  double gap = unset;
  SteadyMethod method = SteadyMethod::automatic;  ///< the one that was used
  int fock_dim = 0;
  std::int64_t unknowns = 0;  ///< reals in a state of the full basis
  std::int64_t operator_applications = 0;
  double fock_tail = unset;         ///< population of the two highest Fock levels kept
  double truncation_error = unset;  ///< estimate of what `error` bounds, by truncation; omega_0
};

/// The steady state of `battery` on battery.fock_dim Fock levels or those chosen. The charger and
/// the initial state of a charging run do not matter. Collective on `comm`; every rank returns the
/// same numbers.
/// \param watch  the fraction is known while gmres works on the one state that is looked for, and
///               unknown otherwise
/// \throws EnvironmentError where no method brings the error within the tolerance, saying how far
///         each came that was tried; LibraryError
[[nodiscard]] SteadyStateResult steady_state(MPI_Comm comm, const BatteryParameters& battery,
                                             const SteadyStateSettings& settings,
                                             const Watch& watch = {});

}  // namespace qbsweep
