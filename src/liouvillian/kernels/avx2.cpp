#define QBSWEEP_KERNEL_SET avx2
#include "compile_kernels.inl"
