#include "qbsweep/app/version.hpp"

#include <fmt/format.h>
#include <petscversion.h>
#include <slepcversion.h>

#include "qbsweep/archive/archive.hpp"
#include "qbsweep_version.hpp"

namespace qbsweep {

std::string version_text() {
  return fmt::format("qbsweep {} ({}), PETSc {}.{}.{}, SLEPc {}.{}.{}, HDF5 {}", QBSWEEP_VERSION,
                     QBSWEEP_GIT_REVISION, PETSC_VERSION_MAJOR, PETSC_VERSION_MINOR,
                     PETSC_VERSION_SUBMINOR, SLEPC_VERSION_MAJOR, SLEPC_VERSION_MINOR,
                     SLEPC_VERSION_SUBMINOR, hdf5_version());
}

}  // namespace qbsweep
