#include "kernels.hpp"

#include <vector>

#include "kernel_sets.hpp"

namespace qbsweep::kernels {

std::span<const KernelSet> available() {
  static const std::vector<KernelSet> sets = [] {
    std::vector<KernelSet> found;
#ifdef QBSWEEP_X86_KERNELS
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")) {
      found.push_back(avx512_set());
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
      found.push_back(avx2_set());
    }
#endif
    found.push_back(portable_set());
    return found;
  }();
  return sets;
}

}  // namespace qbsweep::kernels
