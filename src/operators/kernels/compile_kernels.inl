// Compiles every kernel into one set. The files that include this define QBSWEEP_KERNEL_SET (a name
// for the set and its namespace) and QBSWEEP_LANES (doubles in a register) and are compiled with
// the flags of their instruction set. They must include nothing of the standard library that has
// code: the linker keeps one copy of every inline function, and it must not be one that other
// processors cannot run.
#include "kernel_sets.hpp"

#define QBSWEEP_NAME_TEXT(name) #name
#define QBSWEEP_NAME(name) QBSWEEP_NAME_TEXT(name)
#define QBSWEEP_SET_OF(name) name##_set
#define QBSWEEP_SET(name) QBSWEEP_SET_OF(name)

namespace qbsweep::kernels {
namespace QBSWEEP_KERNEL_SET {
namespace {
#include "lanes.hpp"
#include "parity_kernel.inl"
#include "parity_hermitian.inl"
#include "drive_kernel.inl"
#include "tavis_cummings_kernel.inl"
#include "add_scaled.inl"
}  // namespace
}  // namespace QBSWEEP_KERNEL_SET

KernelSet QBSWEEP_SET(QBSWEEP_KERNEL_SET)() {
  return {QBSWEEP_NAME(QBSWEEP_KERNEL_SET),
          &QBSWEEP_KERNEL_SET::parity_kernel,
          &QBSWEEP_KERNEL_SET::parity_hermitian_parts,
          &QBSWEEP_KERNEL_SET::drive_kernel,
          &QBSWEEP_KERNEL_SET::tavis_cummings_kernel,
          &QBSWEEP_KERNEL_SET::tavis_cummings_sums,
          &QBSWEEP_KERNEL_SET::add_scaled<1>,
          &QBSWEEP_KERNEL_SET::add_scaled<2>,
          &QBSWEEP_KERNEL_SET::combine};
}

}  // namespace qbsweep::kernels
