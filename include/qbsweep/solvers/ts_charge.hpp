#pragma once
/// \file
/// The plain path of a charge: PETSc's TS on the full basis.

#include "qbsweep/solvers/charge.hpp"

namespace qbsweep {

/// The charge of `battery` on battery.fock_dim Fock levels by Runge-Kutta of order 5 (any other type,
/// step control and more from the PETSc options). The local error of every step is held below the
/// tolerance in the Frobenius norm of the state. Collective on `comm`.
/// \throws LibraryError where PETSc fails, and EnvironmentError where the integration does not reach
///         t_max or its steps are too long for the interpolation between them
[[nodiscard]] ChargeResult ts_charge(MPI_Comm comm, const BatteryParameters& battery,
                                     const ChargeSettings& settings, const StepCallback& on_step);

}  // namespace qbsweep
