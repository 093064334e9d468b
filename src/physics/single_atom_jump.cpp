#include "qbsweep/physics/single_atom_jump.hpp"

#include <cmath>

namespace qbsweep {

int levels_lost(AtomOperator q) {
  return q == AtomOperator::lowering ? 1 : 0;
}

double jump_prefactor(int N, SpinBlock from, SpinBlock to) {
  const double j = from.j();
  const double half_N = N / 2.0;
  if (to.two_j == from.two_j) {
    return from.two_j == 0 ? 0.0 : (half_N + 1) / (2 * j * (j + 1));
  }
  if (to.two_j == from.two_j - 2) {
    return (half_N + j + 1) / (2 * j * (2 * j + 1));
  }
  return (half_N - j) / (2 * (j + 1) * (2 * j + 1));
}

double jump_amplitude(AtomOperator q, SpinBlock from, SpinBlock to, int i) {
  const double j = from.j();
  const double M = from.M(i);
  const bool lowering = q == AtomOperator::lowering;
  if (to.two_j == from.two_j) {
    return lowering ? std::sqrt((j + M) * (j - M + 1)) : M;
  }
  if (to.two_j == from.two_j - 2) {
    return lowering ? std::sqrt((j + M) * (j + M - 1)) : std::sqrt((j + M) * (j - M));
  }
  return lowering ? std::sqrt((j - M + 1) * (j - M + 2)) : std::sqrt((j + M + 1) * (j - M + 1));
}

}  // namespace qbsweep
