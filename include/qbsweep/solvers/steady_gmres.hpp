#pragma once
/// \file
/// The steady state by GMRES on L rho = 0, preconditioned with the inverse of the no-jump part.
///
/// L is singular, but the equation is consistent: GMRES begins at a state of trace 1 and stays
/// clear of the kernel, because its residuals, L x, are traceless. The trace is divided out at the
/// end. Only the even half of the state takes part, and the Liouvillian is applied without a
/// matrix.
///
/// The steady state is then looked for a second time from a pure state, until it comes close to the
/// first. Where it does not, there are at least two steady states.

#include "qbsweep/physics/parameters.hpp"
#include "qbsweep/solvers/steady_solution.hpp"

namespace qbsweep {

struct SteadyGmresSettings {
  double tolerance = 1e-9;  ///< of ||L rho|| / ||rho||
  int restart = 100;        ///< vectors that GMRES keeps
};

/// Multiplicity 2 stands for two or more. On one process.
/// \throws InputError without any noise: every function of H is then a steady state
/// \throws EnvironmentError where it does not converge: first, last and required residual
[[nodiscard]] SteadySolution steady_gmres(const BatteryParameters& battery,
                                          const SteadyGmresSettings& settings = {});

/// Bytes that it takes.
[[nodiscard]] double steady_gmres_bytes(const BatteryParameters& battery,
                                        const SteadyGmresSettings& settings = {});

}  // namespace qbsweep
