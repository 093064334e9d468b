// A charging run that is left or killed in the middle and resumed from its checkpoint is the one
// that was never interrupted.
//
// What would be caught: anything of the state that is not saved (a vector of the series, what was
// observed so far, the maxima and samples of earlier steps, the state at the ends of a step), a
// term that is done twice or left out, applications that are not counted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "charging_paths.hpp"
#include "memory_store.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using testing::MemoryStore;

/// One charging run in as many runs as it takes. Each is ended at the `leave_at`-th look: told to
/// leave, or, like a kill, dropped with what was saved at the last look before.
ChargingResult charging_in_pieces(const BatteryParameters& battery,
                                  const ChargingSettings& settings, MemoryStore& store,
                                  int leave_at, bool killed, int* runs = nullptr) {
  for (int run = 1;; ++run) {
    int looks = 0;
    Watch watch;
    watch.store = &store;
    watch.look = [&](const Progress& progress) {
      if (progress.bytes == 0) {
        return WatchAction::proceed;  // the search for levels, which leaves nothing to resume
      }
      ++looks;
      if (looks < leave_at) {
        return killed ? WatchAction::save : WatchAction::proceed;
      }
      return killed ? WatchAction::stop : WatchAction::save_and_stop;
    };
    try {
      const ChargingResult result = charging_run(MPI_COMM_SELF, battery, settings, watch);
      if (runs != nullptr) {
        *runs = run;
      }
      return result;
    } catch (const ComputationLeft&) {
      EXPECT_LT(run, 10000);
    }
  }
}

void expect_same(const ChargingResult& found, const ChargingResult& expected) {
  // The same operations on the same numbers.
  EXPECT_EQ(found.figures.ergotropy_max, expected.figures.ergotropy_max);
  EXPECT_EQ(found.figures.tau, expected.figures.tau);
  EXPECT_EQ(found.figures.battery_energy_at_tau, expected.figures.battery_energy_at_tau);
  EXPECT_EQ(found.figures.quench_energy_at_tau, expected.figures.quench_energy_at_tau);
  EXPECT_EQ(found.figures.power_ergotropy_max, expected.figures.power_ergotropy_max);
  EXPECT_EQ(found.figures.quench_energy_at_power_ergotropy_max,
            expected.figures.quench_energy_at_power_ergotropy_max);
  EXPECT_EQ(found.figures.tau_at_window_end, expected.figures.tau_at_window_end);
  EXPECT_EQ(found.figures.locked_energy_at_tau, expected.figures.locked_energy_at_tau);
  EXPECT_EQ(found.figures.battery_energy_max, expected.figures.battery_energy_max);
  EXPECT_EQ(found.figures.tau_power_energy_max, expected.figures.tau_power_energy_max);
  EXPECT_EQ(found.trajectory.time, expected.trajectory.time);
  EXPECT_EQ(found.trajectory.of("battery_energy"), expected.trajectory.of("battery_energy"));
  EXPECT_EQ(found.trajectory.of("photon_number"), expected.trajectory.of("photon_number"));
  EXPECT_EQ(found.trajectory.ergotropy, expected.trajectory.ergotropy);
  EXPECT_EQ(found.diagnostics.trace_error_max, expected.diagnostics.trace_error_max);
  EXPECT_EQ(found.diagnostics.fock_tail_max, expected.diagnostics.fock_tail_max);
  EXPECT_EQ(found.diagnostics.truncation_error, expected.diagnostics.truncation_error);
  EXPECT_EQ(found.diagnostics.fock_dim, expected.diagnostics.fock_dim);
}

BatteryParameters noisy_battery(Interaction interaction) {
  BatteryParameters battery;
  battery.interaction = interaction;
  battery.N = 3;
  battery.g = 0.5;
  battery.kappa = 0.15;
  battery.gamma_down = 0.1;
  battery.gamma_phi = 0.1;
  battery.m = 2;
  battery.fock_dim = 9;
  return battery;
}

class ChargingInPieces : public ::testing::TestWithParam<Interaction> {};

// A window of several steps, so that states between steps and in the middle of them are saved.
TEST_P(ChargingInPieces, IsTheRunInOne) {
  const BatteryParameters battery = noisy_battery(GetParam());
  for (const testing::ChargingPath& path : {testing::fast_path, testing::assembled_series}) {
    for (const double t_max : {6.0, 400.0}) {
      const ChargingSettings settings = testing::settings_on(path, t_max, 101, 1e-8);
      const ChargingResult whole = charging_run(MPI_COMM_SELF, battery, settings);
      for (const int leave_at : {3, 4, 17}) {
        for (const bool killed : {false, true}) {
          if (leave_at < 17 && t_max > 100 && path.name != std::string(testing::fast_path.name)) {
            continue;  // for time
          }
          SCOPED_TRACE(::testing::Message() << path.name << " t_max " << t_max << " leave at "
                                            << leave_at << (killed ? " killed" : ""));
          MemoryStore store;
          int runs = 0;
          const ChargingResult pieces =
              charging_in_pieces(battery, settings, store, leave_at, killed, &runs);
          EXPECT_GT(runs, t_max > 100 || leave_at < 17 ? 2 : 0);
          expect_same(pieces, whole);
          if (!killed) {
            EXPECT_EQ(pieces.diagnostics.operator_applications,
                      whole.diagnostics.operator_applications);
          }
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Interactions, ChargingInPieces,
                         ::testing::Values(Interaction::dicke, Interaction::tavis_cummings));

// The levels that the saved charging run has are kept, and the applications of earlier ones
// count.
TEST(ChargingInPieces, WithAutomaticLevels) {
  BatteryParameters battery = noisy_battery(Interaction::dicke);
  battery.kappa = 2.0;
  battery.gamma_phi = 1.0;
  battery.g = 1.5;
  ChargingSettings settings = testing::settings_on(testing::fast_path, 6, 11, 1e-7);
  settings.auto_fock_dim = true;
  const ChargingResult whole = charging_run(MPI_COMM_SELF, battery, settings);
  MemoryStore store;
  const ChargingResult pieces = charging_in_pieces(battery, settings, store, 9, false);
  expect_same(pieces, whole);
  EXPECT_EQ(pieces.diagnostics.operator_applications, whole.diagnostics.operator_applications);
}

// Pieces with a moving control, with a jump and without; steps are saved at their begin, and levels
// come and go.
TEST(ChargingInPieces, OfASchedule) {
  Schedule schedule(12);
  schedule.add(Control::coupling, {find_shape("sin2"), {3.0, 2.0, 0.0}});
  schedule.add(Control::omega_c,
               {find_shape("steps"),
                {},
                {},
                std::make_shared<const std::vector<double>>(std::vector{1.0, 1.3, 0.7})});
  for (const Interaction interaction : {Interaction::dicke, Interaction::tavis_cummings}) {
    for (const bool automatic : {false, true}) {
      SCOPED_TRACE(::testing::Message() << static_cast<int>(interaction) << automatic);
      ChargingSettings settings = testing::settings_on(testing::fast_path, 12, 25, 1e-8);
      settings.schedule = schedule;
      settings.auto_fock_dim = automatic;
      const BatteryParameters battery = noisy_battery(interaction);
      const ChargingResult whole = charging_run(MPI_COMM_SELF, battery, settings);
      MemoryStore store;
      int runs = 0;
      const ChargingResult pieces = charging_in_pieces(battery, settings, store, 5, false, &runs);
      EXPECT_GT(runs, 4);
      expect_same(pieces, whole);
      EXPECT_EQ(pieces.diagnostics.operator_applications, whole.diagnostics.operator_applications);
    }
  }
}

// Closed: a state vector; series that grow are begun again, which must survive, too.
TEST(ChargingInPieces, OfAStateVectorAndOfSeriesThatGrow) {
  BatteryParameters closed = noisy_battery(Interaction::dicke);
  closed.kappa = closed.gamma_down = closed.gamma_phi = 0;
  BatteryParameters damped = noisy_battery(Interaction::dicke);
  damped.kappa = damped.gamma_phi = 5;
  for (const BatteryParameters& battery : {closed, damped}) {
    const ChargingSettings settings = testing::settings_on(testing::fast_path, 50, 21, 1e-8);
    const ChargingResult whole = charging_run(MPI_COMM_SELF, battery, settings);
    MemoryStore store;
    expect_same(charging_in_pieces(battery, settings, store, 5, false), whole);
  }
}

TEST(ChargingInPieces, BeginsAgainWhereWhatWasSavedIsOfNoUse) {
  const BatteryParameters battery = noisy_battery(Interaction::dicke);
  const ChargingSettings settings = testing::settings_on(testing::fast_path, 6, 11, 1e-8);
  const ChargingResult whole = charging_run(MPI_COMM_SELF, battery, settings);
  MemoryStore store;
  std::string complaint;
  Watch watch;
  watch.store = &store;
  watch.look = [](const Progress& progress) {
    return progress.fraction > 0.5 ? WatchAction::save_and_stop : WatchAction::proceed;
  };
  EXPECT_THROW(static_cast<void>(charging_run(MPI_COMM_SELF, battery, settings, watch)),
               ComputationLeft);
  ASSERT_TRUE(store.has_array("here"));
  watch.look = {};
  watch.warn = [&](const std::string& text) { complaint = text; };
  store.lose_array("previous");
  expect_same(charging_run(MPI_COMM_SELF, battery, settings, watch), whole);
  EXPECT_EQ(complaint, "another shape");

  // Another number of levels: the store has nothing for it.
  BatteryParameters other = battery;
  other.fock_dim = 8;
  expect_same(charging_run(MPI_COMM_SELF, other, settings, watch),
              charging_run(MPI_COMM_SELF, other, settings));
}

TEST(ChargingInPieces, GoesOnWhereItCannotBeSaved) {
  const BatteryParameters battery = noisy_battery(Interaction::dicke);
  const ChargingSettings settings = testing::settings_on(testing::fast_path, 6, 11, 1e-8);
  MemoryStore store;
  store.full = true;
  std::string complaint;
  Watch watch;
  watch.store = &store;
  watch.look = [](const Progress&) { return WatchAction::save; };
  watch.warn = [&](const std::string& text) { complaint = text; };
  expect_same(charging_run(MPI_COMM_SELF, battery, settings, watch),
              charging_run(MPI_COMM_SELF, battery, settings));
  EXPECT_EQ(complaint, "no room");
  EXPECT_EQ(store.saves, 0);
}

TEST(Progress, TellsHowFarARunIs) {
  const BatteryParameters battery = noisy_battery(Interaction::tavis_cummings);
  const ChargingSettings settings = testing::settings_on(testing::fast_path, 400, 0, 1e-8);
  double before = 0;
  Watch watch;
  watch.look = [&](const Progress& progress) {
    EXPECT_GE(progress.fraction, before);
    EXPECT_LE(progress.fraction, 1 + 1e-12);
    EXPECT_GE(progress.seconds_left, 0);
    EXPECT_EQ(progress.bytes, 0);  // there is no store
    before = progress.fraction;
    return WatchAction::proceed;
  };
  static_cast<void>(charging_run(MPI_COMM_SELF, battery, settings, watch));
  EXPECT_NEAR(before, 1, 1e-12);
}

}  // namespace
}  // namespace qbsweep
