#include "qbsweep/model/single_atom_jump.hpp"

#include <cmath>

namespace qbsweep {

int levels_lost(AtomOperator q) {
  switch (q) {
    case AtomOperator::lowering:
      return 1;
    case AtomOperator::raising:
      return -1;
    case AtomOperator::half_pauli_z:
      break;
  }
  return 0;
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
  // Raising is lowering upside down; a sign that both of its amplitudes have does not matter.
  const double M = q == AtomOperator::raising ? -from.M(i) : from.M(i);
  const bool moves = q != AtomOperator::half_pauli_z;
  if (to.two_j == from.two_j) {
    return moves ? std::sqrt((j + M) * (j - M + 1)) : M;
  }
  if (to.two_j == from.two_j - 2) {
    return moves ? std::sqrt((j + M) * (j + M - 1)) : std::sqrt((j + M) * (j - M));
  }
  return moves ? std::sqrt((j - M + 1) * (j - M + 2)) : std::sqrt((j + M + 1) * (j - M + 1));
}

}  // namespace qbsweep
