#pragma once
/// \file
/// The steady state as the dominant eigenvector of exp(L T).
///
/// SLEPc's Krylov-Schur on the even half of the state; exp(L T) is a series of polynomials on an
/// ellipse (ellipse_series.hpp), and the Liouvillian is applied without a matrix. Whether the
/// steady state is unique is found from the dominant eigenvalue on the traceless states.

#include "qbsweep/physics/parameters.hpp"
#include "qbsweep/solvers/steady_solution.hpp"

namespace qbsweep {

/// \param tolerance  of ||L rho|| / ||rho||, and what counts as a zero eigenvalue
/// On one process. Without any noise no state is given, and the multiplicity is counted from the
/// energies.
/// \throws EnvironmentError where it does not converge: first, last and required residual
[[nodiscard]] SteadySolution steady_propagator(const BatteryParameters& battery, double tolerance);

/// Bytes that it takes.
[[nodiscard]] double steady_propagator_bytes(const BatteryParameters& battery);

}  // namespace qbsweep
