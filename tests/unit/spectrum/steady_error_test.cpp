// What steady_error promises: the truth lies within it, next to small gaps too, and the next method
// takes over where one fails.
//
// What would be caught: a residual taken for an error, a slow mode hidden below it, zero counted by
// a fixed tolerance, a gap and a multiplicity that contradict each other, GMRES that ends where its
// recursion breaks down, numbers that depend on the unit of energy.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "dicke_battery.hpp"
#include "extended_null_vector.hpp"
#include "qbsweep/spectrum/steady_state.hpp"
#include "qbsweep/support/error.hpp"
#include "random_batteries.hpp"
#include "steady_deviation.hpp"

namespace qbsweep {
namespace {

using testing::dicke;

SteadyStateResult solve(const BatteryParameters& battery, SteadyMethod method, bool gap = false) {
  return steady_state(MPI_COMM_SELF, battery, {.method = method, .gap = gap});
}

// Atoms that decay slowly exchange the blocks j slowly: the gap is about gamma_down.
TEST(SteadyError, HoldsNextToASmallGap) {
  for (const double gamma_down : {1e-4, 1e-6, 1e-8}) {
    BatteryParameters battery = dicke(2, 0.7, 0.3, gamma_down, 0);
    battery.fock_dim = 10;
    const std::vector<double> right = testing::extended_null_vector(battery);
    for (const SteadyMethod method :
         {SteadyMethod::automatic, SteadyMethod::shift_invert, SteadyMethod::gmres}) {
      const SteadyStateResult result = solve(battery, method);
      EXPECT_EQ(result.multiplicity, 1) << gamma_down;
      EXPECT_LE(result.error, 1e-9) << gamma_down;
      EXPECT_LE(testing::steady_deviation(battery, result, right), result.error)
          << gamma_down << " by " << static_cast<int>(method);
    }
  }
}

TEST(SteadyError, ASmallGapAndTheMultiplicityAgree) {
  for (const SteadyMethod method : {SteadyMethod::automatic, SteadyMethod::gmres}) {
    BatteryParameters battery = dicke(2, 0.7, 0.3, 1e-8, 0);
    battery.fock_dim = 10;
    const SteadyStateResult result = solve(battery, method, true);
    EXPECT_EQ(result.multiplicity, 1);
    EXPECT_NEAR(result.gap, 1.05e-8, 0.02e-8);
    EXPECT_FALSE(std::isnan(result.battery_energy));
  }
}

// exp(L T) in double precision does not get there next to a small gap, and says so.
TEST(SteadyError, OfThePropagatorIsNoSmallerThanTheTruth) {
  BatteryParameters battery = dicke(2, 0.7, 0.3, 1e-4, 0);
  battery.fock_dim = 10;
  const SteadyStateResult result = solve(battery, SteadyMethod::propagator);
  EXPECT_LE(testing::steady_deviation(battery, result, testing::extended_null_vector(battery)),
            result.error);
}

// These broke GMRES down at a restart.
TEST(SteadyAuto, FindsWhatBrokeGmresDown) {
  struct Point {
    BatteryParameters battery;
    double photons_per_atom, within;
  };
  // The first by long propagation as well; the others of published code.
  for (const Point& point : {Point{dicke(4, 1.279, 1.816, 0.43, 0.05), 1.5071833639312 / 4, 5e-7},
                             Point{dicke(2, 0.9, 1, 0.2, 0.1), 0.400, 5e-4},
                             Point{dicke(4, 0.9, 1, 0.2, 0.1), 0.247, 5e-4}}) {
    SCOPED_TRACE(testing::describe(point.battery));
    const SteadyStateResult result =
        steady_state(MPI_COMM_SELF, point.battery, {.auto_fock_dim = true});
    EXPECT_NEAR(result.photon_number / point.battery.N, point.photons_per_atom, point.within);
    EXPECT_LE(result.error, 1e-9);
  }
}

// Without cavity loss nothing takes out what the jumps of a strongly coupled atom put in.
TEST(SteadyAuto, SaysSoWhereLevelsDoNotConverge) {
  const BatteryParameters battery = dicke(1, 0.6, 0, 0.1, 0);
  try {
    (void)steady_state(MPI_COMM_SELF, battery, {.auto_fock_dim = true});
    FAIL() << "no exception";
  } catch (const EnvironmentError& error) {
    EXPECT_NE(std::string(error.what()).find("fock_dim: auto does not converge: "),
              std::string::npos)
        << error.what();
  }
}

BatteryParameters scaled(BatteryParameters battery, double unit) {
  for (double* const number : {&battery.g, &battery.omega_0, &battery.omega_c, &battery.kappa,
                               &battery.gamma_down, &battery.gamma_phi}) {
    *number *= unit;
  }
  return battery;
}

TEST(SteadyAuto, ScalesWithTheUnitOfEnergy) {
  testing::Random random(97);
  for (int set = 0; set < 6; ++set) {
    BatteryParameters battery = testing::random_battery(random, 2);
    battery.kappa += 0.05;
    battery.coupling_scaling = CouplingScaling::sqrt_n;
    battery.g *= 0.7;
    SteadyStateSettings settings = {.gap = true, .auto_fock_dim = true};
    const SteadyStateResult one = steady_state(MPI_COMM_SELF, battery, settings);
    for (const double unit : {1e-6, 1e3, 1e6}) {
      SCOPED_TRACE(testing::describe(battery) + " times " + std::to_string(unit));
      settings.tolerance = 1e-9 * unit;
      const SteadyStateResult other = steady_state(MPI_COMM_SELF, scaled(battery, unit), settings);
      EXPECT_EQ(other.fock_dim, one.fock_dim);
      EXPECT_EQ(other.multiplicity, one.multiplicity);
      EXPECT_NEAR(other.battery_energy / unit, one.battery_energy, 2e-9);
      EXPECT_NEAR(other.total_energy / unit, one.total_energy, 2e-9);
      EXPECT_NEAR(other.photon_number, one.photon_number, 2e-9 / battery.omega_c);
      EXPECT_NEAR(other.gap / unit, one.gap, 1e-8);
      EXPECT_NEAR(other.truncation_error / unit, one.truncation_error,
                  0.1 * one.truncation_error + 1e-12);
    }
  }
}

}  // namespace
}  // namespace qbsweep
