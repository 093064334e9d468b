// Over thousands of turns rounding must not add up: the trace is kept however many terms there are.
#include <gtest/gtest.h>

#include "charging_paths.hpp"
#include "qbsweep/dynamics/charging_run.hpp"

namespace qbsweep {
namespace {

// 45,000 applications. The weights of a series' recurrence are rounded; as long as its coefficients
// took the ellipse as it was meant, the trace was off by 1.9e-12, whatever the length of the steps.
TEST(LongWindow, KeepsTheTrace) {
  BatteryParameters battery;
  battery.interaction = Interaction::tavis_cummings;
  battery.N = 2;
  battery.g = 1.0;
  battery.gamma_phi = 0.001;
  battery.charger = Charger::fock;
  battery.m = 50;
  battery.fock_dim = 51;
  const ChargingResult result = charging_run(
      MPI_COMM_SELF, battery, testing::settings_on(testing::fast_path, 2000.0, 0, 1e-13));
  EXPECT_LT(result.diagnostics.trace_error_max, 2e-13);
}

}  // namespace
}  // namespace qbsweep
