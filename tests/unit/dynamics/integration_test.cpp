// The integration of the plain path: its error follows the tolerance, any of PETSc's integrators
// may do it, and what goes wrong in it is said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "charging_paths.hpp"
#include "petsc_options.hpp"
#include "qbsweep/dynamics/ts_charging.hpp"
#include "qbsweep/support/error.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using ::testing::HasSubstr;

/// The largest difference of any sampled energy, in units of N omega_0.
double difference(const BatteryParameters& battery, const ChargingResult& a,
                  const ChargingResult& b) {
  double largest = 0;
  const auto compare = [&](const std::vector<double>& x, const std::vector<double>& y) {
    for (std::size_t s = 0; s < x.size(); ++s) {
      largest = std::max(largest, std::abs(x[s] - y[s]) / (battery.N * battery.omega_0));
    }
  };
  compare(a.trajectory.of("battery_energy"), b.trajectory.of("battery_energy"));
  for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
    compare(a.trajectory.ergotropy[d], b.trajectory.ergotropy[d]);
  }
  return largest;
}

ChargingResult run(const BatteryParameters& battery, double t_max, double tolerance) {
  return charging_run(MPI_COMM_SELF, battery,
                      testing::settings_on(testing::plain_path, t_max, 60, tolerance));
}

TEST(Integration, ErrorFollowsTheTolerance) {
  testing::Random random(61);
  for (int set = 0; set < 20; ++set) {
    const BatteryParameters battery = testing::random_battery(random, 4);
    SCOPED_TRACE(testing::describe(battery));
    const ChargingResult reference = run(battery, 5, 1e-12);
    for (const double tolerance : {1e-4, 1e-6, 1e-8}) {
      const ChargingResult result = run(battery, 5, tolerance);
      EXPECT_LT(difference(battery, result, reference), 10 * tolerance) << tolerance;
      EXPECT_LT(result.diagnostics.operator_applications,
                reference.diagnostics.operator_applications);
    }
  }
}

BatteryParameters noisy_battery() {
  BatteryParameters battery;
  battery.N = 3;
  battery.g = 0.5;
  battery.kappa = 0.15;
  battery.gamma_down = 0.1;
  battery.gamma_phi = 0.1;
  battery.m = 1;
  battery.fock_dim = 5;
  return battery;
}

struct Integrator {
  const char* name;
  std::vector<std::pair<std::string, std::string>> options;
};

class Integrators : public ::testing::TestWithParam<Integrator> {};

TEST_P(Integrators, GiveTheSameCharging) {
  const BatteryParameters battery = noisy_battery();
  const double tolerance = 1e-7;
  const ChargingResult reference = run(battery, 5, 1e-12);
  const testing::PetscOptionsScope options(GetParam().options);
  const ChargingResult result = run(battery, 5, tolerance);
  EXPECT_LT(difference(battery, result, reference), 100 * tolerance);
  EXPECT_EQ(result.trajectory.time.back(), 5);
}

INSTANTIATE_TEST_SUITE_P(
    FromOptions, Integrators,
    ::testing::Values(Integrator{"rk_3bs", {{"-ts_rk_type", "3bs"}}},
                      Integrator{"rk_5bs", {{"-ts_rk_type", "5bs"}}},
                      Integrator{"rk_8vr", {{"-ts_rk_type", "8vr"}}},
                      Integrator{"arkimex", {{"-ts_type", "arkimex"}}},
                      Integrator{"rosw", {{"-ts_type", "rosw"}}},
                      Integrator{"bdf", {{"-ts_type", "bdf"}, {"-ts_bdf_order", "4"}}},
                      Integrator{"cn", {{"-ts_type", "cn"}}}),
    [](const auto& integrator) { return std::string(integrator.param.name); });

TEST(Integration, StoppingEarlyIsAnError) {
  const testing::PetscOptionsScope options({std::pair("-ts_max_steps", "5")});
  try {
    static_cast<void>(run(noisy_battery(), 5, 1e-8));
    FAIL() << "five steps were taken for a whole charging run";
  } catch (const EnvironmentError& error) {
    EXPECT_THAT(error.what(), HasSubstr("the integration stopped at t = "));
    EXPECT_THAT(error.what(), HasSubstr("before t_max = 5"));
  }
}

TEST(Integration, WhatTheCallbackThrowsComesOut) {
  const testing::PetscOptionsScope quiet;
  const ChargingSettings settings = testing::settings_on(testing::plain_path, 5, 0, 1e-8);
  int calls = 0;
  const auto stop_at_third = [&](double, Vec) {
    if (++calls == 3) {
      throw std::domain_error("enough");
    }
  };
  EXPECT_THROW(
      static_cast<void>(ts_charging(MPI_COMM_SELF, noisy_battery(), settings, {}, stop_at_third)),
      std::domain_error);
  EXPECT_EQ(calls, 3);
}

TEST(Integration, LeavesWhenTheWatchWishesTo) {
  const testing::PetscOptionsScope quiet;
  const ChargingSettings settings = testing::settings_on(testing::plain_path, 5, 0, 1e-8);
  for (const WatchAction wish : {WatchAction::save_and_stop, WatchAction::stop}) {
    int looks = 0;
    Watch watch;
    watch.look = [&](const Progress& progress) {
      EXPECT_LT(progress.fraction, 1);
      return ++looks == 3 ? wish : WatchAction::proceed;
    };
    EXPECT_THROW(static_cast<void>(charging_run(MPI_COMM_SELF, noisy_battery(), settings, watch)),
                 ComputationLeft);
    EXPECT_EQ(looks, 3);
  }
}

TEST(Integration, TheCallbackSeesTheStartAndTheEnd) {
  const ChargingSettings settings = testing::settings_on(testing::plain_path, 2, 0, 1e-8);
  std::vector<double> times;
  static_cast<void>(ts_charging(MPI_COMM_SELF, noisy_battery(), settings, {},
                                [&](double t, Vec) { times.push_back(t); }));
  EXPECT_EQ(times.front(), 0);
  EXPECT_EQ(times.back(), 2);
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
}

TEST(Integration, DiagnosticsAreReported) {
  const BatteryParameters battery = noisy_battery();
  const ChargingResult result = run(battery, 2, 1e-8);
  EXPECT_EQ(result.diagnostics.unknowns, 20 * 25);
  EXPECT_NEAR(result.diagnostics.coherent_weight_cut, 1 - 65.0 / 24 / std::exp(1.0), 1e-14);
  EXPECT_GT(result.diagnostics.operator_applications, 0);
  // The start has populations m^3/3! and m^4/4! (times exp(-m), renormalised) in the top two
  // levels.
  EXPECT_GE(result.diagnostics.fock_tail_max, (1.0 / 6 + 1.0 / 24) / (65.0 / 24) - 1e-12);
  EXPECT_LT(result.diagnostics.fock_tail_max, 1);
}

}  // namespace
}  // namespace qbsweep
