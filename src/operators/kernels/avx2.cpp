#define QBSWEEP_KERNEL_SET avx2
#define QBSWEEP_LANES 4
#include "compile_kernels.inl"
