// Multiplets: which there are, how often, and their matrix elements.
#include "qbsweep/model/spin_blocks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

#include "full_space.hpp"
#include "qbsweep/model/single_atom_jump.hpp"

namespace qbsweep {
namespace {

TEST(SpinBlocks, DescendFromTheLargestSpin) {
  const std::vector<SpinBlock> even = spin_blocks(4, true);
  ASSERT_EQ(even.size(), 3U);
  EXPECT_EQ(even[0].two_j, 4);
  EXPECT_EQ(even[2].two_j, 0);
  EXPECT_EQ(spin_blocks(5, true).back().two_j, 1);
  ASSERT_EQ(spin_blocks(5, false).size(), 1U);
  EXPECT_EQ(spin_blocks(5, false)[0].two_j, 5);
}

TEST(SpinBlocks, CopiesFillTheWholeSpaceExactly) {
  for (int N = 1; N <= 52; ++N) {
    std::uint64_t states = 0;
    for (const SpinBlock block : spin_blocks(N, true)) {
      const double d = block_degeneracy(N, block);
      ASSERT_EQ(d, std::floor(d));
      states += static_cast<std::uint64_t>(d) * static_cast<std::uint64_t>(block.dim());
    }
    EXPECT_EQ(states, std::uint64_t{1} << N) << "N = " << N;
  }
}

TEST(SpinBlocks, LevelsAreThoseOfPascalsTriangle) {
  std::vector<std::uint64_t> pascal = {1};
  for (int N = 1; N <= 56; ++N) {
    std::vector<std::uint64_t> next(pascal.size() + 1, 1);
    for (std::size_t k = 1; k < pascal.size(); ++k) {
      next[k] = pascal[k - 1] + pascal[k];
    }
    pascal = next;
    const std::vector<double> levels = level_multiplicities(N);
    ASSERT_EQ(levels.size(), pascal.size());
    for (std::size_t k = 0; k < levels.size(); ++k) {
      ASSERT_EQ(levels[k], static_cast<double>(pascal[k])) << "C(" << N << ", " << k << ")";
    }
    // A level k is one state of every copy with N/2 - j <= k: d_j = C(N, p) - C(N, p-1), p = N/2 -
    // j.
    for (const SpinBlock block : spin_blocks(N, true)) {
      const int p = (N - block.two_j) / 2;
      const std::uint64_t d = pascal[p] - (p > 0 ? pascal[p - 1] : 0);
      ASSERT_EQ(block_degeneracy(N, block), static_cast<double>(d)) << "N = " << N << ", p = " << p;
    }
  }
}

// Exact values by integer arithmetic: comb(200, p) - comb(200, p - 1) with p = 100 - j, and
// comb(200, 100).
TEST(SpinBlocks, LargeDegeneraciesAreAccurate) {
  const auto relative = [](double value, double exact) { return std::abs(value / exact - 1); };
  EXPECT_LT(relative(block_degeneracy(200, {0}), 8.9651994709013149669e56), 2e-15);
  EXPECT_LT(relative(block_degeneracy(200, {20}), 6.3231214149871076788e57), 2e-15);
  EXPECT_LT(relative(block_degeneracy(200, {100}), 3.0357414682283345806e47), 2e-15);
  EXPECT_LT(relative(level_multiplicities(200)[100], 9.0548514656103281165e58), 2e-15);
  EXPECT_TRUE(std::isfinite(level_multiplicities(1000)[500]));
  EXPECT_TRUE(std::isfinite(block_degeneracy(1000, {0})));
}

// The copies and ladders found in the full space, where no formula for j enters.
TEST(SpinBlocks, AgreeWithTheFullSpace) {
  for (int N = 1; N <= 5; ++N) {
    const std::vector<SpinBlock> blocks = spin_blocks(N, true);
    const testing::FullSpace space(N, 1, blocks);
    const testing::MatrixXcd plus = space.J_minus().adjoint();
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      ASSERT_EQ(block_degeneracy(N, blocks[b]), static_cast<double>(space.copies(b).size()));
      const testing::MatrixXcd& ladder = space.copies(b).front();
      const testing::MatrixXcd J_plus = ladder.adjoint() * plus * ladder;
      const testing::MatrixXcd H_B = ladder.adjoint() * space.H_B(1.0) * ladder;
      for (int i = 0; i < blocks[b].dim(); ++i) {
        EXPECT_NEAR(H_B(i, i).real(), excited_atoms(N, blocks[b], i), 1e-13);
        if (i + 1 < blocks[b].dim()) {
          EXPECT_NEAR(J_plus(i + 1, i).real(), raising_element(blocks[b], i), 1e-13);
        }
      }
    }
  }
}

// sum_i sigma^dag sigma is the number of excited atoms (lowering) or N/4 (sigma_z/2): what a jump
// takes from |j,M>, over all blocks it leads to, at large N too.
TEST(SingleAtomJump, TakesWhatTheLossTermGives) {
  for (const int N : {1, 2, 3, 10, 51, 200}) {
    for (const SpinBlock from : spin_blocks(N, true)) {
      for (int i = 0; i < from.dim(); ++i) {
        for (const AtomOperator q : {AtomOperator::lowering, AtomOperator::half_pauli_z}) {
          double taken = 0;
          for (const int two_j : {from.two_j - 2, from.two_j, from.two_j + 2}) {
            if (two_j < 0 || two_j > N) {
              continue;
            }
            const SpinBlock to = {two_j};
            const int target = i - levels_lost(q) + (two_j - from.two_j) / 2;
            if (target >= 0 && target < to.dim()) {
              const double amplitude = jump_amplitude(q, from, to, i);
              taken += jump_prefactor(N, from, to) * amplitude * amplitude;
            }
          }
          const double expected = q == AtomOperator::lowering ? excited_atoms(N, from, i) : N / 4.0;
          ASSERT_NEAR(taken, expected, 1e-12 * N) << "N = " << N << ", j = " << from.j();
        }
      }
    }
  }
}

}  // namespace
}  // namespace qbsweep
