#define QBSWEEP_KERNEL_SET portable
#define QBSWEEP_LANES 2
#include "compile_kernels.inl"
