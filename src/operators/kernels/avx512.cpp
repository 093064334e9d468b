#define QBSWEEP_KERNEL_SET avx512
#define QBSWEEP_LANES 8
#include "compile_kernels.inl"
