# Finds what qbsweep stands on and says in one sentence what is wrong with an unsuitable one.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(MPI REQUIRED COMPONENTS C CXX)
find_package(Eigen3 3.3 REQUIRED NO_MODULE)
find_package(BLAS REQUIRED)
find_package(LAPACK REQUIRED)
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)

# --- PETSc: real scalars ---------------------------------------------------------------------
# Clusters: put $PETSC_DIR/$PETSC_ARCH/lib/pkgconfig into PKG_CONFIG_PATH.
pkg_search_module(PETSC REQUIRED IMPORTED_TARGET PETSc petsc)
include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_LIBRARIES PkgConfig::PETSC MPI::MPI_CXX)
check_cxx_source_compiles("
  #include <petscconf.h>
  #if defined(PETSC_USE_COMPLEX) || !defined(PETSC_USE_REAL_DOUBLE)
  #error complex or not double precision
  #endif
  int main() { return 0; }" QBSWEEP_PETSC_IS_REAL_DOUBLE)
unset(CMAKE_REQUIRED_LIBRARIES)
if(NOT QBSWEEP_PETSC_IS_REAL_DOUBLE)
  message(FATAL_ERROR
    "qbsweep needs a PETSc with real double-precision scalars, and the one found "
    "(PETSc ${PETSC_VERSION}, ${PETSC_INCLUDEDIR}) is complex, single precision or unusable. "
    "On Debian install libpetsc-real-dev; elsewhere put the pkgconfig folder of a real build "
    "(PETSC_DIR/PETSC_ARCH/lib/pkgconfig, configured --with-scalar-type=real) first in "
    "PKG_CONFIG_PATH. Then configure in an empty build folder.")
endif()

# --- SLEPc, of the same build ------------------------------------------------------------------
pkg_search_module(SLEPC REQUIRED IMPORTED_TARGET SLEPc slepc)
set(CMAKE_REQUIRED_LIBRARIES PkgConfig::SLEPC PkgConfig::PETSC MPI::MPI_CXX)
check_cxx_source_compiles("
  #include <slepceps.h>
  #if SLEPC_VERSION_MAJOR != PETSC_VERSION_MAJOR || SLEPC_VERSION_MINOR != PETSC_VERSION_MINOR
  #error of another PETSc
  #endif
  int main(int argc, char** argv) {
    return SlepcInitialize(&argc, &argv, nullptr, nullptr);
  }" QBSWEEP_SLEPC_FITS_PETSC)
unset(CMAKE_REQUIRED_LIBRARIES)
if(NOT QBSWEEP_SLEPC_FITS_PETSC)
  message(FATAL_ERROR
    "qbsweep needs the SLEPc that was built on its PETSc, and the one found (SLEPc ${SLEPC_VERSION}, "
    "${SLEPC_INCLUDEDIR}) does not go with PETSc ${PETSC_VERSION}. On Debian install "
    "libslepc-real-dev; elsewhere put the pkgconfig folder of the fitting build first in "
    "PKG_CONFIG_PATH. Then configure in an empty build folder.")
endif()

# --- HDF5: parallel --------------------------------------------------------------------------
set(HDF5_PREFER_PARALLEL ON)
find_package(HDF5 REQUIRED COMPONENTS C HL)
if(NOT HDF5_IS_PARALLEL)
  message(FATAL_ERROR
    "qbsweep needs a parallel HDF5, and the one found (${HDF5_VERSION}, ${HDF5_INCLUDE_DIRS}) is "
    "serial. On Debian install libhdf5-openmpi-dev; elsewhere load the parallel HDF5 module or "
    "set HDF5_ROOT to it. Then configure in an empty build folder.")
endif()
add_library(qbsweep_hdf5 INTERFACE)
target_include_directories(qbsweep_hdf5 SYSTEM INTERFACE ${HDF5_INCLUDE_DIRS})
target_compile_definitions(qbsweep_hdf5 INTERFACE ${HDF5_DEFINITIONS})
target_link_libraries(qbsweep_hdf5 INTERFACE ${HDF5_HL_LIBRARIES} ${HDF5_LIBRARIES} MPI::MPI_C)
