// Numbers that are known from elsewhere: collective decay from all atoms up (superradiance),
// collective thermal baths, driven cavities, and the ends of the anisotropic interaction.
//
// What would be caught: collective rates by a factor (N, 2, or that of D), pumping that is not the
// mirror image of decay, a drive of half the amplitude, a frame that shows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "qbsweep/dynamics/charging_run.hpp"
#include "qbsweep/spectrum/steady_state.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using ::testing::DoubleNear;
using ::testing::Pointwise;

/// Atoms beside an empty cavity that they do not see.
BatteryParameters atoms_alone(int N) {
  BatteryParameters battery;
  battery.N = N;
  battery.g = 0;
  battery.charger = Charger::fock;
  battery.m = 0;
  battery.fock_dim = 2;
  battery.battery_state = BatteryState::excited;
  return battery;
}

/// <J_+ J_-> at its largest, where E_B falls fastest, and when: from samples of E_B.
struct Flash {
  double time = 0;
  double rate = 0;
};
Flash flash(const BatteryParameters& battery, double t_max) {
  constexpr int samples = 2001;
  const ChargingResult result = charging_run(
      MPI_COMM_SELF, battery,
      {.t_max = t_max, .samples = samples, .tolerance = 1e-11, .auto_fock_dim = false});
  const std::vector<double>& E = result.trajectory.of("battery_energy");
  const double h = t_max / (samples - 1);
  Flash largest;
  std::vector<double> rate(E.size(), 0.0);
  for (std::size_t s = 3; s + 3 < E.size(); ++s) {  // of sixth order
    rate[s] = -((E[s + 3] - E[s - 3]) - 9 * (E[s + 2] - E[s - 2]) + 45 * (E[s + 1] - E[s - 1])) /
              (60 * h);
  }
  const auto top =
      static_cast<std::size_t>(std::max_element(rate.begin(), rate.end()) - rate.begin());
  // The top of the parabola through three points.
  const double bend = rate[top - 1] - 2 * rate[top] + rate[top + 1];
  const double slope = (rate[top + 1] - rate[top - 1]) / 2;
  largest.time = h * (static_cast<double>(top) - slope / bend);
  largest.rate = rate[top] - slope * slope / (2 * bend);
  return largest;
}

TEST(Superradiance, FlashesAsKnown) {
  struct Known {
    int N;
    double time;
    double rate;
  };
  for (const Known& known : {Known{10, 0.212843, 22.75912}, Known{20, 0.151318, 83.50946},
                             Known{100, 0.048583, 1972.579}}) {
    BatteryParameters battery = atoms_alone(known.N);
    battery.collective_down = 1;
    const Flash found = flash(battery, 2 * known.time);
    EXPECT_NEAR(found.time, known.time, 1e-6) << known.N;
    EXPECT_NEAR(found.rate / known.rate, 1, 3e-7) << known.N;
  }
}

// PIQS's dephasing 1 is gamma_phi = 1/4.
TEST(Superradiance, IsDampedByDephasingOfSingleAtoms) {
  BatteryParameters battery = atoms_alone(20);
  battery.collective_down = 1;
  battery.gamma_phi = 0.25;
  const Flash found = flash(battery, 0.3);
  EXPECT_NEAR(found.time, 0.148739, 1e-6);
  EXPECT_NEAR(found.rate, 78.3410, 1e-4);
}

// Steady superradiance: what is pumped in, gamma_up (N/2 - <J_z>), goes out by <J_+ J_->.
TEST(Superradiance, OfPumpedAtomsIsSteady) {
  BatteryParameters battery = atoms_alone(20);
  battery.collective_down = 1;
  battery.gamma_up = 10;
  battery.kappa = 1;
  SteadyStateSettings settings;
  settings.tolerance = 1e-7;
  const SteadyStateResult result = steady_state(MPI_COMM_SELF, battery, settings);
  const double jz = result.battery_energy - 10;
  EXPECT_NEAR(jz, 4.731618, 1e-6);
  EXPECT_NEAR(battery.gamma_up * (10 - jz), 52.683821, 1e-5);
}

TEST(CollectiveThermalBath, LeavesErgotropy) {
  BatteryParameters battery = atoms_alone(10);
  battery.kappa = 1;
  battery.collective_down = 2;
  battery.collective_up = 1;
  const SteadyStateResult result = steady_state(MPI_COMM_SELF, battery, {});
  EXPECT_NEAR(result.ergotropy[0], 0.494871, 1e-6);
  // Infinitely hot: all M alike, of which the global ergotropy is N/2 - N/(N + 1).
  battery.collective_up = battery.collective_down;
  EXPECT_NEAR(steady_state(MPI_COMM_SELF, battery, {}).ergotropy[0], 5 - 10.0 / 11, 1e-7);
}

TEST(DrivenCavity, HoldsFourFSquaredOverKappaSquaredPhotons) {
  BatteryParameters battery = atoms_alone(1);
  battery.battery_state = BatteryState::ground;
  battery.gamma_down = 0.3;
  battery.kappa = 0.5;
  battery.drive = 0.3;
  battery.omega_c = battery.omega_d = 1.7;
  SteadyStateSettings settings;
  settings.auto_fock_dim = true;
  EXPECT_NEAR(steady_state(MPI_COMM_SELF, battery, settings).photon_number, 4 * 0.09 / 0.25, 1e-5);
  // And gets there as a coherent state does.
  ChargingSettings charging = {.t_max = 4, .samples = 3, .tolerance = 1e-8, .auto_fock_dim = true};
  const ChargingResult result = charging_run(MPI_COMM_SELF, battery, charging);
  for (std::size_t s = 0; s < 3; ++s) {
    const double amplitude = 2 * 0.3 / 0.5 * (1 - std::exp(-0.25 * result.trajectory.time[s]));
    EXPECT_NEAR(result.trajectory.of("photon_number")[s], amplitude * amplitude, 1e-7);
  }
}

TEST(AnisotropicInteraction, EndsAtTavisCummingsAndDicke) {
  testing::Random random(81);
  for (int set = 0; set < 6; ++set) {
    BatteryParameters battery = testing::random_battery(random, 4);
    battery.fock_dim = 12;
    battery.m = 2;
    BatteryParameters between = battery;
    between.interaction = Interaction::anisotropic;
    for (const auto& [r, interaction] :
         {std::pair(0.0, Interaction::tavis_cummings), std::pair(1.0, Interaction::dicke)}) {
      battery.interaction = interaction;
      between.anisotropy = r;
      const ChargingSettings settings = {.t_max = 3, .samples = 7, .tolerance = 1e-9};
      EXPECT_THAT(
          charging_run(MPI_COMM_SELF, between, settings).trajectory.ergotropy[0],
          Pointwise(DoubleNear(1e-8),
                    charging_run(MPI_COMM_SELF, battery, settings).trajectory.ergotropy[0]));
    }
  }
}

}  // namespace
}  // namespace qbsweep
