// Charges from the ground state of H.
//
// What would be caught: a start whose phases do not belong to the rotated basis (its energy is not
// the ground state's, and it moves without noise), a reduction that a ground state does not have,
// a truncation that auto does not see, powers that blow up because the battery is not empty.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "charging_paths.hpp"
#include "full_space.hpp"
#include "qbsweep/dynamics/charging_estimate.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "qbsweep/dynamics/ground_state.hpp"
#include "qbsweep/support/error.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

BatteryParameters fig2_battery(Interaction interaction, int N, int fock_dim) {
  BatteryParameters battery;
  battery.interaction = interaction;
  battery.initial_state = InitialState::ground_state;
  battery.N = N;
  battery.g = 2 * critical_coupling(battery);
  battery.kappa = 0.15;
  battery.gamma_down = 0.1;
  battery.gamma_phi = 0.5;
  battery.fock_dim = fock_dim;
  return battery;
}

/// Random, with Fock levels that hold a Tavis-Cummings ground state.
BatteryParameters random_start(testing::Random& random) {
  BatteryParameters battery = testing::random_battery(random, 4);
  battery.initial_state = InitialState::ground_state;
  battery.coupling_scaling = CouplingScaling::sqrt_n;
  battery.g *= 2;
  battery.fock_dim = battery.interaction == Interaction::dicke ? 8 : 12 + battery.N;
  battery.omega_c = std::max(battery.omega_c, 0.8);
  return battery;
}

TEST(GroundStateCharging, IsTheSameOnAllPaths) {
  testing::Random random(421);
  for (int set = 0; set < 24; ++set) {
    const BatteryParameters battery = random_start(random);
    SCOPED_TRACE(testing::describe(battery));
    const double energy = ground_state(MPI_COMM_SELF, battery).energy;
    const auto run = [&](const testing::ChargingPath& path) {
      return charging_run(MPI_COMM_SELF, battery, testing::settings_on(path, 4, 9, 1e-9));
    };
    const ChargingResult plain = run(testing::plain_path);
    EXPECT_NEAR(plain.trajectory.of("total_energy").front(), energy, 1e-9);
    for (const auto& path : {testing::fast_path, testing::assembled_series}) {
      const ChargingResult other = run(path);
      for (std::size_t s = 0; s < 9; ++s) {
        const auto near = [&](const std::vector<double>& a, const std::vector<double>& b) {
          ASSERT_NEAR(a[s], b[s], 1e-6) << path.name << " sample " << s;
        };
        near(plain.trajectory.of("battery_energy"), other.trajectory.of("battery_energy"));
        near(plain.trajectory.of("photon_number"), other.trajectory.of("photon_number"));
        near(plain.trajectory.of("total_energy"), other.trajectory.of("total_energy"));
        for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
          near(plain.trajectory.ergotropy[d], other.trajectory.ergotropy[d]);
        }
      }
      EXPECT_NEAR(plain.figures.battery_energy_max, other.figures.battery_energy_max, 1e-6);
      EXPECT_NEAR(plain.figures.power_energy_max, other.figures.power_energy_max, 1e-5);
    }
  }
}

TEST(GroundStateCharging, WithoutNoiseNothingMoves) {
  for (const Interaction interaction : {Interaction::dicke, Interaction::tavis_cummings}) {
    BatteryParameters battery = fig2_battery(interaction, 4, 30);
    battery.kappa = battery.gamma_down = battery.gamma_phi = 0;
    const GroundState ground = ground_state(MPI_COMM_SELF, battery);
    for (const auto& path : {testing::plain_path, testing::fast_path}) {
      const ChargingResult result =
          charging_run(MPI_COMM_SELF, battery, testing::settings_on(path, 3, 4, 1e-9));
      for (std::size_t s = 0; s < 4; ++s) {
        EXPECT_NEAR(result.trajectory.of("total_energy")[s], ground.energy, 1e-7) << path.name;
        EXPECT_NEAR(result.trajectory.of("battery_energy")[s],
                    result.trajectory.of("battery_energy")[0], 1e-7);
        EXPECT_NEAR(result.trajectory.of("photon_number")[s],
                    result.trajectory.of("photon_number")[0], 1e-7);
      }
      EXPECT_GT(result.trajectory.of("photon_number")[0], 1);
      EXPECT_LT(result.trajectory.of("interaction_energy")[0], -1);
      EXPECT_NEAR(result.figures.power_energy_max, 0, 1e-6);
    }
  }
}

// On the 2^N space, from the ground state of its own H, by small classical Runge-Kutta steps.
TEST(GroundStateCharging, IsThatOfThe2NSpace) {
  for (const Interaction interaction : {Interaction::dicke, Interaction::tavis_cummings}) {
    const BatteryParameters battery = fig2_battery(interaction, 2, 7);
    const testing::FullSpace space(2, 7, spin_blocks(2, true));
    const testing::MatrixXcd photons = space.a().adjoint() * space.a();
    const testing::MatrixXcd H =
        space.H_B(battery.omega_0) + battery.omega_c * photons + space.H_I(battery);
    const Eigen::SelfAdjointEigenSolver<testing::MatrixXcd> eigen(H);
    const Eigen::VectorXcd psi = eigen.eigenvectors().col(0);
    testing::MatrixXcd rho = psi * psi.adjoint();
    const auto rate = [&](const testing::MatrixXcd& state) {
      testing::MatrixXcd sum = testing::MatrixXcd::Zero(state.rows(), state.cols());
      for (const TermName term : all_terms()) {
        sum += space.apply(term, battery, state);
      }
      return sum;
    };
    constexpr int steps = 400;
    constexpr double t_max = 2;
    const double h = t_max / steps;
    for (int s = 0; s < steps; ++s) {
      const testing::MatrixXcd a = rate(rho);
      const testing::MatrixXcd b = rate(rho + h / 2 * a);
      const testing::MatrixXcd c = rate(rho + h / 2 * b);
      const testing::MatrixXcd d = rate(rho + h * c);
      rho += h / 6 * (a + 2 * b + 2 * c + d);
    }
    const ChargingResult result = charging_run(
        MPI_COMM_SELF, battery, testing::settings_on(testing::fast_path, t_max, 2, 1e-10));
    EXPECT_NEAR(result.trajectory.of("total_energy")[0], eigen.eigenvalues()[0], 1e-10);
    EXPECT_NEAR(result.trajectory.of("total_energy")[1], (H * rho).trace().real(), 1e-7);
    EXPECT_NEAR(result.trajectory.of("photon_number")[1], (photons * rho).trace().real(), 1e-7);
    EXPECT_NEAR(result.trajectory.of("interaction_energy")[1],
                (space.H_I(battery) * rho).trace().real(), 1e-7);
  }
}

TEST(GroundStateCharging, AutoLevelsAreEnough) {
  for (const Interaction interaction : {Interaction::dicke, Interaction::tavis_cummings}) {
    BatteryParameters battery = fig2_battery(interaction, 3, 2);
    battery.g *= 1.5;
    ChargingSettings settings = testing::settings_on(testing::fast_path, 3, 5, 1e-6);
    settings.auto_fock_dim = true;
    const ChargingResult chosen = charging_run(MPI_COMM_SELF, battery, settings);
    EXPECT_LE(chosen.diagnostics.truncation_error, 1e-6);
    const int guess = estimate_charging(battery, settings).fock_dim;
    EXPECT_GT(2 * guess, chosen.diagnostics.fock_dim);
    EXPECT_LT(guess, 3 * chosen.diagnostics.fock_dim);
    settings.auto_fock_dim = false;
    battery.fock_dim = 2 * chosen.diagnostics.fock_dim;
    const ChargingResult wide = charging_run(MPI_COMM_SELF, battery, settings);
    for (std::size_t s = 0; s < 5; ++s) {
      EXPECT_NEAR(chosen.trajectory.of("total_energy")[s], wide.trajectory.of("total_energy")[s],
                  1e-5);
      EXPECT_NEAR(chosen.trajectory.of("photon_number")[s], wide.trajectory.of("photon_number")[s],
                  1e-5);
    }
  }
}

TEST(GroundStateCharging, WhatTheLevelsDoNotHoldIsRefused) {
  BatteryParameters battery = fig2_battery(Interaction::tavis_cummings, 4, 4);
  battery.g = 4;
  try {
    static_cast<void>(
        charging_run(MPI_COMM_SELF, battery, testing::settings_on(testing::fast_path, 1, 0, 1e-8)));
    FAIL() << "a ground state beyond the levels was charged from";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("fock_dim = 4 cuts the ground state"));
    EXPECT_THAT(error.what(), ::testing::Not(::testing::HasSubstr("\n")));
  }
}

}  // namespace
}  // namespace qbsweep
