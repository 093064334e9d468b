#include "qbsweep/model/spin_blocks.hpp"

#include <cmath>

namespace qbsweep {

std::vector<SpinBlock> spin_blocks(int N, bool local_noise) {
  std::vector<SpinBlock> blocks;
  for (int two_j = N; two_j >= 0; two_j -= 2) {
    blocks.push_back({two_j});
    if (!local_noise) {
      break;
    }
  }
  return blocks;
}

int excited_atoms(int N, SpinBlock block, int i) {
  return (N - block.two_j) / 2 + i;
}

std::vector<double> level_multiplicities(int N) {
  // C(N, k) = C(N, k-1) (N-k+1)/k. In long double every product below 2^64 is exact, and so is its
  // quotient, which is an integer.
  std::vector<double> multiplicities;
  multiplicities.reserve(N + 1);
  long double binomial = 1;
  for (int k = 0; k <= N; ++k) {
    multiplicities.push_back(static_cast<double>(binomial));
    binomial = binomial * static_cast<long double>(N - k) / static_cast<long double>(k + 1);
  }
  return multiplicities;
}

double block_degeneracy(int N, SpinBlock block) {
  // The same number as in the header, as a difference: C(N, p) - C(N, p-1) with p = N/2 - j. The
  // product form below avoids the difference's cancellation.
  const int p = (N - block.two_j) / 2;
  long double binomial = 1;
  for (int k = 0; k < p; ++k) {
    binomial = binomial * static_cast<long double>(N - k) / static_cast<long double>(k + 1);
  }
  return static_cast<double>(binomial * static_cast<long double>(block.two_j + 1) /
                             static_cast<long double>(N - p + 1));
}

double raising_element(SpinBlock block, int i) {
  // (j-M)(j+M+1) = (2j-i)(i+1)
  return std::sqrt(static_cast<double>(block.two_j - i) * (i + 1));
}

}  // namespace qbsweep
