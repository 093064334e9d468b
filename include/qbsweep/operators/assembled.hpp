#pragma once
/// \file
/// The Liouvillian as an assembled sparse matrix.

#include <mpi.h>

#include "qbsweep/operators/liouvillian_rows.hpp"
#include "qbsweep/support/petsc.hpp"

namespace qbsweep {

/// The sum of `terms` as a PETSc AIJ matrix of basis.size() rows, distributed by PETSc's default
/// row layout over `comm`. Every rank counts the entries of its rows, then fills them, so that the
/// preallocation is exact. The diagonal is always stored, for implicit solvers that shift it.
/// Collective on `comm`.
/// \throws EnvironmentError where a size or a rank's number of entries passes PetscInt;
/// LibraryError
[[nodiscard]] petsc::Matrix assemble_liouvillian(MPI_Comm comm, const StateBasis& basis,
                                                 const BatteryParameters& battery,
                                                 const Terms& terms = Terms::all());

/// Upper bound for the entries of the assembled Liouvillian: what plans and memory checks count
/// with.
[[nodiscard]] std::int64_t estimate_liouvillian_entries(const BatteryParameters& battery);

}  // namespace qbsweep
