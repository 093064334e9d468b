#pragma once
/// \file
/// The blocks of a permutation-invariant state of N two-level systems: one for every total spin j.
///
/// A state that local noise with identical rates acts on stays block diagonal in j; each block is
/// stored once, as the *sum* over its d_j equal copies, so that the trace of the state is the sum
/// of the blocks' traces.

#include <vector>

namespace qbsweep {

/// The multiplet of total spin j = two_j/2. Its states |j, M> are counted by i = 0 .. 2j, M = i -
/// j.
struct SpinBlock {
  int two_j = 0;

  [[nodiscard]] int dim() const { return two_j + 1; }
  [[nodiscard]] double j() const { return two_j / 2.0; }
  [[nodiscard]] double M(int i) const { return i - j(); }
};

/// Blocks j = N/2, N/2 - 1, ... >= 0 in this order; only j = N/2 without local noise, because
/// nothing else leads out of it.
[[nodiscard]] std::vector<SpinBlock> spin_blocks(int N, bool local_noise);

/// Number of atoms excited in |j, M>: N/2 + M, from N/2 - j up.
[[nodiscard]] int excited_atoms(int N, SpinBlock block, int i);

/// d_j = (2j+1)/(N/2+j+1) C(N, N/2-j): how many copies of the block the 2^N space holds. Exact
/// while it is below 2^53, then to a few units in the last place; finite for N up to 1000.
[[nodiscard]] double block_degeneracy(int N, SpinBlock block);

/// C(N, k) for k = 0 .. N, with the same accuracy: the multiplicities of the levels k omega_0 of
/// H_B.
[[nodiscard]] std::vector<double> level_multiplicities(int N);

/// <j, M+1| J_+ |j, M> = sqrt((j-M)(j+M+1)) with M = i - j.
[[nodiscard]] double raising_element(SpinBlock block, int i);

}  // namespace qbsweep
