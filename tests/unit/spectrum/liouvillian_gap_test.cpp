// The gap and the multiplicity of zero against dense diagonalisation of the assembled Liouvillian,
// and against closed forms.
//
// What would be caught: one of the two halves left out, the eigenvalue of smallest modulus taken
// for the rightmost one, copies of zero that one start vector does not show, a lost conjugate.
#include "qbsweep/spectrum/liouvillian_gap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>
#include <string>

#include "dense_matrix.hpp"
#include "qbsweep/support/error.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::Random;

constexpr GapSettings iterative = {1e-9, 0};
constexpr GapSettings dense = {1e-9, 1'000'000};

struct Expected {
  double gap;
  std::int64_t multiplicity;
};

Expected diagonalised(const BatteryParameters& battery) {
  const StateBasis basis(battery.N, battery.fock_dim, true);  // all blocks
  const Eigen::EigenSolver<Eigen::MatrixXd> solver(testing::dense_liouvillian(basis, battery),
                                                   false);
  Expected expected = {std::numeric_limits<double>::infinity(), 0};
  for (const std::complex<double>& value : solver.eigenvalues()) {
    if (std::abs(value) < 1e-9) {
      ++expected.multiplicity;
    } else {
      expected.gap = std::min(expected.gap, -value.real());
    }
  }
  return expected;
}

/// Small enough for the dense solver, with every noise channel.
BatteryParameters small_noisy_battery(Random& random) {
  BatteryParameters battery = testing::random_battery(random, 2);
  battery.fock_dim = testing::uniform_int(random, 3, 6);
  battery.kappa += testing::uniform(random, 0.02, 0.3);
  battery.gamma_down += testing::uniform(random, 0.02, 0.3);
  return battery;
}

TEST(LiouvillianGap, EqualsDenseDiagonalisationForRandomBatteries) {
  Random random(61);
  for (int set = 0; set < 20; ++set) {
    BatteryParameters battery = small_noisy_battery(random);
    battery.interaction = set % 2 == 0 ? Interaction::dicke : Interaction::tavis_cummings;
    SCOPED_TRACE(testing::describe(battery));
    const Expected expected = diagonalised(battery);
    for (const GapSettings& settings : {iterative, dense}) {
      const LiouvillianGap found = liouvillian_gap(battery, settings);
      EXPECT_NEAR(found.gap, expected.gap, 1e-8);
      EXPECT_EQ(found.multiplicity, 1);
      EXPECT_EQ(found.multiplicity, expected.multiplicity);
      EXPECT_LE(found.residual, 1e-9);
      EXPECT_GT(found.operator_applications, 0);
    }
  }
}

TEST(LiouvillianGap, AtNoCouplingIsTheSlowestOfTheTwoParts) {
  // The rightmost are coherences that turn at omega_c or omega_0, far from 0: kappa/2 of the
  // cavity, gamma_down/2 + 2 gamma_phi of an atom; or the population of an atom.
  struct Case {
    double kappa, gamma_down, gamma_phi, gap;
  };
  for (const Case& rates : {Case{0.1, 0.3, 0.2, 0.05}, Case{0.9, 0.2, 0.01, 0.12},
                            Case{0.9, 0.2, 0.3, 0.2}, Case{0.9, 0.2, 0, 0.1}}) {
    for (const int N : {1, 2, 3}) {
      BatteryParameters battery;
      battery.N = N;
      battery.g = 0;
      battery.fock_dim = 5;
      battery.kappa = rates.kappa;
      battery.gamma_down = rates.gamma_down;
      battery.gamma_phi = rates.gamma_phi;
      SCOPED_TRACE(testing::describe(battery));
      for (const GapSettings& settings : {iterative, GapSettings{}}) {
        const LiouvillianGap found = liouvillian_gap(battery, settings);
        EXPECT_NEAR(found.gap, rates.gap, 1e-8);
        EXPECT_EQ(found.multiplicity, 1);
      }
    }
  }
}

TEST(LiouvillianGap, OneWithNoiseAtSizesThatOnlyTheIterationReaches) {
  for (const Interaction interaction : {Interaction::dicke, Interaction::tavis_cummings}) {
    BatteryParameters battery;
    battery.interaction = interaction;
    battery.N = 4;
    battery.fock_dim = 17;
    battery.g = 1;
    battery.kappa = 0.15;
    battery.gamma_down = 0.1;
    battery.gamma_phi = 0.5;
    const LiouvillianGap found = liouvillian_gap(battery);
    EXPECT_EQ(found.multiplicity, 1);
    EXPECT_GT(found.gap, 0.01);
    EXPECT_LT(found.gap, 0.2);
    EXPECT_LE(found.residual, 1e-9);
  }
}

TEST(LiouvillianGap, CountsEveryCopyOfZero) {
  Random random(62);
  for (const Interaction interaction : {Interaction::dicke, Interaction::tavis_cummings}) {
    for (int set = 0; set < 4; ++set) {
      BatteryParameters battery = small_noisy_battery(random);
      battery.interaction = interaction;
      battery.kappa = 0;
      battery.gamma_down = 0;
      battery.gamma_phi = testing::uniform(random, 0.1, 0.5);
      SCOPED_TRACE(testing::describe(battery));
      const Expected expected = diagonalised(battery);
      // Both parities of n + i, or every excitation number, have a steady state of their own.
      EXPECT_GE(expected.multiplicity,
                interaction == Interaction::dicke ? 2 : battery.N + battery.fock_dim);
      for (const GapSettings& settings : {iterative, dense}) {
        const LiouvillianGap found = liouvillian_gap(battery, settings);
        EXPECT_EQ(found.multiplicity, expected.multiplicity);
        EXPECT_NEAR(found.gap, expected.gap, 1e-8);
        EXPECT_EQ(even_half_gap(battery, settings).multiplicity, expected.multiplicity);
      }
    }
  }
}

TEST(LiouvillianGap, WithoutNoiseZeroIsAsOftenAsEnergiesAreEqual) {
  Random random(63);
  for (int set = 0; set < 10; ++set) {
    BatteryParameters battery = testing::random_battery(random, 3);
    battery.fock_dim = testing::uniform_int(random, 3, 6);
    battery.kappa = battery.gamma_down = battery.gamma_phi = 0;
    if (set == 0) {
      battery.g = 0;
      battery.omega_c = battery.omega_0;  // odd zeros as well
    }
    SCOPED_TRACE(testing::describe(battery));
    const Expected expected = diagonalised(battery);
    const LiouvillianGap found = liouvillian_gap(battery);
    EXPECT_EQ(found.multiplicity, expected.multiplicity);
    EXPECT_GE(found.multiplicity, (battery.N + 1) * battery.fock_dim);
    EXPECT_EQ(found.gap, 0);
    EXPECT_NEAR(expected.gap, 0, 1e-9);
  }
}

TEST(LiouvillianGap, SaysHowFarItCameWhereItDoesNotConverge) {
  // The bare cavity turns undamped: everything that exp(L T) dominates by has modulus 1.
  BatteryParameters battery;
  battery.N = 2;
  battery.g = 0;
  battery.fock_dim = 12;
  battery.gamma_phi = 0.3;
  try {
    static_cast<void>(liouvillian_gap(battery, {1e-16, 0}));
    FAIL() << "converged";
  } catch (const EnvironmentError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("did not converge"), HasSubstr("at first"),
                                    HasSubstr("at last"), HasSubstr("1.0e-16 required")));
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
  }
}

// An atom that decays at once leaves the cavity alone, whose slowest coherence decays with kappa/2.
// exp(L T) would follow the atom's decay for ever.
TEST(LiouvillianGap, OfAStiffOneIsDiagonalisedOrRefused) {
  BatteryParameters battery;
  battery.g = 0.25;
  battery.kappa = 0.15;
  battery.gamma_down = 1e6;
  battery.fock_dim = 16;
  const LiouvillianGap found = liouvillian_gap(battery);
  EXPECT_NEAR(found.gap, 0.075, 1e-6);
  EXPECT_EQ(found.multiplicity, 1);
  battery.N = 4;
  battery.fock_dim = 25;
  EXPECT_THROW((void)liouvillian_gap(battery), EnvironmentError);
}

}  // namespace
}  // namespace qbsweep
