#pragma once
/// \file
/// HDF5 files that several ranks write into.

#include <mpi.h>

#include <string>

#include "hdf5_handle.hpp"

namespace qbsweep::hdf5 {

/// Opens a file that is there for writing by all ranks of `comm`. Collective.
/// \throws LibraryError, maybe on some ranks only: closing is collective, too
[[nodiscard]] File open_for_writing(MPI_Comm comm, const std::string& path);

}  // namespace qbsweep::hdf5
