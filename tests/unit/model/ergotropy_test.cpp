// The three ergotropies against their definitions: `global` by diagonalising the battery's state on
// the full 2^N space, the other two by a plain list of eigenvalues and levels.
//
// What would be caught: lambda not divided by d_j (or not taken d_j times) in `global`, divided in
// `dicke_subspace`, levels without their multiplicities, ascending instead of descending order,
// excited atoms counted from -j instead of N/2 - j, a block's copies mixed up with its dimension.
#include "qbsweep/model/ergotropy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "full_space.hpp"

namespace qbsweep {
namespace {

using testing::MatrixXcd;

constexpr std::size_t global = 0;
constexpr std::size_t permutation_invariant = 1;
constexpr std::size_t dicke_subspace = 2;

/// The energy of the passive state: `populations` descending on `levels` ascending.
double passive_energy(std::vector<double> populations, std::vector<double> levels) {
  std::sort(populations.begin(), populations.end(), std::greater<>());
  std::sort(levels.begin(), levels.end());
  double energy = 0;
  for (std::size_t e = 0; e < populations.size(); ++e) {
    energy += populations[e] * levels[e];
  }
  return energy;
}

std::vector<double> eigenvalues_of(const MatrixXcd& matrix) {
  const Eigen::SelfAdjointEigenSolver<MatrixXcd> solver(matrix, Eigen::EigenvaluesOnly);
  return {solver.eigenvalues().begin(), solver.eigenvalues().end()};
}

/// Energy and ergotropies by their definitions.
BatteryEnergies by_definition(int N, const std::vector<SpinBlock>& blocks, double omega_0,
                              const std::vector<double>& rho_B) {
  const testing::FullSpace space(N, 1, blocks);
  const MatrixXcd rho = space.embed(rho_B);
  const MatrixXcd H_B = space.H_B(omega_0);
  const std::vector<double> levels = eigenvalues_of(H_B);
  BatteryEnergies expected;
  expected.energy = (H_B * rho).trace().real();
  expected.ergotropy[global] = expected.energy - passive_energy(eigenvalues_of(rho), levels);

  double passive_in_blocks = 0;
  std::vector<double> all_eigenvalues;
  const std::vector<MatrixXcd> matrices = testing::hermitian_blocks(blocks, 1, rho_B);
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    const std::vector<double> eigenvalues = eigenvalues_of(matrices[b]);
    const MatrixXcd& copy = space.copies(b).front();
    passive_in_blocks += passive_energy(eigenvalues, eigenvalues_of(copy.adjoint() * H_B * copy));
    all_eigenvalues.insert(all_eigenvalues.end(), eigenvalues.begin(), eigenvalues.end());
  }
  expected.ergotropy[permutation_invariant] = expected.energy - passive_in_blocks;
  expected.ergotropy[dicke_subspace] = expected.energy - passive_energy(all_eigenvalues, levels);
  return expected;
}

TEST(Ergotropy, EqualsItsDefinitionsInRandomStates) {
  testing::Random random(41);
  for (int N = 1; N <= 6; ++N) {
    for (const bool noise : {true, false}) {
      const std::vector<SpinBlock> blocks = spin_blocks(N, noise);
      BatteryObserver observer(N, blocks, 1.7);
      for (int set = 0; set < 6; ++set) {
        const std::vector<double> rho_B =
            testing::random_battery_state(random, blocks, set < 2 ? 1 : N + 1);
        const BatteryEnergies expected = by_definition(N, blocks, 1.7, rho_B);
        const BatteryEnergies energies = observer.energies(rho_B);
        EXPECT_NEAR(energies.energy, expected.energy, 1e-12);
        for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
          EXPECT_NEAR(energies.ergotropy[d], expected.ergotropy[d], 1e-12)
              << ergotropy_definition_names[d] << ", N = " << N;
        }
        EXPECT_NEAR(observer.trace(rho_B), 1, 1e-13);
      }
    }
  }
}

TEST(Ergotropy, DefinitionsAreOrdered) {
  testing::Random random(42);
  for (int N = 1; N <= 12; ++N) {
    const std::vector<SpinBlock> blocks = spin_blocks(N, true);
    BatteryObserver observer(N, blocks, 1.0);
    for (int set = 0; set < 10; ++set) {
      const BatteryEnergies energies =
          observer.energies(testing::random_battery_state(random, blocks, N + 1));
      const double rounding = 1e-12 * N;
      EXPECT_GE(energies.ergotropy[permutation_invariant], -rounding);
      EXPECT_LE(energies.ergotropy[permutation_invariant], energies.ergotropy[global] + rounding);
      EXPECT_LE(energies.ergotropy[global], energies.ergotropy[dicke_subspace] + rounding);
      EXPECT_LE(energies.ergotropy[dicke_subspace], energies.energy + rounding);
    }
  }
}

// All energy of a pure symmetric state can be had.
TEST(Ergotropy, PureSymmetricStateLocksNothing) {
  testing::Random random(43);
  for (const int N : {1, 4, 9, 200}) {
    const std::vector<SpinBlock> blocks = spin_blocks(N, false);
    const BatteryEnergies energies =
        BatteryObserver(N, blocks, 1.0).energies(testing::random_battery_state(random, blocks, 1));
    for (const double ergotropy : energies.ergotropy) {
      EXPECT_NEAR(ergotropy, energies.energy, 1e-11 * N);
    }
  }
}

// Two atoms: a pure singlet (j = 0, one copy) has energy omega_0, of which permutation-invariant
// unitaries get nothing and all others everything.
TEST(Ergotropy, SingletIsLockedForPermutationInvariantUnitaries) {
  const std::vector<SpinBlock> blocks = spin_blocks(2, true);
  std::vector<double> rho_B(10, 0.0);
  rho_B[9] = 1;
  const BatteryEnergies energies = BatteryObserver(2, blocks, 2.0).energies(rho_B);
  EXPECT_DOUBLE_EQ(energies.energy, 2);
  EXPECT_DOUBLE_EQ(energies.ergotropy[global], 2);
  EXPECT_DOUBLE_EQ(energies.ergotropy[permutation_invariant], 0);
  EXPECT_DOUBLE_EQ(energies.ergotropy[dicke_subspace], 2);
}

// Three atoms: the block j = 1/2 has two copies, so that its pure state is a mixture on the full
// space. Half of it fills the ground level and half the first one.
TEST(Ergotropy, CopiesAreAMixture) {
  const std::vector<SpinBlock> blocks = spin_blocks(3, true);
  std::vector<double> rho_B(20, 0.0);
  rho_B[19] = 1;  // |1/2, 1/2>, two atoms excited
  const BatteryEnergies energies = BatteryObserver(3, blocks, 1.0).energies(rho_B);
  EXPECT_DOUBLE_EQ(energies.energy, 2);
  EXPECT_DOUBLE_EQ(energies.ergotropy[global], 1.5);
  EXPECT_DOUBLE_EQ(energies.ergotropy[permutation_invariant], 1);
  EXPECT_DOUBLE_EQ(energies.ergotropy[dicke_subspace], 2);
}

TEST(Ergotropy, RatesEqualFiniteDifferences) {
  testing::Random random(44);
  const double h = 1e-6;
  for (int N = 1; N <= 6; ++N) {
    const std::vector<SpinBlock> blocks = spin_blocks(N, true);
    BatteryObserver observer(N, blocks, 1.3);
    for (int set = 0; set < 5; ++set) {
      const std::vector<double> rho_B = testing::random_battery_state(random, blocks, N + 1);
      std::vector<double> rate = testing::random_numbers(random, observer.size());
      for (double& number : rate) {
        number *= 0.1;
      }
      const auto after = [&](double t) {
        std::vector<double> moved = rho_B;
        for (std::size_t e = 0; e < moved.size(); ++e) {
          moved[e] += t * rate[e];
        }
        return observer.energies(moved);
      };
      const BatteryEnergies before = after(-h);
      const BatteryEnergies behind = after(h);
      BatteryEnergies rates;
      const BatteryEnergies values = observer.energies(rho_B, rate, rates);
      EXPECT_NEAR(rates.energy, (behind.energy - before.energy) / (2 * h), 1e-8);
      const BatteryEnergies plain = observer.energies(rho_B);
      for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
        // Rounding gives 1e-16/h, the third derivative h^2 over the cubed gap of two eigenvalues.
        EXPECT_NEAR(rates.ergotropy[d], (behind.ergotropy[d] - before.ergotropy[d]) / (2 * h), 1e-7)
            << ergotropy_definition_names[d] << ", N = " << N;
        EXPECT_NEAR(values.ergotropy[d], plain.ergotropy[d], 1e-13);
      }
    }
  }
}

}  // namespace
}  // namespace qbsweep
