// 200 atoms: degeneracies near 1e57 and multiplicities near 1e59, far beyond the whole numbers that
// doubles hold. Whatever fills levels by counting copies in 64 bits, or subtracts large counts,
// fails here.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "block_states.hpp"
#include "qbsweep/model/ergotropy.hpp"

namespace qbsweep {
namespace {

constexpr int N = 200;

/// A diagonal state with population(block, i) in |j, i - j>, normalised to trace 1.
template <typename Population>
std::vector<double> diagonal_state(const std::vector<SpinBlock>& blocks, Population&& population) {
  std::vector<double> rho_B;
  double trace = 0;
  for (const SpinBlock block : blocks) {
    for (int i = 0; i < block.dim(); ++i) {
      for (int k = 0; k < block.dim(); ++k) {
        rho_B.push_back(i == k ? population(block, i) : 0.0);
        trace += rho_B.back();
      }
    }
  }
  for (double& number : rho_B) {
    number /= trace;
  }
  return rho_B;
}

struct Exact {
  double energy;
  PerDefinition<double> ergotropy;
};

void expect_exact(const std::vector<double>& rho_B, const Exact& exact) {
  const BatteryEnergies energies = BatteryObserver(N, spin_blocks(N, true), 1.0).energies(rho_B);
  EXPECT_NEAR(energies.energy / exact.energy, 1, 1e-12);
  for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
    EXPECT_NEAR(energies.ergotropy[d] / exact.ergotropy[d], 1, 1e-12)
        << ergotropy_definition_names[d];
  }
}

// The exact values of the two tests below are from rational arithmetic (Python's fractions and
// math.comb): the eigenvalues lambda/d_j, sorted, poured copy by copy into levels of C(200, k)
// places, with d_j = C(200, 100-j) - C(200, 99-j).

// lambda(j, i) proportional to (i + 1)(2j + 1).
TEST(LargeN, WeightOnLargeSpins) {
  expect_exact(diagonal_state(spin_blocks(N, true),
                              [](SpinBlock block, int i) { return (i + 1.0) * block.dim(); }),
               {126.7547497664049309051,
                {104.6809631592295582197, 53.50949953280986181007, 124.8235109091849755883}});
}

// lambda(j, i) proportional to (i + 1) C(200, 100 - j): the weight is where the copies are.
TEST(LargeN, WeightOnSmallSpins) {
  const std::vector<double> binomials = level_multiplicities(N);
  expect_exact(diagonal_state(spin_blocks(N, true),
                              [&](SpinBlock block, int i) {
                                return (i + 1.0) * binomials[(N - block.two_j) / 2];
                              }),
               {103.6243775496641401351,
                {7.408798683080819324604, 7.248755099328280227022, 102.4306050437187833928}});
}

// Independent atoms, each excited with probability p > 1/2: the passive state swaps p and 1 - p in
// every atom, so all unitaries get N (2p - 1). The eigenvalues of a level tie across all blocks.
TEST(LargeN, IndependentAtoms) {
  const double p = 0.75;
  const std::vector<SpinBlock> blocks = spin_blocks(N, true);
  const std::vector<double> rho_B = diagonal_state(blocks, [&](SpinBlock block, int i) {
    const int excited = excited_atoms(N, block, i);
    return block_degeneracy(N, block) * std::pow(p, excited) * std::pow(1 - p, N - excited);
  });
  const BatteryEnergies energies = BatteryObserver(N, blocks, 1.0).energies(rho_B);
  EXPECT_NEAR(energies.energy / (N * p), 1, 1e-12);
  EXPECT_NEAR(energies.ergotropy[0] / (N * (2 * p - 1)), 1, 1e-12);
}

// The same state turned by theta about x: dense blocks, whose small eigenvalues come out as
// rounding noise of either sign. Turning is unitary, so the passive state stays.
TEST(LargeN, NoiseOfSmallEigenvaluesDoesNotMatter) {
  const int atoms = 60;
  const double p = 0.75;
  const double theta = 0.7;
  const std::vector<SpinBlock> blocks = spin_blocks(atoms, true);
  std::vector<testing::MatrixXcd> matrices;
  for (const SpinBlock block : blocks) {
    testing::MatrixXd J_x = testing::MatrixXd::Zero(block.dim(), block.dim());
    Eigen::VectorXd populations(block.dim());
    for (int i = 0; i < block.dim(); ++i) {
      const int excited = excited_atoms(atoms, block, i);
      populations(i) =
          block_degeneracy(atoms, block) * std::pow(p, excited) * std::pow(1 - p, atoms - excited);
      if (i + 1 < block.dim()) {
        J_x(i + 1, i) = J_x(i, i + 1) = raising_element(block, i) / 2;
      }
    }
    const Eigen::SelfAdjointEigenSolver<testing::MatrixXd> solver(J_x);
    const Eigen::VectorXcd phases =
        (testing::Complex(0, -theta) * solver.eigenvalues().cast<testing::Complex>()).array().exp();
    const testing::MatrixXcd turn =
        solver.eigenvectors() * phases.asDiagonal() * solver.eigenvectors().adjoint();
    matrices.emplace_back(turn * populations.asDiagonal() * turn.adjoint());
  }
  const BatteryEnergies energies =
      BatteryObserver(atoms, blocks, 1.0).energies(testing::real_storage(matrices, blocks, 1));
  const double excited = 0.5 + (p - 0.5) * std::cos(theta);
  EXPECT_NEAR(energies.energy / (atoms * excited), 1, 1e-12);
  EXPECT_NEAR(energies.ergotropy[0] / (atoms * (excited - (1 - p))), 1, 1e-12);
}

TEST(LevelFilling, FillsLevelAfterLevel) {
  const std::vector<double> multiplicities = {1, 3, 3, 1};
  LevelFilling levels(multiplicities);
  EXPECT_DOUBLE_EQ(levels.fill(2), 0 + 1);
  EXPECT_DOUBLE_EQ(levels.fill(1), 1);
  EXPECT_DOUBLE_EQ(levels.fill(5), 1 + 3 * 2 + 3);
}

// Filled to the last place, every level is used up: the mean of all is N/2.
TEST(LevelFilling, UsesEveryPlaceUpToRounding) {
  const std::vector<double> multiplicities = level_multiplicities(N);
  LevelFilling levels(multiplicities);
  double states = 0;
  double sum = 0;
  for (const SpinBlock block : spin_blocks(N, true)) {
    const double copies = block_degeneracy(N, block);
    for (int i = 0; i < block.dim(); ++i) {
      states += copies;
      sum += levels.fill(copies);
    }
  }
  EXPECT_NEAR(states / std::pow(2.0, N), 1, 1e-13);
  EXPECT_NEAR(sum / states, N / 2.0, 1e-11);
}

}  // namespace
}  // namespace qbsweep
