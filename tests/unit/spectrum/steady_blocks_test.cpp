// Which states the multiplicity and the gap count: against brute force on the 2^N space.
//
// What would be caught: blocks j < N/2 left out, copies of a block counted, a count that stops.
#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>

#include "dense_matrix.hpp"
#include "full_space.hpp"
#include "qbsweep/spectrum/steady_shift_invert.hpp"
#include "qbsweep/spectrum/steady_state.hpp"

namespace qbsweep {
namespace {

struct Zeros {
  double gap = std::numeric_limits<double>::infinity();
  std::int64_t multiplicity = 0;
};

Zeros zeros_of(const Eigen::VectorXcd& eigenvalues) {
  Zeros zeros;
  for (const std::complex<double>& value : eigenvalues) {
    if (std::abs(value) < 1e-9) {
      ++zeros.multiplicity;
    } else {
      zeros.gap = std::min(zeros.gap, -value.real());
    }
  }
  return zeros;
}

/// L on the 2^N space.
testing::MatrixXcd apply(const testing::FullSpace& space, const BatteryParameters& battery,
                         const testing::MatrixXcd& rho) {
  testing::MatrixXcd sum = testing::MatrixXcd::Zero(rho.rows(), rho.cols());
  for (const TermName term : all_terms()) {
    sum += space.apply(term, battery, rho);
  }
  return sum;
}

/// Of everything on the 2^N space; as a real matrix, which doubles every eigenvalue.
double gap_of_all_operators(const BatteryParameters& battery) {
  const testing::FullSpace space(battery.N, battery.fock_dim, {});
  const int dim = (1 << battery.N) * battery.fock_dim;
  return zeros_of(testing::dense_matrix(2 * dim * dim,
                                        [&](const std::vector<double>& numbers) {
                                          testing::MatrixXcd rho(dim, dim);
                                          for (int e = 0; e < dim * dim; ++e) {
                                            rho.data()[e] = {numbers[2 * e], numbers[2 * e + 1]};
                                          }
                                          rho = apply(space, battery, rho);
                                          std::vector<double> product;
                                          for (int e = 0; e < dim * dim; ++e) {
                                            product.push_back(rho.data()[e].real());
                                            product.push_back(rho.data()[e].imag());
                                          }
                                          return product;
                                        })
                      .eigenvalues())
      .gap;
}

/// Of the permutation-invariant ones among them.
Zeros on_blocks(const BatteryParameters& battery) {
  const StateBasis basis(battery.N, battery.fock_dim, true);
  const testing::FullSpace space(battery.N, battery.fock_dim, basis.blocks());
  return zeros_of(testing::dense_matrix(basis.size(), [&](const std::vector<double>& state) {
                    return space.project(apply(space, battery, space.embed(state)));
                  }).eigenvalues());
}

SteadyStateResult with_gap(const BatteryParameters& battery) {
  return steady_state(MPI_COMM_SELF, battery, {.gap = true});
}

BatteryParameters battery_of(Interaction interaction, int N, double g, int fock_dim) {
  BatteryParameters battery;
  battery.interaction = interaction;
  battery.N = N;
  battery.g = g;
  battery.fock_dim = fock_dim;
  return battery;
}

TEST(SteadyBlocks, LossAloneLeavesEveryBlockItsSteadyState) {
  BatteryParameters battery = battery_of(Interaction::dicke, 3, 0.6, 3);
  battery.kappa = 0.6;
  for (const int N : {2, 3}) {
    battery.N = N;
    const Zeros expected = on_blocks(battery);
    const SteadyStateResult result = with_gap(battery);
    EXPECT_EQ(expected.multiplicity, 2);
    EXPECT_EQ(result.multiplicity, expected.multiplicity);
    EXPECT_NEAR(result.gap, expected.gap, 1e-8);
    EXPECT_EQ(steady_state(MPI_COMM_SELF, battery, {}).multiplicity, expected.multiplicity);
    EXPECT_FALSE(std::isnan(result.battery_energy));  // that of j = N/2
  }
  // On ten levels by brute force elsewhere; j = 3/2 alone gives 0.22076.
  battery.fock_dim = 10;
  const SteadyStateResult result = with_gap(battery);
  EXPECT_EQ(result.multiplicity, 2);
  EXPECT_NEAR(result.gap, 0.14288, 5e-6);
}

TEST(SteadyBlocks, WithoutNoiseAllBlocksCount) {
  EXPECT_EQ(with_gap(battery_of(Interaction::dicke, 2, 0.6, 6)).multiplicity, 24);
  const BatteryParameters battery = battery_of(Interaction::dicke, 3, 0.6, 3);
  EXPECT_EQ(with_gap(battery).multiplicity, on_blocks(battery).multiplicity);
}

// The coherence of |gg> and the singlet is no part of a permutation-invariant state.
TEST(SteadyBlocks, TheGapIsThatOfPermutationInvariantStates) {
  BatteryParameters battery = battery_of(Interaction::tavis_cummings, 2, 0.7, 3);
  battery.kappa = 0.15;
  battery.gamma_down = 0.1;
  EXPECT_NEAR(gap_of_all_operators(battery), 0.05, 1e-9);
  EXPECT_NEAR(on_blocks(battery).gap, 0.0625, 1e-9);
  EXPECT_NEAR(with_gap(battery).gap, 0.0625, 1e-8);
}

// Dephasing without coupling leaves every |n><n| with every number of excited atoms.
TEST(SteadyBlocks, CountsGoOn) {
  BatteryParameters battery = battery_of(Interaction::dicke, 1, 0, 33);
  battery.gamma_phi = 0.2;
  const std::int64_t expected = 2 * 33;
  EXPECT_EQ(
      steady_state(MPI_COMM_SELF, battery, {.method = SteadyMethod::shift_invert}).multiplicity,
      expected);
}

}  // namespace
}  // namespace qbsweep
