#pragma once
/// \file
/// One charge: from the discharged battery and a filled cavity through the charging window.

#include <mpi.h>
#include <petscvec.h>

#include <functional>

#include "qbsweep/physics/parameters.hpp"
#include "qbsweep/solvers/charge_result.hpp"
#include "qbsweep/solvers/charge_settings.hpp"

namespace qbsweep {

/// Called now and then while a charge is computed, on every rank. What it throws ends the charge
/// and comes out of charge() on the rank that threw; on several ranks all must throw together.
///
/// Propagator::ts calls it at t = 0 and after every step with the state there, in the full basis.
/// Propagator::chebyshev has a state at the ends of its long steps only, in sectors; it calls with
/// the begin of the step that is under way and no state (nullptr).
using StepCallback = std::function<void(double t, Vec state)>;

/// Charges a battery and follows the figures of merit in continuous time.
/// Collective on `comm`; every rank returns the same numbers. Only Propagator::ts shares the work
/// out among the ranks; with Propagator::chebyshev each rank computes the whole.
///
/// \throws LibraryError where PETSc fails, and EnvironmentError where the tolerance cannot be kept
/// or
///         `auto_fock_dim` finds no number of Fock levels that fits
[[nodiscard]] ChargeResult charge(MPI_Comm comm, const BatteryParameters& battery,
                                  const ChargeSettings& settings, const StepCallback& on_step = {});

}  // namespace qbsweep
