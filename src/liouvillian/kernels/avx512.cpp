#define QBSWEEP_KERNEL_SET avx512
#include "compile_kernels.inl"
