// PIQS's six channels, each alone, by the table of factors that docs/sweep-file.md gives for its
// names: against numbers of PIQS itself (tests/reference/piqs_channels.json).
//
// What would be caught: a rate off by a factor, a collective operator taken for one of single
// atoms, raising for lowering.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "charging_paths.hpp"
#include "qbsweep/dynamics/charging_run.hpp"

namespace qbsweep {
namespace {

/// Our parameter for PIQS's channel, and its value for a rate of 1 of PIQS's.
struct Factor {
  double BatteryParameters::*parameter;
  double factor;
};
const std::map<std::string, Factor> factors = {
    {"emission", {&BatteryParameters::gamma_down, 1.0}},
    {"pumping", {&BatteryParameters::gamma_up, 1.0}},
    {"dephasing", {&BatteryParameters::gamma_phi, 0.25}},
    {"collective_emission", {&BatteryParameters::collective_down, 1.0}},
    {"collective_pumping", {&BatteryParameters::collective_up, 1.0}},
    {"collective_dephasing", {&BatteryParameters::collective_phi, 1.0}}};

TEST(PiqsChannels, AreOursWithTheFactorTable) {
  std::ifstream file(std::string(QBSWEEP_REFERENCE_DIR) + "/piqs_channels.json");
  const nlohmann::json channels = nlohmann::json::parse(file).at("channels");
  ASSERT_EQ(channels.size(), factors.size());
  for (const nlohmann::json& channel : channels) {
    const std::string name = channel.at("channel");
    const Factor& ours = factors.at(name);
    BatteryParameters battery;
    battery.N = channel.at("N");
    battery.omega_0 = channel.at("omega_0");
    battery.m = 0;
    battery.fock_dim = 2;
    battery.battery_state = BatteryState::rotated;
    battery.battery_angle = channel.at("angle");
    battery.*ours.parameter = ours.factor * channel.at("rate").get<double>();
    const std::vector<double> times = channel.at("times");
    for (const auto& path : {testing::fast_path, testing::plain_path}) {
      for (std::size_t s = 1; s < times.size(); ++s) {
        SCOPED_TRACE(name + " " + path.name + " t = " + std::to_string(times[s]));
        ChargingSettings settings = testing::settings_on(path, times[s], 2, 1e-9);
        const std::vector<std::string_view> asked_for = {"jz", "battery_energy_variance",
                                                         "battery_purity", "single_atom_ergotropy"};
        settings.observables = sampled_observables(asked_for);
        const ChargingResult result = charging_run(MPI_COMM_SELF, battery, settings);
        constexpr double single_precision = 1e-6;
        const double jz = channel.at("jz")[s];
        const double variance = channel.at("jz_squared")[s].get<double>() - jz * jz;
        const double across = channel.at("lowering")[s];
        const auto at_end = [&](const char* observable) {
          return result.trajectory.of(observable)[1];
        };
        EXPECT_NEAR(at_end("jz"), jz, single_precision);
        EXPECT_NEAR(at_end("battery_energy_variance"), std::pow(battery.omega_0, 2) * variance,
                    single_precision);
        EXPECT_NEAR(at_end("battery_purity"), channel.at("purity")[s].get<double>(),
                    single_precision);
        EXPECT_NEAR(at_end("single_atom_ergotropy"),
                    battery.omega_0 / battery.N * (std::hypot(jz, across) + jz), single_precision);
      }
    }
  }
}

}  // namespace
}  // namespace qbsweep
