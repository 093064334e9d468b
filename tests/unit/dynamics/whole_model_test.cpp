// Charging runs of random batteries that draw every parameter of the model and every initial state,
// against the full 2^N space (full_space_charging.hpp).
//
// What would be caught: a term that a path leaves out, an initial state that is another, a symmetry
// that is not one, a frame that shows in an energy.
#include <gtest/gtest.h>

#include "charging_paths.hpp"
#include "full_space_charging.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "qbsweep/model/reductions.hpp"

namespace qbsweep {
namespace {

void expect_trajectory_of_full_space(const BatteryParameters& battery, double t_max) {
  SCOPED_TRACE(testing::describe(battery));
  constexpr int samples = 4;
  constexpr double tolerance = 1e-10;
  const ChargingResult result = charging_run(
      MPI_COMM_SELF, battery, testing::settings_on(testing::fast_path, t_max, samples, tolerance));
  const int bounded_atoms = excitations_are_bounded(battery) ? most_excited_at_first(battery) : 0;
  testing::FullSpaceCharging full(battery, battery.fock_dim - bounded_atoms);
  const Trajectory& trajectory = result.trajectory;
  const double scale = battery.N + battery.fock_dim;
  for (int s = 0; s < samples; ++s) {
    if (s > 0) {
      full.evolve(t_max / (samples - 1));
    }
    const auto at = static_cast<std::size_t>(s);
    EXPECT_NEAR(trajectory.of("battery_energy")[at], full.battery_energy(), 1e-9 * scale) << s;
    EXPECT_NEAR(trajectory.of("photon_number")[at], full.photons(), 1e-9 * scale) << s;
    EXPECT_NEAR(trajectory.of("interaction_energy")[at], full.interaction_energy(), 1e-9 * scale)
        << s;
    EXPECT_NEAR(trajectory.ergotropy[0][at], full.ergotropy(), 1e-9 * scale) << s;
  }
}

TEST(WholeModel, IsThatOfTheFullSpace) {
  testing::Random random(71);
  for (int set = 0; set < 188; ++set) {
    BatteryParameters battery = testing::random_model(random, 2, set % 2 == 0);
    battery.fock_dim = 2 + battery.N + testing::uniform_int(random, 1, 3);
    if (battery.charger == Charger::fock) {
      battery.m = testing::uniform_int(random, 0, 2);
    } else {
      battery.m = testing::uniform(random, 0, 1.5);
    }
    expect_trajectory_of_full_space(battery, testing::uniform(random, 0.3, 2));
  }
}

TEST(WholeModel, OfThreeAtomsIsThatOfTheFullSpace) {
  testing::Random random(72);
  for (int set = 0; set < 12; ++set) {
    BatteryParameters battery = testing::random_model(random, 3, set % 2 == 0);
    battery.N = 3;
    battery.battery_excitations = std::min(battery.battery_excitations, 3);
    battery.fock_dim = 5;
    battery.charger = battery.charger == Charger::fock ? Charger::thermal : battery.charger;
    battery.m = testing::uniform(random, 0, 1);
    expect_trajectory_of_full_space(battery, 0.6);
  }
}

// What would be caught: levels that are chosen for another initial state, or that heating, pumping
// or a drive outgrows.
TEST(WholeModel, OnLevelsOfItsOwnChoiceIsThatOfMore) {
  testing::Random random(74);
  for (int set = 0; set < 24; ++set) {
    BatteryParameters battery = testing::random_model(random, 3, set % 2 == 0);
    battery.drive /= 2;
    battery.m = battery.charger == Charger::fock ? testing::uniform_int(random, 0, 3)
                                                 : testing::uniform(random, 0, 1.5);
    SCOPED_TRACE(testing::describe(battery));
    ChargingSettings settings = {
        .t_max = 4, .samples = 9, .tolerance = 1e-6, .auto_fock_dim = true};
    const ChargingResult found = charging_run(MPI_COMM_SELF, battery, settings);
    EXPECT_LE(found.diagnostics.truncation_error, settings.tolerance);
    settings.auto_fock_dim = false;
    battery.fock_dim = found.diagnostics.fock_dim + found.diagnostics.fock_dim / 2 + 6;
    const ChargingResult wide = charging_run(MPI_COMM_SELF, battery, settings);
    for (std::size_t s = 0; s < 9; ++s) {
      EXPECT_NEAR(found.trajectory.of("battery_energy")[s], wide.trajectory.of("battery_energy")[s],
                  1e-6);
      EXPECT_NEAR(found.trajectory.ergotropy[0][s], wide.trajectory.ergotropy[0][s], 1e-6);
      EXPECT_NEAR(battery.omega_c * found.trajectory.of("photon_number")[s],
                  battery.omega_c * wide.trajectory.of("photon_number")[s], 2e-6);
    }
  }
}

}  // namespace
}  // namespace qbsweep
