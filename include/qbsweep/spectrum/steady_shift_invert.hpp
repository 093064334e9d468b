#pragma once
/// \file
/// Steady states of small batteries: the eigenvalues around zero of the assembled Liouvillian.

#include <mpi.h>

#include "qbsweep/dynamics/watch.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/spectrum/steady_solution.hpp"

namespace qbsweep {

/// The steady state by SLEPc's Krylov-Schur on (L - sigma)^-1, factorised by MUMPS.
///
/// L is restricted to one parity of k = (n + i) - (l + k) at a time (parity_sector.hpp). Tr is a
/// left eigenvector of L to zero and lives in the even half, so there the state lies. sigma is
/// real, positive and small against the noise: L generates a contraction, all its eigenvalues have
/// real parts <= 0, so that L - sigma is never singular, while the eigenvalues around zero are by
/// far the largest of its inverse.
///
/// After each eigenvalue within rounding of zero the eigenvectors found are deflated and the
/// search begins anew, until one lies outside: a Krylov space by itself holds one vector of a
/// multiple eigenvalue. The odd half is searched as well. Where both cavity and atoms decay there
/// is one steady state and no more (steady_states.hpp), and no second vector is looked for.
///
/// A unique state is improved with the same factors, from residuals of more digits than double
/// precision has (extended_product.hpp), until its error is within the tolerance: that works for
/// gaps down to about 1e-12 of the largest frequency in L.
///
/// With a multiplicity above 1 the state returned is one of many, and its error NaN. Collective on
/// `comm`.
/// \param battery    with noise of some kind
/// \param tolerance  of SteadySolution::error, which may come out larger
/// \param watch      called around the factorisations and for each application of the inverse; a
///                   factorisation itself cannot be interrupted
/// \throws EnvironmentError where the factors do not fit into the memory that is available, or
///         where the eigensolver does not converge; LibraryError
[[nodiscard]] SteadySolution steady_shift_invert(MPI_Comm comm, const BatteryParameters& battery,
                                                 double tolerance, const Watch& watch = {});

/// Bytes that it takes at its peak, on all ranks together: a fit to what was measured for N from
/// 1 to 12, not below it and up to 1.4 times as much. Takes no time.
[[nodiscard]] double steady_shift_invert_memory(const BatteryParameters& battery);

}  // namespace qbsweep
