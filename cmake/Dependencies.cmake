# Finds what qbsweep stands on and says in one sentence what is missing or wrong with an unsuitable one.
include(CheckCXXSourceCompiles)

# qbsweep_missing(WHAT DEBIAN_PACKAGE ELSEWHERE): ends the configuration with the one sentence.
function(qbsweep_missing what package elsewhere)
  message(FATAL_ERROR
    "qbsweep needs ${what}, which was not found. On Debian install ${package}; elsewhere ${elsewhere}. "
    "Then configure again.")
endfunction()

# qbsweep_find(WHAT DEBIAN_PACKAGE NAME [arguments of find_package...]). A macro, for what find_package sets
# is used where it is called.
macro(qbsweep_find what package name)
  find_package(${name} QUIET ${ARGN})
  if(NOT ${name}_FOUND)
    qbsweep_missing("${what}" ${package} "load its module or put its prefix into CMAKE_PREFIX_PATH")
  endif()
endmacro()

find_package(PkgConfig QUIET)
if(NOT PKG_CONFIG_FOUND)
  qbsweep_missing("pkg-config" pkg-config "install pkg-config or pkgconf and put it into PATH")
endif()
find_package(Threads REQUIRED)
find_package(MPI QUIET COMPONENTS C CXX)
if(NOT MPI_FOUND)
  qbsweep_missing("an MPI with its compiler wrappers" libopenmpi-dev
                  "load the MPI module, so that mpicc and mpicxx are in PATH")
endif()
qbsweep_find("Eigen 3.3 or later" libeigen3-dev Eigen3 3.3 NO_MODULE)
qbsweep_find("BLAS" libopenblas-dev BLAS)
qbsweep_find("LAPACK" libopenblas-dev LAPACK)
qbsweep_find("the library fmt" libfmt-dev fmt)
qbsweep_find("yaml-cpp" libyaml-cpp-dev yaml-cpp)
qbsweep_find("CLI11" libcli11-dev CLI11)
qbsweep_find("nlohmann-json" nlohmann-json3-dev nlohmann_json)
qbsweep_find("zlib" zlib1g-dev ZLIB)

# --- PETSc: real scalars ---------------------------------------------------------------------
# Clusters: put $PETSC_DIR/$PETSC_ARCH/lib/pkgconfig into PKG_CONFIG_PATH.
pkg_search_module(PETSC QUIET IMPORTED_TARGET PETSc>=3.18 petsc>=3.18)
if(NOT PETSC_FOUND)
  qbsweep_missing("PETSc 3.18 or later" libpetsc-real-dev
                  "put the folder of its PETSc.pc (PETSC_DIR/PETSC_ARCH/lib/pkgconfig) into PKG_CONFIG_PATH")
endif()
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
pkg_search_module(SLEPC QUIET IMPORTED_TARGET SLEPc slepc)
if(NOT SLEPC_FOUND)
  qbsweep_missing("SLEPc" libslepc-real-dev
                  "put the folder of its SLEPc.pc (SLEPC_DIR/PETSC_ARCH/lib/pkgconfig) into PKG_CONFIG_PATH")
endif()
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
find_package(HDF5 QUIET COMPONENTS C HL)
if(NOT HDF5_FOUND)
  qbsweep_missing("a parallel HDF5 with its high-level library" libhdf5-openmpi-dev
                  "load the parallel HDF5 module or set HDF5_ROOT to it")
endif()
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
