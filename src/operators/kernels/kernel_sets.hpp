#pragma once
/// \file
/// One function for every instruction set that the kernels are compiled for.

#include "kernels.hpp"

namespace qbsweep::kernels {

[[nodiscard]] KernelSet portable_set();
[[nodiscard]] KernelSet avx2_set();    // x86-64-v3
[[nodiscard]] KernelSet avx512_set();  // x86-64-v4

}  // namespace qbsweep::kernels
