#pragma once
/// \file
/// The steady state as the dominant eigenvector of exp(L T).
///
/// SLEPc's Krylov-Schur on the even half of the state; exp(L T) is a series of polynomials on an
/// ellipse (ellipse_series.hpp), and the Liouvillian is applied without a matrix. Whether the
/// steady state is unique, and how slowly errors decay, is found first, from the dominant
/// eigenvalue on the traceless states; where cavity and atoms decay the state is known to be unique
/// (steady_states.hpp), and the second eigenvalue of the same iteration tells the decay. An error
/// of the state is what it changes by in another T, over 1 - exp(-gap T); rounding keeps it above
/// about 1e-13 of that, so gaps below 1e-4 or so are for the other methods.
///
/// The cost: applications of L, in number about the largest frequency in L over the gap, some tens
/// of times.
///
/// Where it wins: memory, many atoms, and strong dephasing or damping: what takes GMRES many jumps
/// is over in a short time. Weak damping takes long times, and there GMRES wins by far (see the
/// table of steady_gmres.hpp). Dicke at g = 2 g_c, kappa = 0.15, gamma_down = 0.1, gamma_phi = 0.5:
/// N = 10 with fock_dim 41 takes 8800 applications, 8 s of one core and 0.13 GB.

#include "qbsweep/model/parameters.hpp"
#include "qbsweep/spectrum/steady_solution.hpp"

namespace qbsweep {

/// On one process. Without any noise no state is given, and the multiplicity is counted from the
/// energies. The error may come out above the tolerance.
/// \throws EnvironmentError where it does not converge: first, last and required residual
[[nodiscard]] SteadySolution steady_propagator(const BatteryParameters& battery,
                                               const SteadySearch& search = {});

/// Bytes that it takes.
[[nodiscard]] double steady_propagator_bytes(const BatteryParameters& battery);

}  // namespace qbsweep
