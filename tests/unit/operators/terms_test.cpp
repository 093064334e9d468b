// Each term of the Liouvillian alone against the full 2^N space (full_space.hpp), for random
// Hermitian states with weight in every block.
//
// What would be caught: any wrong jump coefficient between blocks (each has its own elements), 4
// gamma_phi against gamma_phi, gamma_down against gamma_down/2, a wrong sign or side of the
// commutators, the sign of the rotation in the real storage, g against g/sqrt(N), a
// counter-rotating term in Tavis-Cummings, r on the wrong side of the coupling, a drive with the
// sign of the coupling, thermal photons that leave the truncated space.
#include <gtest/gtest.h>

#include <array>

#include "assembled_action.hpp"
#include "full_space.hpp"

namespace qbsweep {
namespace {

using testing::FullSpace;
using testing::MatrixXcd;

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  EXPECT_EQ(a.size(), b.size());
  double largest = 0;
  for (std::size_t e = 0; e < a.size(); ++e) {
    largest = std::max(largest, std::abs(a[e] - b[e]));
  }
  return largest;
}

BatteryParameters generic_battery(int N, Interaction interaction) {
  BatteryParameters battery;
  battery.interaction = interaction;
  battery.N = N;
  battery.g = 0.7;
  battery.omega_0 = 1.3;
  battery.omega_c = 0.8;
  battery.kappa = 0.31;
  battery.gamma_down = 0.23;
  battery.gamma_phi = 0.17;
  battery.anisotropy = interaction == Interaction::anisotropic ? 0.37 : 0.0;
  battery.n_th = 0.6;
  battery.gamma_up = 0.41;
  battery.collective_down = 0.29;
  battery.collective_up = 0.19;
  battery.collective_phi = 0.53;
  battery.ising_z = 0.47;
  battery.ising_x = interaction == Interaction::tavis_cummings ? 0.0 : -0.61;
  battery.drive = 0.43;
  battery.atom_drive = 0.59;
  battery.drive_quadrature = 0.37;
  battery.atom_drive_quadrature = -0.71;
  battery.omega_d = interaction == Interaction::tavis_cummings ? 0.9 : 0.0;
  battery.fock_dim = N == 4 ? 2 : 4;
  return battery;
}

class EveryTerm : public ::testing::TestWithParam<TermName> {};

TEST_P(EveryTerm, EqualsTheFullSpaceInEveryBlock) {
  testing::Random random(11);
  for (int N = 1; N <= 4; ++N) {
    for (const Interaction interaction :
         {Interaction::dicke, Interaction::tavis_cummings, Interaction::anisotropic}) {
      for (const CouplingScaling scaling : {CouplingScaling::sqrt_n, CouplingScaling::bare}) {
        BatteryParameters battery = generic_battery(N, interaction);
        battery.coupling_scaling = scaling;
        SCOPED_TRACE(testing::describe(battery));
        const StateBasis basis(N, battery.fock_dim, true);
        const FullSpace space(N, battery.fock_dim, basis.blocks());

        const std::vector<double> R = testing::random_numbers(random, basis.size());
        const MatrixXcd rho = space.embed(R);
        ASSERT_LT(largest_difference(space.project(rho), R), 1e-13);
        const MatrixXcd change = space.apply(GetParam(), battery, rho);

        const std::vector<double> ours = testing::apply_terms(basis, battery, {GetParam()}, R);
        EXPECT_LT(largest_difference(ours, space.project(change)), 1e-12);
        // The blocks hold all of it: nothing leads out of the stored elements.
        EXPECT_LT((space.embed(ours) - change).cwiseAbs().maxCoeff(), 1e-12);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Alone, EveryTerm, ::testing::ValuesIn(all_terms()), [](const auto& term) {
  std::string name(term.param);
  std::ranges::replace(name, ' ', '_');
  return name;
});

TEST(Terms, WithoutLocalNoiseTheLargestSpinIsClosed) {
  testing::Random random(12);
  for (int N = 1; N <= 4; ++N) {
    const BatteryParameters battery = generic_battery(N, Interaction::dicke);
    const StateBasis basis(N, battery.fock_dim, false);
    const FullSpace space(N, battery.fock_dim, basis.blocks());
    const std::vector<double> R = testing::random_numbers(random, basis.size());
    for (const TermName term :
         {"coupling", "free evolution", "drive of the cavity", "drive of the atoms", "ising_z",
          "ising_x", "cavity loss", "thermal photons", "collective decay", "collective pumping",
          "collective dephasing"}) {
      const MatrixXcd change = space.apply(term, battery, space.embed(R));
      const std::vector<double> ours = testing::apply_terms(basis, battery, {term}, R);
      EXPECT_LT((space.embed(ours) - change).cwiseAbs().maxCoeff(), 1e-12) << term;
    }
  }
}

// sigma_z is the Pauli matrix: the coherence of one atom decays with 2 gamma_phi (PIQS' rate of
// sigma_z/2 would give gamma_phi/2).
TEST(Terms, DephasingOfOneAtomHasTwiceTheRate) {
  BatteryParameters battery;
  battery.gamma_phi = 0.3;
  const StateBasis basis(1, 2, true);
  const Element coherence = {0, 0, 1, 0, 0};
  double rate = 0;
  const LiouvillianRows rows(basis, battery, Terms{"dephasing"});
  rows.for_each_in_row(coherence, [&](std::int64_t column, double weight) {
    EXPECT_EQ(column, basis.index(coherence));
    rate += weight;
  });
  EXPECT_NEAR(rate, -2 * battery.gamma_phi, 1e-15);
}

TEST(Terms, DecayOfOneAtomMovesItsPopulationDown) {
  BatteryParameters battery;
  battery.gamma_down = 0.3;
  const StateBasis basis(1, 2, true);
  const std::int64_t up = basis.index({0, 1, 1, 0, 0});
  const std::int64_t down = basis.index({0, 0, 0, 0, 0});
  std::vector<double> R(static_cast<std::size_t>(basis.size()), 0.0);
  R[up] = 1;
  const std::vector<double> change = testing::apply_terms(basis, battery, {"atomic decay"}, R);
  EXPECT_NEAR(change[up], -battery.gamma_down, 1e-15);
  EXPECT_NEAR(change[down], battery.gamma_down, 1e-15);
}

// The trace of what a term makes of any state vanishes: the rows of the diagonal elements sum to
// zero in every column. Larger N than the full space allows.
TEST(Terms, KeepTheTrace) {
  testing::Random random(13);
  for (int set = 0; set < 30; ++set) {
    BatteryParameters battery = testing::random_model(random, 12, true);
    battery.fock_dim = 3;
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis(battery.N, battery.fock_dim, true);
    for (const TermName term : all_terms()) {
      const LiouvillianRows rows(basis, battery, Terms{term});
      std::vector<double> column_sums(static_cast<std::size_t>(basis.size()), 0.0);
      Element row;
      for (std::int64_t index = 0; index < basis.size(); ++index, basis.advance(row)) {
        if (row.i == row.k && row.n == row.l) {
          rows.for_each_in_row(row, [&](std::int64_t column, double weight) {
            column_sums[static_cast<std::size_t>(column)] += weight;
          });
        }
      }
      for (const double sum : column_sums) {
        ASSERT_NEAR(sum, 0, 1e-13 * battery.N) << term;
      }
    }
  }
}

}  // namespace
}  // namespace qbsweep
