#pragma once
/// \file
/// The steady state by GMRES on L rho = 0, preconditioned with the inverse of the no-jump part.
///
/// L is singular, but the equation is consistent. It is solved by iterative refinement: GMRES in
/// double precision for a correction, then the residual anew with more digits
/// (extended_product.hpp), until it is small enough. The trace is divided out at the end. Only the
/// even half of the state takes part, and the Liouvillian is applied without a matrix.
///
/// What is small enough follows from a second solve: the difference of the steady state and a pure
/// state is taken to zero, too. What is slow stays in it longest, and so the largest error of an
/// energy per residual shows, about 1 over the gap. A difference that stays where its residual is
/// rounding is another steady state.
///
/// The cost: applications of L and of the preconditioner, together for both solves some 30 for each
/// factor of 1000 in the residuals where nothing is slow, and more with dephasing, with strong
/// coupling and next to a small gap; and one diagonalisation of H_eff for every block and parity.
///
/// Where it wins: weak damping, and few or no dephasing, because an iteration goes from jump to
/// jump and not through the time between them. Dicke at g = 2 g_c, N = 8, fock_dim 33, seconds of
/// one core for this and for steady_propagator():
///
///     kappa, gamma_down, gamma_phi     0.15, 0.1, 0.5    0.01, 0.01, 0.01    0.01, 0.01, 0
///     gmres                            3.5               1.5                 2.1
///     propagator                       2.4               13                  27
///
/// At the first of these rates: N = 4, 6, 8, 10 with fock_dim 4 N + 1 take 110, 158, 217, 262
/// applications (when the residual alone was asked for, to 1e-9), the last 5.4 s and 0.27 GB; N =
/// 16 with fock_dim 60 takes 530, 125 s and 1.6 GB, most of it for the vectors that GMRES keeps.

#include "qbsweep/model/parameters.hpp"
#include "qbsweep/spectrum/steady_solution.hpp"

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
