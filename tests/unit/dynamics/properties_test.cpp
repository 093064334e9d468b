// What holds for every charging run, over random parameter sets.
//
// What would be caught: gains and losses that do not balance, jump coefficients that break
// positivity, a coupling that is not antisymmetric, a counter-rotating term in Tavis-Cummings, a
// wrong sign of <H_I> in the total energy, ergotropies out of order.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <tuple>

#include "block_states.hpp"
#include "charging_paths.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "qbsweep/dynamics/ts_charging.hpp"
#include "qbsweep/model/state_basis.hpp"

namespace qbsweep {
namespace {

constexpr double tolerance = 1e-9;

bool is_closed(const BatteryParameters& battery) {
  return battery.kappa == 0 && !has_local_noise(battery);
}

/// Checks states while a charging run runs on the plain path, the one that shows them: the trace at
/// every step, positivity at a few of them.
class StateChecks {
 public:
  StateChecks(const BatteryParameters& battery, double t_max)
      : basis_(battery.N, battery.fock_dim, has_local_noise(battery)), t_max_(t_max) {}

  void operator()(double t, Vec state) {
    const double* numbers = nullptr;
    ASSERT_EQ(VecGetArrayRead(state, &numbers), 0);
    const auto size = static_cast<std::size_t>(basis_.size());
    const bool at_end = t == t_max_;
    check_trace(t, numbers);
    if (t >= next_look_ || at_end) {
      check_positivity(t, {numbers, size});
      next_look_ += t_max_ / 3;
    }
    ended_ = ended_ || at_end;
    ASSERT_EQ(VecRestoreArrayRead(state, &numbers), 0);
  }
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  void check_trace(double t, const double* numbers) const {
    double trace = 0;
    for (int b = 0; b < static_cast<int>(basis_.blocks().size()); ++b) {
      for (int i = 0; i < basis_.blocks()[b].dim(); ++i) {
        for (int n = 0; n < basis_.fock_dim(); ++n) {
          trace += numbers[basis_.index({b, i, i, n, n})];
        }
      }
    }
    EXPECT_NEAR(trace, 1, 10 * tolerance) << "t = " << t;
  }
  void check_positivity(double t, std::span<const double> numbers) const {
    for (const testing::MatrixXcd& block :
         testing::hermitian_blocks(basis_.blocks(), basis_.fock_dim(), numbers)) {
      const Eigen::SelfAdjointEigenSolver<testing::MatrixXcd> solver(block, Eigen::EigenvaluesOnly);
      EXPECT_GT(solver.eigenvalues().minCoeff(), -1e-8) << "t = " << t;
    }
  }

  StateBasis basis_;
  double t_max_;
  double next_look_ = 0;
  bool ended_ = false;
};

void check_ergotropies(const BatteryParameters& battery, const Trajectory& trajectory) {
  const double rounding = 1e-12 * battery.N * battery.omega_0;
  for (std::size_t s = 0; s < trajectory.time.size(); ++s) {
    const double global = trajectory.ergotropy[0][s];
    const double invariant = trajectory.ergotropy[1][s];
    const double dicke = trajectory.ergotropy[2][s];
    EXPECT_GE(invariant, -rounding);
    EXPECT_LE(invariant, global + rounding);
    EXPECT_LE(global, trajectory.of("battery_energy")[s] + rounding);
    EXPECT_LE(global, dicke + rounding);
    if (!has_local_noise(battery)) {
      EXPECT_NEAR(global, dicke, 1e-12);
    }
  }
}

/// What the closed system keeps.
void check_conservation(const BatteryParameters& battery, const Trajectory& trajectory) {
  const auto excitations = [&](std::size_t s) {
    return trajectory.of("battery_energy")[s] / battery.omega_0 + trajectory.of("photon_number")[s];
  };
  for (std::size_t s = 0; s < trajectory.time.size(); ++s) {
    if (battery.interaction == Interaction::tavis_cummings) {
      EXPECT_NEAR(excitations(s), excitations(0), 10 * tolerance);
    }
    EXPECT_NEAR(trajectory.of("total_energy")[s], trajectory.of("total_energy")[0], 10 * tolerance);
  }
}

/// The figures against a search through many samples.
void check_figures(const BatteryParameters& battery, double t_max, const ChargingResult& result) {
  const Trajectory& trajectory = result.trajectory;
  const FiguresOfMerit& figures = result.figures;
  const double tie = tolerance * battery.N * battery.omega_0;
  const auto check_maximum = [&](const std::vector<double>& samples, bool power, double value,
                                 double time) {
    double best = 0;
    double best_near = 0;  // of the samples around `time`
    const double spacing = trajectory.time[1];
    for (std::size_t s = 1; s < samples.size(); ++s) {
      const double sample = power ? samples[s] / trajectory.time[s] : samples[s];
      best = std::max(best, sample);
      if (std::abs(trajectory.time[s] - time) <= spacing) {
        best_near = std::max(best_near, sample);
      }
    }
    const double allowed = power ? tie / t_max : tie;
    EXPECT_GE(value, best - 2 * allowed);
    // Between samples a quantity rises by at most its curvature times the squared spacing.
    const double rise = 20 * battery.N * battery.omega_0 * spacing * spacing;
    EXPECT_LE(value, best_near + rise + allowed);
    EXPECT_GE(time, 0);
    EXPECT_LE(time, t_max);
  };
  check_maximum(trajectory.of("battery_energy"), false, figures.battery_energy_max,
                figures.tau_battery_energy_max);
  check_maximum(trajectory.of("battery_energy"), true, figures.power_energy_max,
                figures.tau_power_energy_max);
  for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
    SCOPED_TRACE(ergotropy_definition_names[d]);
    check_maximum(trajectory.ergotropy[d], false, figures.ergotropy_max[d], figures.tau[d]);
    check_maximum(trajectory.ergotropy[d], true, figures.power_ergotropy_max[d],
                  figures.tau_power_ergotropy_max[d]);
    EXPECT_NEAR(figures.locked_energy_at_tau[d],
                figures.battery_energy_at_tau[d] - figures.ergotropy_max[d], 1e-14 * battery.N);
    EXPECT_EQ(figures.tau_at_window_end[d], figures.tau[d] == t_max);
  }
}

class RandomRuns : public ::testing::TestWithParam<std::tuple<testing::ChargingPath, int>> {};

TEST_P(RandomRuns, ObeyTheLaws) {
  constexpr int sets = 30;
  const auto& [path, seed] = GetParam();
  testing::Random random(static_cast<unsigned>(100 + seed));
  for (int set = 0; set < sets; ++set) {
    BatteryParameters battery = testing::random_battery(random, 5);
    if (set % 5 == 0) {
      battery.kappa = battery.gamma_down = battery.gamma_phi = 0;
    }
    const ChargingSettings settings =
        testing::settings_on(path, testing::uniform(random, 2, 6), 401, tolerance);
    SCOPED_TRACE(testing::describe(battery) + " t_max=" + std::to_string(settings.t_max));

    StateChecks checks(battery, settings.t_max);
    const bool plain = settings.propagator == Propagator::ts;
    const ChargingResult result = plain
                                      ? ts_charging(MPI_COMM_SELF, battery, settings, {},
                                                    [&](double t, Vec state) { checks(t, state); })
                                      : charging_run(MPI_COMM_SELF, battery, settings);
    EXPECT_EQ(checks.ended(), plain);
    EXPECT_EQ(result.trajectory.time.back(), settings.t_max);
    EXPECT_LT(result.diagnostics.trace_error_max, 10 * tolerance);
    check_ergotropies(battery, result.trajectory);
    check_figures(battery, settings.t_max, result);
    if (is_closed(battery)) {
      check_conservation(battery, result.trajectory);
    }
    if (HasFailure()) {
      return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(PathsAndSeeds, RandomRuns,
                         ::testing::Combine(::testing::Values(testing::plain_path,
                                                              testing::fast_path),
                                            ::testing::Range(0, 7)),
                         [](const auto& run) {
                           return std::string(std::get<0>(run.param).name) + "_" +
                                  std::to_string(std::get<1>(run.param));
                         });

}  // namespace
}  // namespace qbsweep
