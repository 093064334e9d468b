#include "qbsweep/commands/version.hpp"

#include <fmt/format.h>
#include <hdf5.h>
#include <petscversion.h>
#include <slepcversion.h>

#include "qbsweep_version.hpp"

namespace qbsweep {

std::string version_text() {
  return fmt::format("qbsweep {} ({}), PETSc {}.{}.{}, SLEPc {}.{}.{}, HDF5 {}.{}.{}",
                     QBSWEEP_VERSION, QBSWEEP_GIT_REVISION, PETSC_VERSION_MAJOR,
                     PETSC_VERSION_MINOR, PETSC_VERSION_SUBMINOR, SLEPC_VERSION_MAJOR,
                     SLEPC_VERSION_MINOR, SLEPC_VERSION_SUBMINOR, H5_VERS_MAJOR, H5_VERS_MINOR,
                     H5_VERS_RELEASE);
}

}  // namespace qbsweep
