// A battery while it is stored, against the full 2^N space.
//
// What would be caught: a state of another time or definition, noise of the cavity or the coupling
// that goes on, a definition of ergotropy that is another, a half-life between samples.
#include "qbsweep/dynamics/storage.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "charging_paths.hpp"
#include "full_space_charging.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "qbsweep/support/error.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

ChargingResult charge_and_store(const BatteryParameters& battery, double t_max,
                                const StorageSettings& storage, double tolerance = 1e-9) {
  ChargingSettings settings = testing::settings_on(testing::fast_path, t_max, 2, tolerance);
  settings.storage = storage;
  return charging_run(MPI_COMM_SELF, battery, settings);
}

/// Everything but the battery switched off.
BatteryParameters stored(BatteryParameters battery) {
  battery.g = battery.drive = battery.atom_drive = battery.kappa = 0;
  return battery;
}

/// The battery of `charged`, from there on by itself.
testing::FullSpaceCharging stored(const BatteryParameters& battery,
                                  const testing::FullSpaceCharging& charged) {
  testing::FullSpaceCharging alone(stored(battery), battery.fock_dim);
  alone.set_state(charged.state());
  return alone;
}

TEST(Storage, IsThatOfTheFullSpace) {
  testing::Random random(91);
  for (int set = 0; set < 12; ++set) {
    BatteryParameters battery = testing::random_model(random, set < 9 ? 2 : 3, set % 3 == 0);
    battery.fock_dim = 2 + battery.N + 1;
    battery.m = battery.charger == Charger::fock ? 1 : testing::uniform(random, 0, 1);
    SCOPED_TRACE(testing::describe(battery));
    const StorageSettings storage = {
        .duration = 4,
        .samples = 5,
        .after = set % 2 == 0 ? StorageAfter::tau : StorageAfter::t_max};
    const ChargingResult result = charge_and_store(battery, 1.7, storage);
    const int charger_levels =
        battery.fock_dim - (excitations_are_bounded(battery) ? most_excited_at_first(battery) : 0);
    testing::FullSpaceCharging charged(battery, charger_levels);
    charged.evolve(storage.after == StorageAfter::tau ? result.figures.tau[0] : 1.7);
    testing::FullSpaceCharging alone = stored(battery, charged);
    const double first = alone.ergotropy();
    for (std::size_t s = 0; s < 5; ++s) {
      EXPECT_EQ(result.storage.time[s], static_cast<double>(s));
      EXPECT_NEAR(result.storage.battery_energy[0][s], alone.battery_energy(), 1e-6) << s;
      EXPECT_NEAR(result.storage.ergotropy[0][s], alone.ergotropy(), 1e-6) << s;
      alone.evolve(1.0);
    }
    if (std::isnan(result.storage.half_life[0])) {
      EXPECT_GT(result.storage.ergotropy[0].back(), first / 2 - 1e-6);
    } else {
      alone = stored(battery, charged);
      alone.evolve(result.storage.half_life[0]);
      EXPECT_NEAR(alone.ergotropy(), first / 2, 1e-5);
    }
  }
}

BatteryParameters excited_atom(double gamma_down) {
  BatteryParameters battery;
  battery.g = 0;
  battery.gamma_down = gamma_down;
  battery.battery_state = BatteryState::excited;
  battery.charger = Charger::fock;
  battery.fock_dim = 3;
  return battery;
}

// An excited atom has the ergotropy 2 e^(-gamma t) - 1.
TEST(Storage, OfAnExcitedAtomLosesHalfAtAKnownTime) {
  const StorageSettings storage = {.duration = 3, .samples = 2};
  const ChargingResult result = charge_and_store(excited_atom(0.2), 1.0, storage, 1e-10);
  for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
    EXPECT_EQ(result.figures.tau[d], 0.0);
    EXPECT_NEAR(result.storage.half_life[d], std::log(4.0 / 3) / 0.2, 1e-8);
  }
  EXPECT_NEAR(result.storage.ergotropy[0][1], 2 * std::exp(-0.6) - 1, 1e-9);
}

TEST(Storage, HasNoHalfLifeWhereHalfIsNotLost) {
  const StorageSettings storage = {.duration = 1, .samples = 2};
  EXPECT_TRUE(std::isnan(charge_and_store(excited_atom(0.2), 1.0, storage).storage.half_life[0]));
  BatteryParameters empty = excited_atom(0.2);
  empty.battery_state = BatteryState::ground;
  EXPECT_TRUE(std::isnan(charge_and_store(empty, 1.0, storage).storage.half_life[0]));
  const ChargingResult kept = charge_and_store(excited_atom(0.0), 1.0, storage);
  EXPECT_TRUE(std::isnan(kept.storage.half_life[0]));
  EXPECT_NEAR(kept.storage.ergotropy[0][1], 1.0, 1e-9);
}

TEST(Storage, ThatDoesNotEndIsRefusedBeforeAnythingIsComputed) {
  const StorageSettings endless = {.duration = 1e100, .samples = 2};
  EXPECT_THROW((void)charge_and_store(excited_atom(0.2), 1.0, endless), EnvironmentError);
  EXPECT_NO_THROW((void)charge_and_store(excited_atom(0.0), 1.0, endless));
  EXPECT_NE(estimate_storage(excited_atom(0.2), endless, 1e-9).refusal, "");
}

// Each definition is stored from its own tau, and loses its own ergotropy.
TEST(Storage, OfEachDefinitionStartsFromItsOwnTau) {
  BatteryParameters battery;
  battery.N = 4;
  battery.g = 1;
  battery.m = 4;
  battery.fock_dim = 24;
  battery.kappa = battery.gamma_phi = 0.1;
  const ChargingResult result = charge_and_store(battery, 4.0, {.duration = 5, .samples = 3});
  for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
    EXPECT_NEAR(result.storage.ergotropy[d][0], result.figures.ergotropy_max[d], 1e-8);
    EXPECT_NEAR(result.storage.battery_energy[d][0], result.figures.battery_energy_at_tau[d], 1e-8);
  }
  EXPECT_NE(result.figures.tau[0], result.figures.tau[2]);
}

}  // namespace
}  // namespace qbsweep
