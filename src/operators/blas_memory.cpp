#include "qbsweep/operators/blas_memory.hpp"

#include <petscsys.h>
#include <sys/mman.h>

#include <vector>

#include "qbsweep/support/error.hpp"

#include <petscblaslapack.h>  // after petscsys.h, which it needs

namespace qbsweep {
namespace {

/// More than OpenBLAS takes for a thread (128 MiB in the builds of distributions).
constexpr std::size_t enough_bytes = std::size_t{136} << 20;

}  // namespace

void reserve_blas_memory() {
  void* const addresses = ::mmap(nullptr, enough_bytes, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (addresses == MAP_FAILED) {
    throw EnvironmentError(
        "cannot set up BLAS: a limit on the addresses of a process (ulimit -v) leaves less than "
        "136 MiB; raise it");
  }
  ::munmap(addresses, enough_bytes);
  // Large enough not to go to a kernel for small matrices, which needs no memory.
  constexpr PetscBLASInt size = 128;
  const std::vector<double> ones(static_cast<std::size_t>(size) * size, 1.0);
  std::vector<double> product(ones.size());
  const double one = 1.0;
  const double zero = 0.0;
  BLASgemm_("N", "N", &size, &size, &size, &one, ones.data(), &size, ones.data(), &size, &zero,
            product.data(), &size);
}

}  // namespace qbsweep
