// Results do not depend on the unit of energy: with all energies, rates and the tolerance s times
// and all times 1/s times as large, every result is what it was, in the other unit. Where s is a
// power of two hardly any rounding changes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "charging_paths.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using testing::Random;

struct Point {
  BatteryParameters battery;
  ChargingSettings settings;
};

Point in_units(const Point& point, double s) {
  Point scaled = point;
  for (double* energy :
       {&scaled.battery.g, &scaled.battery.omega_0, &scaled.battery.omega_c, &scaled.battery.kappa,
        &scaled.battery.gamma_down, &scaled.battery.gamma_phi, &scaled.settings.tolerance}) {
    *energy *= s;
  }
  scaled.settings.t_max /= s;
  return scaled;
}

/// All results in one row, those with a unit in that of the scaled point; energies to begin with.
struct Results {
  std::vector<double> energies;
  std::vector<double> times;
  std::vector<double> powers;
  std::vector<double> numbers;
};

void add(std::vector<double>& to, const auto& from) {
  to.insert(to.end(), from.begin(), from.end());
}

Results results_of(const ChargingResult& charge) {
  const FiguresOfMerit& figures = charge.figures;
  const Trajectory& trajectory = charge.trajectory;
  Results all;
  all.energies = {figures.battery_energy_max};
  for (const auto* values : {&figures.ergotropy_max, &figures.battery_energy_at_tau,
                             &figures.locked_energy_at_tau, &figures.quench_energy_at_tau}) {
    add(all.energies, *values);
  }
  for (const auto* values : {&trajectory.of("battery_energy"), &trajectory.of("interaction_energy"),
                             &trajectory.of("total_energy"), &trajectory.ergotropy[0],
                             &trajectory.ergotropy[1], &trajectory.ergotropy[2]}) {
    add(all.energies, *values);
  }
  all.times = {figures.tau_battery_energy_max, figures.tau_power_energy_max};
  add(all.times, figures.tau);
  add(all.times, figures.tau_power_ergotropy_max);
  add(all.times, trajectory.time);
  all.powers = {figures.power_energy_max};
  add(all.powers, figures.power_ergotropy_max);
  all.numbers = {charge.diagnostics.fock_tail_max,
                 static_cast<double>(charge.diagnostics.fock_dim)};
  add(all.numbers, trajectory.of("photon_number"));
  add(all.numbers, figures.tau_at_window_end);
  return all;
}

void expect_equal(const std::vector<double>& scaled, const std::vector<double>& plain, double unit,
                  double within) {
  ASSERT_EQ(scaled.size(), plain.size());
  double size = 1;  // the frequencies are about 1, and so are the levels
  for (const double number : plain) {
    size = std::max(size, std::abs(number));
  }
  for (std::size_t e = 0; e < plain.size(); ++e) {
    EXPECT_NEAR(scaled[e] / unit, plain[e], within * size) << "number " << e;
  }
}

struct Accuracy {
  double values = 0.0;
  double times = 0.0;
};

void expect_same_in_units(const Point& point, double s, const Accuracy& accuracy) {
  SCOPED_TRACE(testing::describe(point.battery) + " s=" + std::to_string(s) +
               " t_max=" + std::to_string(point.settings.t_max));
  const Point scaled = in_units(point, s);
  const Results plain = results_of(charging_run(MPI_COMM_SELF, point.battery, point.settings));
  const Results other = results_of(charging_run(MPI_COMM_SELF, scaled.battery, scaled.settings));
  expect_equal(other.energies, plain.energies, s, accuracy.values);
  expect_equal(other.times, plain.times, 1 / s, accuracy.times);
  expect_equal(other.powers, plain.powers, s * s, accuracy.values);
  expect_equal(other.numbers, plain.numbers, 1, accuracy.values);
}

/// Half of them begin in the ground state, every fifth one has no noise.
Point random_point(Random& random, int number, const testing::ChargingPath& path) {
  Point point;
  point.battery = testing::random_start(random, 3);
  if (number % 5 == 0) {
    point.battery.kappa = point.battery.gamma_down = point.battery.gamma_phi = 0;
  }
  point.settings = testing::settings_on(path, testing::uniform(random, 2, 20), 7, 1e-7);
  return point;
}

constexpr double two_20 = 1 << 20;

// A million is no power of two, so its numbers are rounded anew; what is rounded grows along the
// window, and a time is where a rate vanishes.
TEST(Units, AreOneAnotherForTheSeries) {
  Random random(71);
  for (int number = 0; number < 50; ++number) {
    const Point point = random_point(random, number, testing::fast_path);
    expect_same_in_units(point, number % 2 == 0 ? two_20 : 1 / two_20, {1e-12, 1e-12});
    expect_same_in_units(point, number % 2 == 0 ? 1e-6 : 1e6, {1e-10, 1e-7});
  }
}

TEST(Units, AreOneAnotherForTheIntegrator) {
  Random random(72);
  for (int number = 0; number < 15; ++number) {
    Point point = random_point(random, number, testing::plain_path);
    point.settings.t_max = std::min(point.settings.t_max, 6.0);
    point.settings.tolerance = 1e-5;
    expect_same_in_units(point, number % 2 == 0 ? two_20 : 1 / two_20, {1e-12, 1e-12});
    expect_same_in_units(point, number % 2 == 0 ? 1e-6 : 1e6, {1e-9, 1e-6});
  }
}

// The tie between equal maxima was N omega_0 times the tolerance, and took the largest value with
// it.
TEST(Units, ATieIsAnEnergy) {
  BatteryParameters battery;
  battery.N = 3;
  battery.omega_0 = battery.omega_c = 1000;
  battery.g = 600;
  battery.gamma_down = 200;
  battery.gamma_phi = 100;
  battery.m = 1;
  battery.fock_dim = 10;
  ChargingSettings settings = testing::settings_on(testing::fast_path, 0.006, 0, 7e-3);
  EXPECT_NEAR(charging_run(MPI_COMM_SELF, battery, settings).figures.battery_energy_max, 884.178,
              1e-2);
}

}  // namespace
}  // namespace qbsweep
