// How far jumps heat the cavity, against steady states and charging runs.
//
// What would be caught: a rate of the telegraph signal or a coupling that is off by a factor of
// two, heating that cavity loss does not limit, or that a short window does not.
#include "qbsweep/dynamics/field_heating.hpp"

#include <gtest/gtest.h>

#include "dicke_battery.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "qbsweep/dynamics/level_estimate.hpp"
#include "qbsweep/spectrum/steady_state.hpp"

namespace qbsweep {
namespace {

using testing::dicke;

/// The estimate of the levels that a charging run ends with, within `factor`.
void expect_levels(const BatteryParameters& battery, double t_max, double tolerance,
                   double factor) {
  const ChargingSettings settings = {.t_max = t_max, .tolerance = tolerance, .auto_fock_dim = true};
  const int levels = charging_run(MPI_COMM_SELF, battery, settings).diagnostics.fock_dim;
  const LevelEstimate estimate = estimate_fock_levels(battery, t_max, tolerance);
  EXPECT_LT(estimate.kept, factor * levels);
  EXPECT_GT(estimate.kept, levels / factor);
}

// Strong dephasing makes sigma_x a telegraph signal, for any coupling.
TEST(FieldHeating, IsThatOfSteadyStatesWithDephasing) {
  for (const BatteryParameters& battery :
       {dicke(1, 0.5, 0.1, 0, 0.7), dicke(2, 0.4, 0.2, 0, 1.0), dicke(1, 0.6, 0.15, 0, 0.4)}) {
    const SteadyStateResult result = steady_state(MPI_COMM_SELF, battery, {.auto_fock_dim = true});
    EXPECT_NEAR(steady_heating(battery) / result.photon_number, 1, 0.25);
  }
}

// Weakly coupled atoms that decay to their ground state cool instead.
TEST(FieldHeating, IsLittleWhereAtomsAbsorb) {
  EXPECT_LT(steady_heating(dicke(1, 0.1, 1e-4, 0.2, 0)), 0.05);
  EXPECT_GT(steady_heating(dicke(1, 0.9, 1e-4, 0.2, 0)), 50);
  BatteryParameters tavis_cummings = dicke(2, 0.5, 0.1, 0.2, 0.2);
  tavis_cummings.interaction = Interaction::tavis_cummings;
  EXPECT_EQ(steady_heating(tavis_cummings), 0);
  EXPECT_EQ(largest_heating(tavis_cummings, 10, 1e-8), 0);
}

TEST(FieldHeating, OfAChargingRunIsWhatLevelsAreAddedFor) {
  for (const BatteryParameters& battery :
       {dicke(1, 0.65, 0, 0.026, 0), dicke(1, 1.25, 0.012, 0, 0.076), dicke(2, 0.3, 0.1, 0, 0)}) {
    expect_levels(battery, 15, 1e-8, 2);
  }
  // No kick adds up within a fraction of a period, and none without jumps.
  EXPECT_LT(largest_heating(dicke(1, 1.0, 0, 0.5, 0.5), 0.1, 1e-8), 0.01);
  EXPECT_EQ(largest_heating(dicke(1, 1.0, 0.1, 0, 0), 10, 1e-8), 0);
}

// Dephasing without loss heats on and on: what is planned has to see it coming.
TEST(FieldHeating, GoesOnWithoutCavityLoss) {
  for (const BatteryParameters& battery :
       {dicke(2, 0.5, 0, 0, 0.5), dicke(2, 0.25, 0, 0, 0.1), dicke(1, 0.25, 0, 0, 0.5)}) {
    expect_levels(battery, 20, 1e-6, 1.6);
  }
  EXPECT_NEAR(
      mean_heating(dicke(2, 0.5, 0, 0, 0.5), 200) / mean_heating(dicke(2, 0.5, 0, 0, 0.5), 20), 10,
      1e-12);
}

}  // namespace
}  // namespace qbsweep
