// Which levels a charging run keeps from step to step.
//
// What would be caught: a cut that costs what its run is asked for, a run that is never cut, a
// state without jumps that is cut by its population, levels beyond those that a run began with, a
// step that is accepted although its levels were too few.
#include "dynamics/level_control.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "charging_differences.hpp"
#include "charging_paths.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using testing::Random;
using testing::uniform;
using testing::uniform_int;

BatteryParameters lossy(Interaction interaction) {
  BatteryParameters battery;
  battery.interaction = interaction;
  battery.N = 2;
  battery.g = 0.3;
  battery.kappa = 0.5;
  battery.m = 6;
  battery.fock_dim = 40;
  return battery;
}

ChargingSettings settings_for(double t_max, double tolerance) {
  return testing::settings_on(testing::fast_path, t_max, 51, tolerance);
}

std::vector<double> geometric(int levels, double ratio) {
  std::vector<double> populations;
  for (int n = 0; n < levels; ++n) {
    populations.push_back((1 - ratio) * std::pow(ratio, n));
  }
  return populations;
}

// p_n = 0.9 10^-n: for Dicke sqrt(p_n p_(n-2)) = 9 10^-n, and from n = 13 on these cost
// 15 omega_c 1e-12 < 0.01 1e-8, from n = 12 on 14 omega_c 1e-11, which is more. Three levels are
// kept for what moves up.
TEST(LevelControl, CutsWhatCostsLessThanItsShare) {
  LevelControl control(lossy(Interaction::dicke), settings_for(20, 1e-8), LaterWeights());
  EXPECT_EQ(control.levels_after(5, geometric(40, 0.1), 40), 13 + 3);
  EXPECT_EQ(control.levels_after(5, geometric(15, 0.1), 15), 15);
}

// With d = N = 2 the same; nothing moves up.
TEST(LevelControl, CutsExcitations) {
  LevelControl control(lossy(Interaction::tavis_cummings), settings_for(20, 1e-8), LaterWeights());
  EXPECT_EQ(control.levels_after(5, geometric(40, 0.1), 40), 13);
}

TEST(LevelControl, KeepsTheAmplitudeOfWhatHasMetNoJump) {
  // A population of 1e-12 at n = 30 is an amplitude of 1e-6, until t = 4.
  LaterWeights later = {1.0, std::vector<std::vector<double>>(5, std::vector<double>(48, 0.0))};
  for (auto& weights : later.weights) {
    weights[30] = 1e-12;
  }
  LevelControl control(lossy(Interaction::dicke), settings_for(20, 1e-8), later);
  EXPECT_EQ(control.levels_after(3.5, geometric(40, 0.1), 40), 31 + 3);
  EXPECT_EQ(control.levels_after(5.5, geometric(40, 0.1), 40), 13 + 3);
}

TEST(LevelControl, CutsNothingWithoutLossOrWithoutKnowingOfJumps) {
  BatteryParameters dephased = lossy(Interaction::dicke);
  dephased.kappa = 0;
  dephased.gamma_phi = 0.1;
  EXPECT_FALSE(LevelControl(dephased, settings_for(20, 1e-8), LaterWeights()).cuts());
  EXPECT_FALSE(LevelControl(lossy(Interaction::dicke), settings_for(20, 1e-8), {}).cuts());
  EXPECT_TRUE(
      LevelControl(lossy(Interaction::dicke), settings_for(20, 1e-8), LaterWeights()).cuts());
}

TEST(LevelControl, RepeatsStepsWithMoreLevels) {
  ChargingSettings settings = settings_for(20, 1e-8);
  LevelControl fixed(lossy(Interaction::dicke), settings, LaterWeights());
  ChargingDiagnostics seen;
  seen.fock_tail_max = 1e-9;
  seen.truncation_error = 1e-8;
  EXPECT_EQ(fixed.allowed(40), std::numeric_limits<double>::infinity());
  EXPECT_LT(fixed.allowed(15), 1e-8);
  const int more = fixed.more(15, seen, 2);
  EXPECT_GT(more, 15);
  EXPECT_LE(more, 40);
  EXPECT_LE(fixed.more(39, seen, 2), 40);
  // The margin has grown with it.
  EXPECT_EQ(fixed.levels_after(5, geometric(40, 0.1), 40), 13 + 3 + (more - 15) + 1);

  settings.auto_fock_dim = true;
  LevelControl growing(lossy(Interaction::dicke), settings, LaterWeights());
  EXPECT_EQ(growing.allowed(40), 1e-8);
  EXPECT_GT(growing.more(40, seen, 2), 40);
  EXPECT_EQ(growing.longest_step(), 1);
}

/// Much loss over long times, so that most levels go.
BatteryParameters random_lossy_battery(Random& random, bool strong) {
  BatteryParameters battery = testing::random_battery(random, 3);
  battery.kappa = uniform_int(random, 0, 3) == 0 ? 0.0 : std::pow(10, uniform(random, -2, 0.5));
  battery.gamma_down = battery.kappa > 0 ? testing::random_rate(random, 0.5) : 0.3;
  battery.g = uniform(random, 0.05, strong ? 1.0 : 0.5);
  battery.fock_dim = uniform_int(random, 14, 24);
  battery.m = battery.charger == Charger::fock ? uniform_int(random, 0, 8) : uniform(random, 0, 6);
  return battery;
}

// On the same Fock levels from the first to the last, by the assembled matrix.
TEST(LevelCuts, CostLessThanTheTolerance) {
  Random random(221);
  int cut = 0;
  constexpr int count = 40;
  for (int set = 0; set < count; ++set) {
    const BatteryParameters battery = random_lossy_battery(random, set % 2 == 0);
    const double t_max = uniform(random, 10, 60);
    const double tolerance = std::pow(10, uniform(random, -9, -5));
    SCOPED_TRACE(testing::describe(battery) + " t_max " + std::to_string(t_max) + " tolerance " +
                 std::to_string(tolerance));
    ChargingSettings settings = settings_for(t_max, tolerance);
    const ChargingResult kept = charging_run(MPI_COMM_SELF, battery, settings);
    settings.tolerance = 1e-11;
    settings.liouvillian = LiouvillianKind::assembled;
    const ChargingResult whole = charging_run(MPI_COMM_SELF, battery, settings);
    EXPECT_LT(testing::largest_difference(battery, kept, whole), tolerance);
    EXPECT_EQ(kept.diagnostics.fock_dim, battery.fock_dim);
    cut += kept.diagnostics.fewest_levels < battery.fock_dim ? 1 : 0;
  }
  EXPECT_GT(cut, count / 3);
}

}  // namespace
}  // namespace qbsweep
