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
///
/// Where it wins: weak damping, and few or no dephasing, because an iteration goes from jump to
/// jump and not through the time between them. Dicke at g = 2 g_c, N = 8, fock_dim 33, seconds of
/// one core for this and for steady_propagator():
///
///     kappa, gamma_down, gamma_phi     0.15, 0.1, 0.5    0.01, 0.01, 0.01    0.01, 0.01, 0
///     gmres                            1.4               0.7                 0.9
///     propagator                       1.9               10                  24
///
/// At the first of these rates: N = 4, 6, 8, 10 with fock_dim 4 N + 1 take 110, 158, 217, 262
/// applications, the last 5.4 s and 0.27 GB; N = 16 with fock_dim 60 takes 530, 125 s and 1.6 GB,
/// most of it for the vectors that GMRES keeps.

#include "qbsweep/physics/parameters.hpp"
#include "qbsweep/solvers/steady_solution.hpp"

namespace qbsweep {

/// Vectors that GMRES keeps.
inline constexpr int steady_gmres_restart = 100;

/// Multiplicity 2 stands for two or more. On one process.
/// \throws InputError without any noise: every function of H is then a steady state
/// \throws EnvironmentError where it does not converge: first, last and required residual
[[nodiscard]] SteadySolution steady_gmres(const BatteryParameters& battery,
                                          const SteadySearch& search = {},
                                          int restart = steady_gmres_restart);

/// Bytes that it takes.
[[nodiscard]] double steady_gmres_bytes(const BatteryParameters& battery);

}  // namespace qbsweep
