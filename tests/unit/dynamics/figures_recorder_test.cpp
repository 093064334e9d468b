// Maxima in continuous time, on curves that are known exactly: one atom, whose energy is its
// excited population p and whose ergotropies are all max(0, 2p - 1).
#include "qbsweep/dynamics/figures_recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "synthetic_observations.hpp"

namespace qbsweep {
namespace {

using testing::Curve;

constexpr double pi = std::numbers::pi;

/// Rises from 0 to `top` at t = `time` and falls again; a polynomial of degree 3.
Curve hill(double top, double time) {
  return {[=](double t) { return top * (3 * t * t / (time * time) - 2 * std::pow(t / time, 3)); },
          [=](double t) { return 6 * top * (t - t * t / time) / (time * time); },
          [=](double t) { return 6 * top * (1 - 2 * t / time) / (time * time); }};
}

/// sin^2(omega t) times a slope: 1 + slope t.
Curve swing(double omega, double slope) {
  return {[=](double t) { return std::pow(std::sin(omega * t), 2) * (1 + slope * t); },
          [=](double t) {
            return omega * std::sin(2 * omega * t) * (1 + slope * t) +
                   slope * std::pow(std::sin(omega * t), 2);
          },
          [=](double t) {
            return 2 * omega * omega * std::cos(2 * omega * t) * (1 + slope * t) +
                   2 * slope * omega * std::sin(2 * omega * t);
          }};
}

ChargingResult follow(const Curve& population, const std::vector<double>& times,
                      std::int64_t samples = 0, double tolerance = 1e-8) {
  BatteryParameters battery;
  ChargingSettings settings;
  settings.t_max = times.back();
  settings.samples = samples;
  settings.tolerance = tolerance;
  FiguresRecorder recorder(StateBasis(1, 2, false), battery, settings);
  for (std::size_t s = 0; s + 1 < times.size(); ++s) {
    recorder.step(testing::one_atom_step(population, times[s], times[s + 1]));
  }
  return recorder.finish();
}

std::vector<double> even_times(double t_max, int steps) {
  std::vector<double> times;
  for (int s = 0; s <= steps; ++s) {
    times.push_back(s == steps ? t_max : t_max * s / steps);
  }
  return times;
}

// One step over everything, many steps, and steps that end on the maximum itself or have it on the
// boundary of two searched parts.
TEST(FiguresRecorder, FindsMaximaWhereverTheStepsLie) {
  const Curve curve = hill(0.9, 1.3);
  const std::vector<std::vector<double>> grids = {
      {0, 1.9}, {0, 0.4, 1.25, 1.9}, {0, 1.3, 1.9}, {0, 0.7, 1.9}, even_times(1.9, 37)};
  for (const std::vector<double>& times : grids) {
    SCOPED_TRACE(::testing::PrintToString(times));
    const FiguresOfMerit figures = follow(curve, times).figures;
    EXPECT_NEAR(figures.battery_energy_max, 0.9, 1e-13);
    EXPECT_NEAR(figures.tau_battery_energy_max, 1.3, 1e-10);
    // p/t = top (3 t - 2 t^2/time)/time^2 is largest at 3/4 of the time.
    EXPECT_NEAR(figures.power_energy_max, 0.9 * 9 / 8 / 1.3, 1e-13);
    EXPECT_NEAR(figures.tau_power_energy_max, 0.75 * 1.3, 1e-10);
    EXPECT_NEAR(figures.quench_energy_at_power_energy_max, curve[0](0.75 * 1.3) / 10, 1e-10);
    for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
      EXPECT_NEAR(figures.ergotropy_max[d], 0.8, 1e-13);
      EXPECT_NEAR(figures.tau[d], 1.3, 1e-10);
      EXPECT_NEAR(figures.battery_energy_at_tau[d], 0.9, 1e-13);
      EXPECT_NEAR(figures.locked_energy_at_tau[d], 0.1, 1e-13);
      EXPECT_NEAR(figures.quench_energy_at_tau[d], 0.09, 1e-13);
      EXPECT_FALSE(figures.tau_at_window_end[d]);
      // (2p - 1)/t, by its own stationarity: 2 p' t = 2p - 1.
      const double t = figures.tau_power_ergotropy_max[d];
      EXPECT_NEAR(2 * curve[1](t) * t, 2 * curve[0](t) - 1, 1e-9);
      EXPECT_NEAR(figures.power_ergotropy_max[d], (2 * curve[0](t) - 1) / t, 1e-13);
      EXPECT_GT(figures.power_ergotropy_max[d], 0.8 / 1.3);
      EXPECT_NEAR(figures.quench_energy_at_power_ergotropy_max[d], curve[0](t) / 10, 1e-10);
    }
  }
}

// The interpolation's error is below the tie (the tolerance) for these step lengths. 248 steps have
// one end on every second maximum.
TEST(FiguresRecorder, OfEqualMaximaTheFirstCounts) {
  for (const int steps : {200, 248, 300, 337}) {
    const FiguresOfMerit figures = follow(swing(1.0, 0), even_times(6.2 * pi, steps)).figures;
    EXPECT_NEAR(figures.tau_battery_energy_max, pi / 2, 1e-5) << steps;
    for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
      EXPECT_NEAR(figures.tau[d], pi / 2, 1e-5) << steps;
    }
  }
}

TEST(FiguresRecorder, AHigherLaterMaximumWins) {
  const FiguresOfMerit figures = follow(swing(1.0, 1e-5), even_times(3.2 * pi, 200)).figures;
  EXPECT_NEAR(figures.tau_battery_energy_max, 2.5 * pi, 1e-4);
  EXPECT_NEAR(figures.tau[0], 2.5 * pi, 1e-4);
  const FiguresOfMerit falling = follow(swing(1.0, -1e-5), even_times(3.2 * pi, 200)).figures;
  EXPECT_NEAR(falling.tau_battery_energy_max, 0.5 * pi, 1e-4);
}

// A tie decides the time alone: the value stays the largest, and what is given at tau belongs
// there.
TEST(FiguresRecorder, OfMaximaThatAreEqualWithinTheToleranceTheFirstIsNamed) {
  const double slope = 1e-5;
  const auto times = even_times(3.2 * pi, 200);
  const double first = 1 + slope * pi / 2;
  const double largest = 1 + slope * 2.5 * pi;
  const FiguresOfMerit loose = follow(swing(1.0, slope), times, 0, 1e-3).figures;
  EXPECT_NEAR(loose.battery_energy_max, largest, 1e-9);
  EXPECT_NEAR(loose.tau_battery_energy_max, pi / 2, 1e-4);
  EXPECT_NEAR(loose.ergotropy_max[0], 2 * largest - 1, 1e-9);
  EXPECT_NEAR(loose.tau[0], pi / 2, 1e-4);
  EXPECT_NEAR(loose.battery_energy_at_tau[0], first, 1e-9);
  EXPECT_NEAR(loose.locked_energy_at_tau[0], 1 - first, 1e-9);
  EXPECT_NEAR(loose.quench_energy_at_tau[0], first / 10, 1e-9);
  // Between the first and the third maximum lie 2e-5 pi, of the ergotropy twice that.
  const FiguresOfMerit between = follow(swing(1.0, slope), times, 0, 1.5 * 2e-5 * pi).figures;
  EXPECT_NEAR(between.tau_battery_energy_max, pi / 2, 1e-4);
  EXPECT_NEAR(between.tau[0], 1.5 * pi, 1e-4);
}

// Largest between the places that are looked at anyway.
TEST(FiguresRecorder, TheFockTailIsLargestInContinuousTime) {
  for (const std::vector<double>& times : {std::vector<double>{0, 1.9}, even_times(1.9, 3)}) {
    const Curve tail = hill(0.01, 1.3);
    const auto at = [&](double t) {
      Observation observation = testing::one_atom(hill(0.9, 1.3), t);
      for (std::size_t derivative = 0; derivative < observation.size(); ++derivative) {
        observation[derivative][6] = tail[derivative](t);
      }
      return observation;
    };
    ChargingSettings settings;
    settings.t_max = times.back();
    FiguresRecorder recorder(StateBasis(1, 2, false), {}, settings);
    for (std::size_t s = 0; s + 1 < times.size(); ++s) {
      recorder.step(HermiteStep(times[s], at(times[s]), times[s + 1], at(times[s + 1])));
    }
    EXPECT_NEAR(recorder.finish().diagnostics.fock_tail_max, 0.01, 1e-12);
  }
}

// The battery begins full and loses all the time: its powers are negative, the largest at the end.
TEST(FiguresRecorder, PowersOfABatteryThatOnlyLosesAreNegative) {
  const Curve decay = {[](double t) { return 0.9 * std::exp(-t); },
                       [](double t) { return -0.9 * std::exp(-t); },
                       [](double t) { return 0.9 * std::exp(-t); }};
  const FiguresOfMerit figures = follow(decay, even_times(2.0, 40)).figures;
  EXPECT_NEAR(figures.battery_energy_max, 0.9, 1e-12);
  EXPECT_EQ(figures.tau_battery_energy_max, 0);
  EXPECT_FALSE(figures.tau_battery_energy_max_at_window_end);
  EXPECT_NEAR(figures.power_energy_max, 0.9 * (std::exp(-2.0) - 1) / 2, 1e-9);
  EXPECT_EQ(figures.tau_power_energy_max, 2.0);
  EXPECT_TRUE(figures.tau_power_energy_max_at_window_end);
}

// Half excited at first: the ergotropy is 0, its rate that of either side, and its power's limit 0.
TEST(FiguresRecorder, ThePowerAtTheStartIsThatOfWhatComes) {
  for (const double turn : {-1.0, 1.0}) {
    const Curve curve = {[=](double t) { return 0.5 + turn * t / 10; },
                         [=](double) { return turn / 10; }, [](double) { return 0.0; }};
    const FiguresOfMerit figures = follow(curve, even_times(2.0, 5)).figures;
    for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
      EXPECT_NEAR(figures.power_ergotropy_max[d], turn > 0 ? 0.2 : 0.0, 1e-9);
      EXPECT_EQ(figures.tau_power_ergotropy_max[d], 0);
    }
  }
}

// A power that is largest at once is the limit t -> 0.
TEST(FiguresRecorder, APowerMayBeLargestAtTheStart) {
  const Curve sine = {[](double t) { return 0.9 * std::sin(t); },
                      [](double t) { return 0.9 * std::cos(t); },
                      [](double t) { return -0.9 * std::sin(t); }};
  const FiguresOfMerit figures = follow(sine, even_times(1.5, 20)).figures;
  EXPECT_NEAR(figures.power_energy_max, 0.9, 1e-12);
  EXPECT_EQ(figures.tau_power_energy_max, 0);
  EXPECT_FALSE(figures.tau_power_energy_max_at_window_end);
  EXPECT_TRUE(figures.tau_battery_energy_max_at_window_end);
}

TEST(FiguresRecorder, FlagsAMaximumAtTheEndOfTheWindow) {
  const Curve curve = hill(0.9, 1.3);
  const FiguresOfMerit growing = follow(curve, {0, 0.6, 1.2}).figures;
  const FiguresOfMerit past = follow(curve, {0, 0.6, 1.31}).figures;
  const FiguresOfMerit short_of_it = follow(curve, {0, 0.6, 1.0}).figures;
  for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
    EXPECT_TRUE(growing.tau_at_window_end[d]);
    EXPECT_EQ(growing.tau[d], 1.2);
    EXPECT_NEAR(growing.ergotropy_max[d], 2 * curve[0](1.2) - 1, 1e-13);
    EXPECT_NEAR(growing.battery_energy_at_tau[d], curve[0](1.2), 1e-13);
    EXPECT_FALSE(past.tau_at_window_end[d]);
    EXPECT_TRUE(short_of_it.tau_power_ergotropy_max_at_window_end[d]);
    EXPECT_FALSE(growing.tau_power_ergotropy_max_at_window_end[d]);
    EXPECT_FALSE(past.tau_battery_energy_max_at_window_end);
  }
  EXPECT_TRUE(growing.tau_battery_energy_max_at_window_end);
  EXPECT_FALSE(growing.tau_power_energy_max_at_window_end);
  EXPECT_EQ(growing.tau_battery_energy_max, 1.2);
}

// Below half filling one atom's state is passive all the time.
TEST(FiguresRecorder, NoErgotropyIsZeroAtTimeZero) {
  const FiguresOfMerit figures = follow(hill(0.45, 1.3), even_times(1.9, 7)).figures;
  for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
    EXPECT_NEAR(figures.ergotropy_max[d], 0, 1e-15);
    EXPECT_EQ(figures.tau[d], 0);
    EXPECT_FALSE(figures.tau_at_window_end[d]);
  }
  EXPECT_NEAR(figures.battery_energy_max, 0.45, 1e-13);
}

TEST(FiguresRecorder, SamplesAreEquidistantAndReachBothEnds) {
  const Curve curve = hill(0.9, 1.3);
  for (const std::int64_t samples : {2, 3, 11, 1000}) {
    const Trajectory trajectory = follow(curve, {0, 0.31, 0.5, 1.2, 1.9}, samples).trajectory;
    ASSERT_EQ(trajectory.time.size(), static_cast<std::size_t>(samples));
    EXPECT_EQ(trajectory.time.front(), 0);
    EXPECT_EQ(trajectory.time.back(), 1.9);
    for (std::size_t s = 0; s < trajectory.time.size(); ++s) {
      const double t = 1.9 * static_cast<double>(s) / static_cast<double>(samples - 1);
      const double p = curve[0](t);
      ASSERT_NEAR(trajectory.time[s], t, 1e-15);
      ASSERT_NEAR(trajectory.of("battery_energy")[s], p, 1e-13);
      ASSERT_NEAR(trajectory.of("photon_number")[s], 1 - p, 1e-13);
      ASSERT_NEAR(trajectory.of("interaction_energy")[s], -p / 10, 1e-13);
      ASSERT_NEAR(trajectory.of("total_energy")[s], 1 - p / 10, 1e-13);
      ASSERT_NEAR(trajectory.ergotropy[0][s], std::max(0.0, 2 * p - 1), 1e-13);
    }
  }
  const Trajectory none = follow(curve, {0, 1.9}).trajectory;
  EXPECT_TRUE(none.time.empty());
  EXPECT_TRUE(none.of("battery_energy").empty());
  EXPECT_TRUE(none.ergotropy[0].empty());
}

}  // namespace
}  // namespace qbsweep
