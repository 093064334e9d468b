// Charges whose course is known in closed form, and the published numbers of the closed Dicke
// battery.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <string>

#include "charging_paths.hpp"
#include "qbsweep/dynamics/charging_run.hpp"

namespace qbsweep {
namespace {

constexpr double pi = std::numbers::pi;

class ClosedForm : public ::testing::TestWithParam<testing::ChargingPath> {
 protected:
  static ChargingResult run(const BatteryParameters& battery, double t_max,
                            std::int64_t samples = 0) {
    return charging_run(MPI_COMM_SELF, battery,
                        testing::settings_on(GetParam(), t_max, samples, 1e-11));
  }

  static void expect_battery_energy(const BatteryParameters& battery, double t_max,
                                    const std::function<double(double)>& expected) {
    const Trajectory trajectory = run(battery, t_max, 101).trajectory;
    for (std::size_t s = 0; s < trajectory.time.size(); ++s) {
      ASSERT_NEAR(trajectory.of("battery_energy")[s], expected(trajectory.time[s]), 1e-9)
          << "t = " << trajectory.time[s];
    }
  }
};

/// Tavis-Cummings with one photon, from which everything below follows.
BatteryParameters one_photon(int N, double g) {
  BatteryParameters battery;
  battery.interaction = Interaction::tavis_cummings;
  battery.N = N;
  battery.g = g;
  battery.charger = Charger::fock;
  battery.m = 1;
  battery.fock_dim = 2;
  return battery;
}

// E_B = sin^2(g t). Windows that end past the first, the second and the ninth of the equal maxima.
TEST_P(ClosedForm, OneAtomOnePhotonChargesFullyAtAQuarterPeriod) {
  for (const double g : {0.1, 0.5, 2.0}) {
    for (const double quarters : {1.5, 3.5, 17.5}) {
      const double tau = pi / (2 * g);
      const FiguresOfMerit figures = run(one_photon(1, g), quarters * tau).figures;
      EXPECT_NEAR(figures.tau_battery_energy_max / tau, 1, 1e-7);
      EXPECT_NEAR(figures.battery_energy_max, 1, 1e-9);
      // sin^2(x)/x is largest where tan(x) = 2 x: x = 1.16556118520721..., 0.724611353776708...
      EXPECT_NEAR(figures.tau_power_energy_max * g, 1.165561185207211, 1e-7);
      EXPECT_NEAR(figures.power_energy_max / g, 0.7246113537767085, 1e-9);
      for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
        EXPECT_NEAR(figures.tau[d] / tau, 1, 1e-7);
        EXPECT_NEAR(figures.ergotropy_max[d], 1, 1e-9);
        EXPECT_NEAR(figures.battery_energy_at_tau[d], 1, 1e-9);
        EXPECT_NEAR(figures.locked_energy_at_tau[d], 0, 1e-9);
        EXPECT_NEAR(figures.quench_energy_at_tau[d], 0, 1e-9);
        EXPECT_FALSE(figures.tau_at_window_end[d]);
      }
    }
    const FiguresOfMerit cut = run(one_photon(1, g), 0.8 * pi / (2 * g)).figures;
    EXPECT_EQ(cut.tau[0], 0.8 * pi / (2 * g));
    EXPECT_TRUE(cut.tau_at_window_end[0]);
    EXPECT_NEAR(cut.ergotropy_max[0], 2 * std::pow(std::sin(0.4 * pi), 2) - 1, 1e-9);
  }
}

// One excitation shared by the cavity and the symmetric state of N atoms, which couple with sqrt(N)
// g' and lose kappa and gamma_down: E_B = (G/W)^2 exp(-(kappa + gamma)t/2) sin^2(W t) with W^2 =
// G^2 - ((kappa - gamma)/4)^2.
TEST_P(ClosedForm, OnePhotonWithLossesForAnyN) {
  for (int N = 1; N <= 5; ++N) {
    for (const CouplingScaling scaling : {CouplingScaling::sqrt_n, CouplingScaling::bare}) {
      BatteryParameters battery = one_photon(N, 0.4);
      battery.coupling_scaling = scaling;
      battery.kappa = 0.5;
      battery.gamma_down = 0.13;
      const double G = scaling == CouplingScaling::sqrt_n ? 0.4 : 0.4 * std::sqrt(N);
      const double W = std::sqrt(G * G - std::pow((battery.kappa - battery.gamma_down) / 4, 2));
      expect_battery_energy(battery, 12, [&](double t) {
        return std::pow(G / W * std::sin(W * t), 2) *
               std::exp(-(battery.kappa + battery.gamma_down) * t / 2);
      });
    }
  }
}

// Detuned by D = omega_0 - omega_c: E_B = omega_0 (2G/W)^2 sin^2(W t/2), W^2 = D^2 + 4 G^2.
TEST_P(ClosedForm, DetunedOnePhoton) {
  BatteryParameters battery = one_photon(3, 0.3);
  battery.omega_0 = 1.2;
  battery.omega_c = 0.7;
  const double W = std::sqrt(0.25 + 4 * 0.09);
  expect_battery_energy(battery, 20,
                        [&](double t) { return 1.2 * std::pow(0.6 / W * std::sin(W * t / 2), 2); });
}

// One dephased atom: x = E_B/omega_0 - <n> obeys x'' + 2 gamma_phi x' + 4 g^2 x = 0, because
// D[sigma_z] damps the coherence with 2 gamma_phi. Dephasing with sigma_z/2 would be four times
// slower.
TEST_P(ClosedForm, DephasedOscillationOfOneAtom) {
  BatteryParameters battery = one_photon(1, 0.5);
  battery.gamma_phi = 0.2;
  const double W = std::sqrt(1 - 0.04);
  expect_battery_energy(battery, 15, [&](double t) {
    const double x = -std::exp(-0.2 * t) * (std::cos(W * t) + 0.2 / W * std::sin(W * t));
    return (1 + x) / 2;
  });
}

// Without coupling only the cavity changes: <n> = m exp(-kappa t), exactly so for a Fock state.
TEST_P(ClosedForm, UncoupledCavityDecays) {
  BatteryParameters battery;
  battery.g = 0;
  battery.N = 2;
  battery.kappa = 0.4;
  battery.gamma_down = 0.2;
  battery.charger = Charger::fock;
  battery.m = 4;
  battery.fock_dim = 6;
  const ChargingResult result = run(battery, 10, 21);
  for (std::size_t s = 0; s < result.trajectory.time.size(); ++s) {
    EXPECT_NEAR(result.trajectory.of("photon_number")[s],
                4 * std::exp(-0.4 * result.trajectory.time[s]), 1e-9);
    EXPECT_NEAR(result.trajectory.of("battery_energy")[s], 0, 1e-15);
  }
  for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
    EXPECT_EQ(result.figures.tau[d], 0);
    EXPECT_NEAR(result.figures.ergotropy_max[d], 0, 1e-15);
    EXPECT_FALSE(result.figures.tau_at_window_end[d]);
  }
}

// Nothing at all happens: the Liouvillian is zero on the state.
// <n> falls by itself, whatever the state, on however many levels.
TEST_P(ClosedForm, UncoupledCavityDecaysFromACoherentState) {
  BatteryParameters battery;
  battery.g = 0;
  battery.kappa = 0.4;
  battery.gamma_down = 0.2;
  battery.m = 2;
  battery.fock_dim = 9;
  const Trajectory decay = run(battery, 10, 21).trajectory;
  ASSERT_NEAR(decay.of("photon_number")[0], 2, 0.01);
  for (std::size_t s = 0; s < decay.time.size(); ++s) {
    EXPECT_NEAR(decay.of("photon_number")[s],
                decay.of("photon_number")[0] * std::exp(-0.4 * decay.time[s]), 1e-8);
  }
}

TEST_P(ClosedForm, NothingHappensWithoutCouplingAndNoise) {
  BatteryParameters battery;
  battery.g = 0;
  battery.charger = Charger::fock;
  battery.m = 1;
  const ChargingResult result = run(battery, 3, 4);
  EXPECT_NEAR(result.trajectory.of("photon_number").back(), 1, 1e-11);
  EXPECT_EQ(result.figures.battery_energy_max, 0);
}

struct Published {
  int N;
  double energy, tau_energy, power, tau_power;
};

// tests/reference/README.md: grid maxima, energies good to 3e-5 relative and times to 1 %.
TEST_P(ClosedForm, PublishedClosedDickeBattery) {
  for (const Published& published : {Published{2, 1.769882, 25.61, 0.0885382, 15.11},
                                     Published{5, 4.280383, 16.76, 0.3334124, 9.386}}) {
    BatteryParameters battery;
    battery.N = published.N;
    battery.g = 0.05;
    battery.coupling_scaling = CouplingScaling::bare;
    battery.charger = Charger::fock;
    battery.m = published.N;
    battery.fock_dim = 2 * published.N + 1;
    const FiguresOfMerit figures = run(battery, 30).figures;
    EXPECT_NEAR(figures.battery_energy_max / published.energy, 1, 3e-5) << published.N;
    EXPECT_NEAR(figures.tau_battery_energy_max / published.tau_energy, 1, 0.01) << published.N;
    EXPECT_NEAR(figures.power_energy_max / published.power, 1, 3e-5) << published.N;
    EXPECT_NEAR(figures.tau_power_energy_max / published.tau_power, 1, 0.01) << published.N;
  }
}

INSTANTIATE_TEST_SUITE_P(Paths, ClosedForm,
                         ::testing::Values(testing::plain_path, testing::fast_path),
                         [](const auto& path) { return std::string(path.param.name); });

}  // namespace
}  // namespace qbsweep
