#pragma once
/// \file
/// The ground state of the full H, interaction included.

#include <mpi.h>

#include <vector>

#include "qbsweep/dynamics/watch.hpp"
#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

/// The lowest eigenstate of H on battery.fock_dim Fock levels, over all j.
///
/// It always sits in j = N/2. On the product basis of the 2^N space, with the cavity's odd levels
/// counted negative, no off-diagonal element of H is positive, so the moduli of a ground state's
/// amplitudes make a ground state as well; averaging that over all permutations of the atoms cannot
/// cancel it, and what is left is symmetric.
///
/// H conserves the parity of n + i (photons and excited atoms). On the superradiant side, g > g_c,
/// the lowest states of both parities approach each other; where they agree within the accuracy of
/// the solver the even one is taken. For Tavis-Cummings the state has one excitation number n + i
/// alone.
struct GroundState {
  double energy = 0.0;  ///< <H>
  int two_j = 0;        ///< of the block it sits in
  int parity = 0;       ///< of n + i: 0 even, 1 odd
  /// Of |j, i; n> in the basis where H_I is real (not the rotated one of coupling.hpp, in which
  /// they turn by the phase of the i-th power of the imaginary unit): real, normalised, [i][n].
  std::vector<double> amplitudes;
};

/// Collective on `comm`; every rank returns the same numbers.
/// \param watch  called around the factorisations, which cannot be interrupted, and for each
///                 application of an inverse
/// \throws EnvironmentError where the eigensolver does not converge; LibraryError
[[nodiscard]] GroundState ground_state(MPI_Comm comm, const BatteryParameters& battery,
                                       const Watch& watch = {});

}  // namespace qbsweep
