#define QBSWEEP_KERNEL_SET portable
#include "compile_kernels.inl"
