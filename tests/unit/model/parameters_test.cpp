// Quantities derived from the parameters.
#include "qbsweep/model/parameters.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "qbsweep/model/state_basis.hpp"

namespace qbsweep {
namespace {

TEST(Parameters, EffectiveCouplingScalesWithN) {
  BatteryParameters battery;
  battery.N = 9;
  battery.g = 0.6;
  EXPECT_DOUBLE_EQ(effective_coupling(battery), 0.2);
  battery.coupling_scaling = CouplingScaling::bare;
  EXPECT_DOUBLE_EQ(effective_coupling(battery), 0.6);
}

BatteryParameters with(Interaction interaction, double omega_0, double omega_c) {
  BatteryParameters battery;
  battery.interaction = interaction;
  battery.omega_0 = omega_0;
  battery.omega_c = omega_c;
  return battery;
}

// Paper, Eq. (6).
TEST(Parameters, CriticalCouplingIsHalvedByCounterRotatingTerms) {
  EXPECT_DOUBLE_EQ(critical_coupling(with(Interaction::dicke, 4.0, 0.25)), 0.5);
  EXPECT_DOUBLE_EQ(critical_coupling(with(Interaction::tavis_cummings, 4.0, 0.25)), 1.0);
  EXPECT_DOUBLE_EQ(critical_coupling(with(Interaction::dicke, 1.0, 4.0)), 1.0);
  BatteryParameters between = with(Interaction::anisotropic, 4.0, 1.0);
  between.anisotropy = 0.25;
  EXPECT_DOUBLE_EQ(critical_coupling(between), 1.6);
}

TEST(Parameters, EitherSingleAtomRateIsLocalNoise) {
  BatteryParameters battery;
  battery.kappa = 1;
  EXPECT_FALSE(has_local_noise(battery));
  battery.gamma_down = 1;
  EXPECT_TRUE(has_local_noise(battery));
  battery.gamma_down = 0;
  battery.gamma_phi = 1;
  EXPECT_TRUE(has_local_noise(battery));
}

TEST(Parameters, PaperFockDimIsFourTimesMPlusOneRoundedUp) {
  EXPECT_EQ(paper_fock_dim(8), 33);
  EXPECT_EQ(paper_fock_dim(1), 5);
  EXPECT_EQ(paper_fock_dim(1.1), 6);
  EXPECT_EQ(paper_fock_dim(0.3), 3);
  EXPECT_EQ(paper_fock_dim(0), 2);  // one level cannot be coupled
}

TEST(Parameters, UnknownsAreWhatABasisHolds) {
  for (int N = 1; N <= 12; ++N) {
    for (const int fock_dim : {2, 5, 9}) {
      for (const bool noise : {false, true}) {
        EXPECT_EQ(count_unknowns(N, fock_dim, noise), StateBasis(N, fock_dim, noise).size());
      }
    }
  }
  // (N+1)(N+2)(N+3)/6 fock_dim^2 passes 2^31 long before it is out of reach.
  EXPECT_EQ(count_unknowns(200, 801, true), 1373701LL * 801 * 801);
  EXPECT_EQ(StateBasis(200, 801, true).size(), 1373701LL * 801 * 801);
}

}  // namespace
}  // namespace qbsweep
