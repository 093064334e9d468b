// The inverse of the no-jump part against that part, written out from its terms.
//
// What would be caught: a wrong loss or energy in H_eff, a conjugate or an adjoint too few, parts
// of the state that are left out, eigenvectors that do not exist.
#include "qbsweep/operators/no_jump_inverse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "qbsweep/operators/liouvillian_rows.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using ::testing::DoubleNear;
using ::testing::Pointwise;
using testing::Random;

/// (L0 - shift) of a state in the full basis: all of L but the gain of jumps.
std::vector<double> without_jumps(const StateBasis& basis, const BatteryParameters& battery,
                                  double shift, const std::vector<double>& state) {
  std::vector<double> image(state.size(), 0.0);
  const LiouvillianRows of_H(basis, battery, Terms{"coupling", "free evolution", "ising_z"});
  Element row;
  for (double& sum : image) {
    const auto add = [&](std::int64_t column, double weight) { sum += weight * state[column]; };
    of_H.for_each_in_row(row, add);
    const SpinBlock block = basis.blocks()[row.block];
    const double excited =
        excited_atoms(battery.N, block, row.i) + excited_atoms(battery.N, block, row.k);
    const double above_n = row.n + 1 < battery.fock_dim ? row.n + 1 : 0;
    const double above_l = row.l + 1 < battery.fock_dim ? row.l + 1 : 0;
    const auto both = [&](auto&& of_M) { return of_M(block.M(row.i)) + of_M(block.M(row.k)); };
    const double j = block.j();
    const double lost =
        battery.kappa * (battery.n_th + 1) * (row.n + row.l) +
        battery.kappa * battery.n_th * (above_n + above_l) + battery.gamma_down * excited +
        battery.gamma_up * (2 * battery.N - excited) + 2 * battery.gamma_phi * battery.N +
        battery.collective_down * both([&](double M) { return j * (j + 1) - M * (M - 1); }) +
        battery.collective_up * both([&](double M) { return j * (j + 1) - M * (M + 1); }) +
        battery.collective_phi * both([](double M) { return M * M; });
    add(basis.index(row), -lost / 2 - shift);
    basis.advance(row);
  }
  return image;
}

TEST(NoJumpInverse, UndoesTheNoJumpPart) {
  Random random(41);
  for (int set = 0; set < 40; ++set) {
    BatteryParameters battery = testing::random_battery(random, 4);
    battery.kappa += 0.05;
    SCOPED_TRACE(testing::describe(battery));
    const ParityHalf even(battery, Parity::even);
    NoJumpInverse inverse(battery, even);
    EXPECT_GT(inverse.shift(), 0);

    const std::vector<double> numbers = testing::random_numbers(random, even.size());
    std::vector<double> solution(numbers.size());
    inverse.apply(numbers.data(), solution.data());
    std::vector<double> full(static_cast<std::size_t>(even.basis().size()), 0.0);
    even.expand(solution.data(), full.data());
    const std::vector<double> image = without_jumps(even.basis(), battery, inverse.shift(), full);
    std::vector<double> back(numbers.size());
    even.restrict(image.data(), back.data());
    EXPECT_THAT(back, Pointwise(DoubleNear(1e-3), numbers));  // single precision
  }
}

TEST(NoJumpInverse, TakesNeighbouringLossesAtAnExceptionalPoint) {
  // One atom on resonance: in each subspace of n + 1 excitations the two eigenvectors of H_eff
  // become one where 4 g sqrt(n + 1) = kappa - gamma_down.
  BatteryParameters battery;
  battery.interaction = Interaction::tavis_cummings;
  battery.N = 1;
  battery.fock_dim = 6;
  battery.kappa = 0.5;
  battery.gamma_down = 0.1;
  battery.g = (battery.kappa - battery.gamma_down) / 4;
  const ParityHalf even(battery, Parity::even);
  NoJumpInverse inverse(battery, even);
  Random random(42);
  const std::vector<double> numbers = testing::random_numbers(random, even.size());
  std::vector<double> solution(numbers.size());
  inverse.apply(numbers.data(), solution.data());
  std::vector<double> full(static_cast<std::size_t>(even.basis().size()), 0.0);
  even.expand(solution.data(), full.data());
  const std::vector<double> image = without_jumps(even.basis(), battery, inverse.shift(), full);
  std::vector<double> back(numbers.size());
  even.restrict(image.data(), back.data());
  double error = 0;
  for (std::size_t e = 0; e < back.size(); ++e) {
    error = std::max(error, std::abs(back[e] - numbers[e]));
  }
  EXPECT_LT(error, 0.05);  // still a good preconditioner
}

}  // namespace
}  // namespace qbsweep
