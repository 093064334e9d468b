// What a charging run is estimated to cost, against what it costs.
#include <gtest/gtest.h>

#include "qbsweep/dynamics/charging_estimate.hpp"
#include "qbsweep/dynamics/charging_run.hpp"

namespace qbsweep {
namespace {

// Where something decays fast over a long window the series goes over to short steps, which were
// not counted: 130,000 applications were told as 2,500.
TEST(ChargingEstimate, CountsTheShortStepsOfFastDecay) {
  BatteryParameters battery;
  battery.N = 2;
  battery.g = 0.25;
  battery.fock_dim = 15;
  ChargingSettings settings;
  settings.t_max = 28;
  settings.samples = 5;
  for (const double kappa : {0.1, 1.0, 10.0, 100.0}) {
    battery.kappa = kappa;
    const double predicted = estimate_charging(battery, settings).operator_applications;
    const auto actual = static_cast<double>(
        charging_run(MPI_COMM_SELF, battery, settings).diagnostics.operator_applications);
    EXPECT_GT(predicted, actual / 3) << kappa;
    EXPECT_LT(predicted, actual * 3) << kappa;
  }
}

}  // namespace
}  // namespace qbsweep
