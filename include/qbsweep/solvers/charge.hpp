#pragma once
/// \file
/// One charge: from the discharged battery and a filled cavity through the charging window.

#include <mpi.h>

#include <functional>

#include "qbsweep/physics/parameters.hpp"
#include "qbsweep/solvers/figures_recorder.hpp"
#include "qbsweep/support/petsc.hpp"

namespace qbsweep {

/// Called at t = 0 and after every step with the state there, on every rank. What it throws ends
/// the charge and comes out of charge() on the rank that threw; on several ranks all must throw
/// together.
using StepCallback = std::function<void(double t, Vec state)>;

/// Charges a battery: assembles the Liouvillian, integrates it with PETSc's TS (Runge-Kutta of
/// order 5 by default; any type, step control and more from the PETSc options) and follows the
/// figures of merit in continuous time.
///
/// The local error of every step is held below the tolerance in the Frobenius norm of the state.
/// Collective on `comm`; every rank returns the same numbers.
///
/// \throws LibraryError where PETSc fails, and EnvironmentError where the integration does not
/// reach
///         t_max or its steps are too long for the interpolation between them
[[nodiscard]] ChargeResult charge(MPI_Comm comm, const BatteryParameters& battery,
                                  const ChargeSettings& settings, const StepCallback& on_step = {});

}  // namespace qbsweep
