#pragma once
/// \file
/// The state a battery and its cavity settle in: L rho = 0.

#include <mpi.h>

#include <cstdint>

#include "qbsweep/physics/figures_of_merit.hpp"
#include "qbsweep/physics/parameters.hpp"
#include "qbsweep/solvers/step_hook.hpp"

namespace qbsweep {

/// How the steady state is found.
enum class SteadyMethod {
  automatic,     ///< by size and memory
  shift_invert,  ///< SLEPc around zero on the assembled, factorised Liouvillian
  propagator,    ///< the dominant eigenvector of exp(L T), matrix-free
  gmres          ///< GMRES preconditioned by the no-jump part, matrix-free
};

struct SteadyStateSettings {
  SteadyMethod method = SteadyMethod::automatic;
  bool gap = false;         ///< whether the Liouvillian gap is computed as well
  double tolerance = 1e-9;  ///< of ||L rho|| / ||rho||; also what counts as a zero eigenvalue
  /// Whether the Fock levels are chosen so that truncation costs less than
  /// steady_truncation_tolerance(); BatteryParameters::fock_dim is then not looked at.
  bool auto_fock_dim = false;
};

/// What truncation may cost where the Fock levels are chosen: absolute, energies in the unit of
/// omega_0. 1e-6, or the tolerance of the residual where that is looser.
[[nodiscard]] double steady_truncation_tolerance(const SteadyStateSettings& settings);

/// The steady state's numbers. The multiplicity counts both parities by shift_invert and wherever
/// the gap is asked for, else the even one, which holds the state; with automatic levels and no gap
/// it may be that of somewhat fewer levels. With a multiplicity above 1 the state is not unique:
/// its energies, ergotropies, Fock tail and truncation error are then NaN.
struct SteadyStateResult {
  double battery_energy = unset;
  double photon_number = unset;
  double interaction_energy = unset;  ///< <H_I>
  double total_energy = unset;        ///< <H> with the interaction switched on
  PerDefinition<double> ergotropy = {unset, unset, unset};
  double residual = unset;        ///< ||L rho|| / ||rho||, Frobenius norms of what is stored
  std::int64_t multiplicity = 1;  ///< eigenvalues of L within the tolerance of zero
  /// -(largest real part among the other eigenvalues); NaN unless asked for.
  double gap = unset;
  SteadyMethod method = SteadyMethod::automatic;  ///< the one that was used
  int fock_dim = 0;
  std::int64_t unknowns = 0;  ///< reals in a state of the full basis
  std::int64_t operator_applications = 0;
  double fock_tail = unset;         ///< population of the two highest Fock levels kept
  double truncation_error = unset;  ///< estimate for all results: 5 times tail_error() of
                                    ///< fock_levels.hpp
};

/// The steady state of `battery` on battery.fock_dim Fock levels or those chosen. The charger and
/// the first state of a charge do not matter. Collective on `comm`; every rank returns the same
/// numbers.
/// \param on_step  the fraction is known while gmres works on the one state that is looked for, and
///                 unknown otherwise
/// \throws EnvironmentError where the residual does not reach the tolerance (naming the first, the
///         last and the required one), where the solution is no state, or where the memory that is
///         needed is not there; LibraryError
[[nodiscard]] SteadyStateResult steady_state(MPI_Comm comm, const BatteryParameters& battery,
                                             const SteadyStateSettings& settings,
                                             const StepHook& on_step = {});

}  // namespace qbsweep
