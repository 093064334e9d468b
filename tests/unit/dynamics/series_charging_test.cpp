// The fast path against the plain one, on random charges.
//
// What would be caught: a sector that is forgotten or counted twice, a wrong frame, steps that do
// not continue each other, a series that grows unseen, a maximum between the samples that is
// missed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "charging_paths.hpp"
#include "petsc_options.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

constexpr double tolerance = 1e-8;
constexpr double allowed = 10 * tolerance;

/// A search for maxima sees the plain path's trajectory at this many times; every 20th of them are
/// compared.
constexpr std::int64_t samples = 381;

ChargingResult run(const testing::ChargingPath& path, const BatteryParameters& battery,
                   double t_max, double with_tolerance, const Watch& watch = {}) {
  return charging_run(MPI_COMM_SELF, battery,
                      testing::settings_on(path, t_max, samples, with_tolerance), watch);
}

void expect_equal_trajectories(const Trajectory& found, const Trajectory& expected) {
  ASSERT_EQ(found.time.size(), expected.time.size());
  for (std::size_t s = 0; s < found.time.size(); s += 20) {
    SCOPED_TRACE(::testing::Message() << "t = " << expected.time[s]);
    EXPECT_EQ(found.time[s], expected.time[s]);
    EXPECT_NEAR(found.of("battery_energy")[s], expected.of("battery_energy")[s], allowed);
    EXPECT_NEAR(found.of("photon_number")[s], expected.of("photon_number")[s], allowed);
    EXPECT_NEAR(found.of("interaction_energy")[s], expected.of("interaction_energy")[s], allowed);
    EXPECT_NEAR(found.of("total_energy")[s], expected.of("total_energy")[s], allowed);
    for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
      EXPECT_NEAR(found.ergotropy[d][s], expected.ergotropy[d][s], allowed);
    }
  }
}

/// A quantity near one time, from the samples of its trajectory.
class Neighbourhood {
 public:
  Neighbourhood(const std::vector<double>& time, const std::vector<double>& values, double at)
      : values_(values), spacing_(time[1]) {
    const auto last = static_cast<double>(time.size()) - 2;
    const auto nearest = static_cast<std::size_t>(std::clamp(std::round(at / spacing_), 1.0, last));
    first_ = nearest - 1;
  }
  /// How fast the quantity changes at most.
  [[nodiscard]] double steepest() const {
    double largest = 0;
    for (std::size_t s = first_; s < first_ + 2; ++s) {
      largest = std::max(largest, std::abs(values_[s + 1] - values_[s]) / spacing_);
    }
    return largest;
  }
  /// How much it bends.
  [[nodiscard]] double curvature() const {
    return std::abs(values_[first_] - 2 * values_[first_ + 1] + values_[first_ + 2]) /
           (spacing_ * spacing_);
  }
  /// The parabola through the samples is no higher than this.
  [[nodiscard]] double top() const {
    const double highest = std::max({values_[first_], values_[first_ + 1], values_[first_ + 2]});
    return highest + curvature() * spacing_ * spacing_ / 8;
  }

 private:
  const std::vector<double>& values_;
  double spacing_;
  std::size_t first_ = 0;
};

/// Maxima of two charges of the same battery.
class MaximaComparison {
 public:
  MaximaComparison(const ChargingResult& found, const ChargingResult& expected)
      : found_(found), expected_(expected) {}

  void compare() {
    const FiguresOfMerit& mine = found_.figures;
    const FiguresOfMerit& theirs = expected_.figures;
    const Trajectory& trajectory = expected_.trajectory;
    compare_maximum("battery energy", trajectory.of("battery_energy"), mine.battery_energy_max,
                    theirs.battery_energy_max, mine.tau_battery_energy_max,
                    theirs.tau_battery_energy_max);
    compare_maximum("power of the battery energy", power(trajectory.of("battery_energy")),
                    mine.power_energy_max, theirs.power_energy_max, mine.tau_power_energy_max,
                    theirs.tau_power_energy_max);
    for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
      const std::string name = ergotropy_definition_names[d];
      compare_maximum("power of the ergotropy " + name, power(trajectory.ergotropy[d]),
                      mine.power_ergotropy_max[d], theirs.power_ergotropy_max[d],
                      mine.tau_power_ergotropy_max[d], theirs.tau_power_ergotropy_max[d]);
      if (compare_maximum("ergotropy " + name, trajectory.ergotropy[d], mine.ergotropy_max[d],
                          theirs.ergotropy_max[d], mine.tau[d], theirs.tau[d])) {
        compare_at_tau(d);
      }
    }
  }
  [[nodiscard]] int ties() const { return ties_; }

 private:
  [[nodiscard]] std::vector<double> power(const std::vector<double>& energies) const {
    std::vector<double> powers = energies;
    for (std::size_t s = 1; s < powers.size(); ++s) {
      powers[s] /= expected_.trajectory.time[s];
    }
    powers[0] = powers[1];
    return powers;
  }

  /// Whether both mean the same maximum. Others that are within the tie as high may take its place.
  ///
  /// A maximum's value is as good as the quantity, its position only as good as the rate over the
  /// curvature: where rates are wrong by r and the curvature is c, it moves by r/c. Rates are good
  /// to about a hundred tolerances.
  bool compare_maximum(const std::string& name, const std::vector<double>& trajectory, double value,
                       double expected_value, double time, double expected_time) {
    SCOPED_TRACE(name);
    EXPECT_NEAR(value, expected_value, allowed);
    const std::vector<double>& times = expected_.trajectory.time;
    const Neighbourhood there(times, trajectory, expected_time);
    const double moved = std::abs(time - expected_time);
    if (moved <= 1e-7 * times.back() || moved * there.curvature() <= 100 * allowed) {
      return true;
    }
    ++ties_;
    EXPECT_GE(Neighbourhood(times, trajectory, time).top(), expected_value - 2 * allowed)
        << "at " << time << " in place of " << expected_time << ", where it bends with "
        << there.curvature();
    return false;
  }

  void compare_at_tau(std::size_t d) const {
    const FiguresOfMerit& mine = found_.figures;
    const FiguresOfMerit& theirs = expected_.figures;
    const Trajectory& trajectory = expected_.trajectory;
    const double moved = std::abs(mine.tau[d] - theirs.tau[d]);
    const double energy_allowed =
        allowed + 2 * moved *
                      Neighbourhood(trajectory.time, trajectory.of("battery_energy"), theirs.tau[d])
                          .steepest();
    const double quench_allowed =
        allowed +
        2 * moved *
            Neighbourhood(trajectory.time, trajectory.of("interaction_energy"), theirs.tau[d])
                .steepest();
    EXPECT_NEAR(mine.battery_energy_at_tau[d], theirs.battery_energy_at_tau[d], energy_allowed);
    EXPECT_NEAR(mine.locked_energy_at_tau[d], theirs.locked_energy_at_tau[d],
                energy_allowed + allowed);
    EXPECT_NEAR(mine.quench_energy_at_tau[d], theirs.quench_energy_at_tau[d], quench_allowed);
    EXPECT_EQ(mine.tau_at_window_end[d], theirs.tau_at_window_end[d]);
  }

  const ChargingResult& found_;
  const ChargingResult& expected_;
  int ties_ = 0;
};

/// How many maxima stood for others that are as high.
int compare_runs(const ChargingResult& found, const ChargingResult& expected) {
  expect_equal_trajectories(found.trajectory, expected.trajectory);
  MaximaComparison maxima(found, expected);
  maxima.compare();
  // Looked at where the steps or their parts end, which lie close enough together to see a peak.
  EXPECT_NEAR(found.diagnostics.fock_tail_max, expected.diagnostics.fock_tail_max,
              0.1 * expected.diagnostics.fock_tail_max + tolerance);
  EXPECT_LT(found.diagnostics.trace_error_max, allowed);
  EXPECT_EQ(found.diagnostics.coherent_weight_cut, expected.diagnostics.coherent_weight_cut);
  EXPECT_EQ(found.diagnostics.fock_dim, expected.diagnostics.fock_dim);
  return maxima.ties();
}

class RandomPaths : public ::testing::TestWithParam<int> {};

TEST_P(RandomPaths, LeadToTheSameResults) {
  constexpr int sets = 40;
  testing::Random random(static_cast<unsigned>(200 + GetParam()));
  int ties = 0;
  for (int set = 0; set < sets; ++set) {
    BatteryParameters battery = testing::random_battery(random, 5);
    if (set % 8 == 0) {
      battery.kappa = battery.gamma_down = battery.gamma_phi = 0;
    }
    const double t_max = testing::uniform(random, 2, 8);
    SCOPED_TRACE(testing::describe(battery) + " t_max=" + std::to_string(t_max));
    const ChargingResult plain = run(testing::plain_path, battery, t_max, 1e-3 * tolerance);
    for (const testing::ChargingPath& path : {testing::fast_path, testing::assembled_series}) {
      SCOPED_TRACE(path.name);
      ties += compare_runs(run(path, battery, t_max, tolerance), plain);
      if (HasFailure()) {
        return;
      }
    }
  }
  EXPECT_LE(ties, sets / 4) << "out of " << 16 * sets << " maxima";
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomPaths, ::testing::Range(0, 5));

/// The begins of the steps of a charging run, as its watch sees them.
class StepBegins {
 public:
  [[nodiscard]] Watch watch() {
    Watch watch;
    watch.look = [this](const Progress& progress) {
      begins_.insert(progress.time);
      return WatchAction::proceed;
    };
    return watch;
  }
  [[nodiscard]] std::size_t count() const { return begins_.size(); }

 private:
  std::set<double> begins_;
};

// Where losses are stronger than everything else the field of values reaches far to the right of 0:
// a series over the whole window would lose all digits.
TEST(StrongDamping, TakesSeveralStepsToTheSameResults) {
  // The plain path's steps would grow too long to interpolate over.
  const testing::PetscOptionsScope short_steps({std::pair("-ts_adapt_dt_max", "0.02")});
  testing::Random random(210);
  int with_several_steps = 0;
  for (int set = 0; set < 12; ++set) {
    BatteryParameters battery = testing::random_battery(random, 3);
    battery.fock_dim = std::max(battery.fock_dim, 5);
    battery.kappa = set % 3 == 1 ? 0.0 : 5.0;
    battery.gamma_down = set % 3 == 0 ? 0.0 : 5.0;
    battery.gamma_phi = set % 2 == 0 ? 5.0 : 0.0;
    SCOPED_TRACE(testing::describe(battery));
    constexpr double t_max = 50;
    const ChargingResult plain = run(testing::plain_path, battery, t_max, 1e-1 * tolerance);
    for (const testing::ChargingPath& path : {testing::fast_path, testing::assembled_series}) {
      SCOPED_TRACE(path.name);
      StepBegins steps;
      compare_runs(run(path, battery, t_max, tolerance, steps.watch()), plain);
      with_several_steps += steps.count() > 1 ? 1 : 0;
    }
  }
  EXPECT_GT(with_several_steps, 5);
}

}  // namespace
}  // namespace qbsweep
