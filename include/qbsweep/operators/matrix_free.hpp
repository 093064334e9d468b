#pragma once
/// \file
/// The Liouvillian as a PETSc matrix that is applied without being stored.

#include <mpi.h>

#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/state_basis.hpp"
#include "qbsweep/support/petsc.hpp"

namespace qbsweep {

/// The same operator as assemble_liouvillian(), on the same basis, for either interaction: a
/// MATSHELL with MatMult and MatCreateVecs. Its two parity sectors (parity_sector.hpp) are picked
/// out of the vector, applied, and put back. It takes memory for about one state of its own.
/// Collective on `comm`.
/// \param basis  the whole one: with blocks below j = N/2 exactly where the battery has local noise
/// \throws EnvironmentError on every rank where `comm` has more than one, or where the number of
///         unknowns passes PetscInt; LibraryError
[[nodiscard]] petsc::Matrix matrix_free_liouvillian(MPI_Comm comm, const StateBasis& basis,
                                                    const BatteryParameters& battery);

}  // namespace qbsweep
