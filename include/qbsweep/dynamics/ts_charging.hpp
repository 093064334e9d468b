#pragma once
/// \file
/// The plain path of a charging run: PETSc's TS on the full basis.

#include <petscvec.h>

#include <functional>

#include "qbsweep/dynamics/charging_run.hpp"

namespace qbsweep {

/// Shown the state at t = 0 and after every step, in the full basis. What it throws ends the
/// charge; on several ranks all must throw together.
using StateCallback = std::function<void(double t, Vec state)>;

/// The charging run of `battery` on battery.fock_dim Fock levels by Runge-Kutta of order 5 (any
/// other type, step control and more from the PETSc options). The local error of every step is held
/// below the tolerance in the Frobenius norm of the state. Collective on `comm`.
///
/// A matrix-free Liouvillian is for one rank and for explicit types; all others need the assembled
/// one.
/// \throws LibraryError where PETSc fails, EnvironmentError where the integration does not reach
///         t_max or its steps are too long for the interpolation between them, or where a
///         matrix-free Liouvillian is asked for on several ranks; InputError where it is with an
///         implicit type
[[nodiscard]] ChargingResult ts_charging(MPI_Comm comm, const BatteryParameters& battery,
                                         const ChargingSettings& settings, const Watch& watch = {},
                                         const StateCallback& on_state = {});

}  // namespace qbsweep
