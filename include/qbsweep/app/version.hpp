#pragma once

#include <string>

namespace qbsweep {

/// "qbsweep 0.1.0 (revision), PETSc ..., HDF5 ..., Open MPI ...": what this program was built from.
[[nodiscard]] std::string version_text();

}  // namespace qbsweep
