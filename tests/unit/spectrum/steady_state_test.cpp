// Steady states by every method: reference numbers, closed forms, uniqueness.
//
// What would be caught: a rate with a wrong factor or sign (reference table, closed forms), a state
// that is not the one a long evolution ends in, a trace or normalisation that is off, zero
// eigenvalues that are not counted or counted twice, a number given for a state that is not unique.
#include "qbsweep/spectrum/steady_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <string>

#include "charging_paths.hpp"
#include "dense_matrix.hpp"
#include "dicke_battery.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "qbsweep/spectrum/steady_estimate.hpp"
#include "qbsweep/spectrum/steady_shift_invert.hpp"
#include "qbsweep/support/error.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

constexpr double required = 1e-9;  // the error that is asked for

struct Method {
  const char* name;
  SteadyMethod method;
};

class SteadyState : public ::testing::TestWithParam<Method> {
 protected:
  static SteadyStateResult run(const BatteryParameters& battery, double tolerance = required) {
    SteadyStateSettings settings;
    settings.method = GetParam().method;
    settings.tolerance = tolerance;
    return steady_state(MPI_COMM_SELF, battery, settings);
  }
};

BatteryParameters noisy_battery(Interaction interaction, int N, int fock_dim) {
  BatteryParameters battery;
  battery.interaction = interaction;
  battery.N = N;
  battery.g = 1;
  battery.kappa = 0.15;
  battery.gamma_down = 0.1;
  battery.gamma_phi = 0.5;
  battery.fock_dim = fock_dim;
  return battery;
}

struct Reference {
  int N;
  double battery_energy;
  double photon_number;
};

// Two independent methods agree on these to 1e-6.
TEST_P(SteadyState, OfDickeIsTheReference) {
  for (const Reference& reference :
       {Reference{2, 0.928269, 2.851590}, Reference{4, 1.824609, 4.280980},
        Reference{6, 2.692379, 4.840248}}) {
    const SteadyStateResult result =
        run(noisy_battery(Interaction::dicke, reference.N, 4 * reference.N + 1));
    EXPECT_NEAR(result.battery_energy, reference.battery_energy, 1e-6) << reference.N;
    EXPECT_NEAR(result.photon_number, reference.photon_number, 1e-6) << reference.N;
    EXPECT_EQ(result.multiplicity, 1);
    EXPECT_LE(result.error, required);
    EXPECT_NEAR(result.total_energy,
                result.battery_energy + result.photon_number + result.interaction_energy, 1e-12);
  }
}

TEST_P(SteadyState, OfTavisCummingsIsTheVacuum) {
  testing::Random random(431);
  for (int set = 0; set < 50; ++set) {
    BatteryParameters battery = testing::random_battery(random, 4);
    battery.interaction = Interaction::tavis_cummings;
    battery.kappa = testing::uniform(random, 0.02, 0.5);
    battery.gamma_down = testing::uniform(random, 0.02, 0.5);
    SCOPED_TRACE(testing::describe(battery));
    const SteadyStateResult result = run(battery, 1e-12);
    EXPECT_EQ(result.multiplicity, 1);
    EXPECT_NEAR(result.battery_energy, 0, 1e-10);
    EXPECT_NEAR(result.photon_number, 0, 1e-10);
    EXPECT_NEAR(result.total_energy, 0, 1e-10);
    for (const double ergotropy : result.ergotropy) {
      EXPECT_NEAR(ergotropy, 0, 1e-10);
    }
  }
}

TEST_P(SteadyState, IsWhereEveryLongRunEnds) {
  BatteryParameters battery = noisy_battery(Interaction::dicke, 2, 9);
  battery.kappa = 0.4;
  battery.gamma_down = 0.3;
  const SteadyStateResult steady = run(battery);
  for (const char* const start : {"coherent", "fock", "ground"}) {
    battery.charger = start == std::string("fock") ? Charger::fock : Charger::coherent;
    battery.initial_state =
        start == std::string("ground") ? InitialState::ground_state : InitialState::charged_cavity;
    battery.m = 3;
    const Trajectory end =
        charging_run(MPI_COMM_SELF, battery, testing::settings_on(testing::fast_path, 150, 2, 1e-9))
            .trajectory;
    EXPECT_NEAR(end.of("battery_energy")[1], steady.battery_energy, 1e-7) << start;
    EXPECT_NEAR(end.of("photon_number")[1], steady.photon_number, 1e-7) << start;
    EXPECT_NEAR(end.of("total_energy")[1], steady.total_energy, 1e-7) << start;
    for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
      EXPECT_NEAR(end.ergotropy[d][1], steady.ergotropy[d], 1e-6) << start;
    }
  }
}

TEST_P(SteadyState, WithoutCouplingIsTheVacuum) {
  for (const Interaction interaction : {Interaction::dicke, Interaction::tavis_cummings}) {
    BatteryParameters battery = noisy_battery(interaction, 3, 6);
    battery.g = 0;
    const SteadyStateResult result = run(battery, 1e-12);
    EXPECT_EQ(result.multiplicity, 1);
    EXPECT_NEAR(result.battery_energy, 0, 1e-10);
    EXPECT_NEAR(result.photon_number, 0, 1e-10);
    EXPECT_NEAR(result.interaction_energy, 0, 1e-10);
  }
}

// One spin and one photon at most: rate equations between four levels. The pairs |0,down>, |1,up>
// and |1,down>, |0,up> are driven with W = 2 g^2 G / (G^2 + D^2), G the decay of their coherence,
// D their distance.
TEST_P(SteadyState, OfOneSpinAndOnePhotonFollowsRateEquations) {
  testing::Random random(432);
  for (int set = 0; set < 10; ++set) {
    BatteryParameters battery;
    battery.g = testing::uniform(random, 0.1, 2);
    battery.omega_0 = testing::uniform(random, 0.5, 1.5);
    battery.omega_c = testing::uniform(random, 0.5, 1.5);
    battery.kappa = testing::uniform(random, 0.05, 0.5);
    battery.gamma_down = testing::uniform(random, 0.05, 0.5);
    battery.gamma_phi = testing::uniform(random, 0, 0.5);
    battery.fock_dim = 2;
    const double kappa = battery.kappa;
    const double gamma = battery.gamma_down;
    const double G = (kappa + gamma) / 2 + 2 * battery.gamma_phi;
    const auto drive = [&](double D) { return 2 * battery.g * battery.g * G / (G * G + D * D); };
    const double W_even = drive(battery.omega_0 + battery.omega_c);
    const double W_odd = drive(battery.omega_0 - battery.omega_c);
    const double up_photon = W_even / (W_even + kappa + gamma);  // over |0,down>
    const double determinant = (kappa + W_odd) * (gamma + W_odd) - W_odd * W_odd;
    const double photon = (gamma * (gamma + W_odd) + W_odd * kappa) * up_photon / determinant;
    const double up = (kappa * (kappa + W_odd) + W_odd * gamma) * up_photon / determinant;
    const double sum = 1 + up_photon + photon + up;
    const SteadyStateResult result = run(battery, 1e-11);
    EXPECT_NEAR(result.photon_number, (up_photon + photon) / sum, 1e-9);
    EXPECT_NEAR(result.battery_energy, battery.omega_0 * (up_photon + up) / sum, 1e-9);
    EXPECT_EQ(result.multiplicity, 1);
  }
}

INSTANTIATE_TEST_SUITE_P(Methods, SteadyState,
                         ::testing::Values(Method{"automatic", SteadyMethod::automatic},
                                           Method{"shift_invert", SteadyMethod::shift_invert},
                                           Method{"propagator", SteadyMethod::propagator},
                                           Method{"gmres", SteadyMethod::gmres}),
                         [](const auto& method) { return std::string(method.param.name); });

std::int64_t multiplicity(const BatteryParameters& battery) {
  return steady_state(MPI_COMM_SELF, battery, {}).multiplicity;
}

TEST(SteadyMultiplicity, IsOneWithNoise) {
  for (const Interaction interaction : {Interaction::dicke, Interaction::tavis_cummings}) {
    EXPECT_EQ(multiplicity(noisy_battery(interaction, 3, 6)), 1);
    BatteryParameters battery = noisy_battery(interaction, 3, 6);
    battery.gamma_phi = battery.gamma_down = 0;
    EXPECT_EQ(multiplicity(battery), 2);  // j = 3/2 and j = 1/2
    battery.kappa = 0;
    battery.gamma_down = 0.1;
    EXPECT_EQ(multiplicity(battery), 1);
  }
}

// Dephasing leaves alone what commutes with H and all sigma_z: the two parities for Dicke, the
// excitation numbers 0 .. N + fock_dim - 1 for Tavis-Cummings.
TEST(SteadyMultiplicity, OfDephasingAloneCountsWhatIsConserved) {
  for (const int N : {1, 2, 3}) {
    BatteryParameters battery = noisy_battery(Interaction::dicke, N, 5);
    battery.kappa = battery.gamma_down = 0;
    EXPECT_EQ(multiplicity(battery), 2) << N;
    battery.interaction = Interaction::tavis_cummings;
    EXPECT_EQ(multiplicity(battery), N + 5) << N;
  }
}

// Loss and dephasing without coupling: the number of excited atoms stays.
TEST(SteadyMultiplicity, WithoutCouplingAndDecayCountsTheExcitedAtoms) {
  BatteryParameters battery = noisy_battery(Interaction::dicke, 4, 4);
  battery.g = battery.gamma_down = 0;
  EXPECT_EQ(multiplicity(battery), 5);
}

TEST(SteadyMultiplicity, WithoutNoiseCountsPairsOfEqualEnergies) {
  BatteryParameters battery = noisy_battery(Interaction::dicke, 3, 6);
  battery.kappa = battery.gamma_down = battery.gamma_phi = 0;
  EXPECT_EQ(multiplicity(battery), (4 + 2) * 6);  // j = 3/2 and j = 1/2
  battery.g = 0;  // resonant: excitations 0 .. 8 with 1, 2, 3, 4, 4, 4, 3, 2, 1 states of j = 3/2,
                  // and 0 .. 6 with 1, 2, 2, 2, 2, 2, 1 of j = 1/2
  EXPECT_EQ(multiplicity(battery), 1 + 4 + 9 + 16 + 16 + 16 + 9 + 4 + 1 + 1 + 5 * 4 + 1);
}

TEST(SteadyMultiplicity, IsThatOfTheDenseSpectrum) {
  testing::Random random(433);
  int degenerate = 0;
  for (int set = 0; set < 60; ++set) {
    BatteryParameters battery = testing::random_battery(random, 2);
    battery.fock_dim = testing::uniform_int(random, 2, 5);
    battery.g *= testing::uniform_int(random, 0, 3) == 0 ? 0 : 1;
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis(battery.N, battery.fock_dim, true);  // all blocks
    const Eigen::VectorXcd eigenvalues = testing::dense_liouvillian(basis, battery).eigenvalues();
    const std::int64_t expected = (eigenvalues.array().abs() < 1e-9).count();
    degenerate += expected > 1 ? 1 : 0;
    EXPECT_EQ(multiplicity(battery), expected);
  }
  EXPECT_GT(degenerate, 5);
}

TEST(SteadyMultiplicity, NoNumbersOfAStateThatIsNotUnique) {
  BatteryParameters battery = noisy_battery(Interaction::dicke, 2, 5);
  for (const double gamma_phi : {0.0, 0.5}) {
    battery.kappa = battery.gamma_down = 0;
    battery.gamma_phi = gamma_phi;
    const SteadyStateResult result = steady_state(MPI_COMM_SELF, battery, {});
    EXPECT_GT(result.multiplicity, 1);
    EXPECT_TRUE(std::isnan(result.battery_energy));
    EXPECT_TRUE(std::isnan(result.photon_number));
    EXPECT_TRUE(std::isnan(result.total_energy));
    EXPECT_TRUE(std::isnan(result.ergotropy[0]));
    EXPECT_LT(result.residual, 1e-9);
  }
}

TEST(SteadyAuto, LevelsAreEnough) {
  for (const double g : {0.4, 1.0}) {
    BatteryParameters battery = noisy_battery(Interaction::dicke, 1, 2);
    battery.g = g;
    SteadyStateSettings settings;
    settings.auto_fock_dim = true;
    const SteadyStateResult chosen = steady_state(MPI_COMM_SELF, battery, settings);
    EXPECT_LE(chosen.truncation_error, steady_truncation_tolerance(battery, settings));
    settings.auto_fock_dim = false;
    battery.fock_dim = chosen.fock_dim * 3 / 2;
    const SteadyStateResult wide = steady_state(MPI_COMM_SELF, battery, settings);
    EXPECT_NEAR(chosen.photon_number, wide.photon_number, chosen.truncation_error);
    EXPECT_NEAR(chosen.battery_energy, wide.battery_energy, chosen.truncation_error);
    // Two thirds of the levels would have been too few, and are seen to be.
    battery.fock_dim = chosen.fock_dim * 2 / 3;
    const SteadyStateResult narrow = steady_state(MPI_COMM_SELF, battery, settings);
    EXPECT_GT(std::abs(narrow.photon_number - wide.photon_number), 1e-6);
    EXPECT_NEAR(narrow.photon_number, wide.photon_number, narrow.truncation_error);
  }
}

TEST(SteadyAuto, OfTheVacuumAreFew) {
  SteadyStateSettings settings;
  settings.auto_fock_dim = true;
  const SteadyStateResult result =
      steady_state(MPI_COMM_SELF, noisy_battery(Interaction::tavis_cummings, 3, 2), settings);
  EXPECT_LE(result.fock_dim, 8);
  EXPECT_NEAR(result.photon_number, 0, 1e-10);
}

TEST(SteadyFailure, WhatDoesNotConvergeIsAnErrorWithItsResiduals) {
  SteadyStateSettings settings;
  settings.tolerance = 1e-30;
  try {
    static_cast<void>(
        steady_state(MPI_COMM_SELF, noisy_battery(Interaction::dicke, 2, 9), settings));
    FAIL() << "no residual is that small";
  } catch (const EnvironmentError& error) {
    // Every method was tried, and says how far it came.
    EXPECT_THAT(error.what(), ::testing::MatchesRegex(
                                  "no steady state with 9 Fock levels: shift_invert: .*1.0e-30 is "
                                  "required.*; gmres: .*; propagator: .*1.0e-30 is required.*"));
    EXPECT_THAT(error.what(), ::testing::Not(::testing::HasSubstr("\n")));
  }
}

TEST(SteadyShiftInvert, MemoryGrowsAsMeasured) {
  // Peaks of a process, MB; the largest one for weak and strong noise, weak and strong coupling.
  const auto expect = [](Interaction interaction, int N, int fock_dim, double measured) {
    const double predicted =
        steady_shift_invert_memory(noisy_battery(interaction, N, fock_dim)) / 1e6;
    EXPECT_GT(predicted, 0.97 * measured) << N << ", " << fock_dim;
    EXPECT_LT(predicted, 1.4 * measured) << N << ", " << fock_dim;
  };
  expect(Interaction::dicke, 1, 150, 209);
  expect(Interaction::dicke, 1, 200, 344);
  expect(Interaction::dicke, 2, 20, 58);
  expect(Interaction::dicke, 2, 80, 187);
  expect(Interaction::dicke, 2, 140, 612);
  expect(Interaction::dicke, 3, 40, 161);
  expect(Interaction::dicke, 3, 90, 807);
  expect(Interaction::dicke, 4, 20, 102);
  expect(Interaction::dicke, 4, 36, 282);
  expect(Interaction::dicke, 4, 60, 783);
  expect(Interaction::dicke, 4, 105, 2795);
  expect(Interaction::dicke, 5, 24, 260);
  expect(Interaction::dicke, 5, 32, 510);
  expect(Interaction::dicke, 6, 18, 252);
  expect(Interaction::dicke, 6, 25, 452);
  expect(Interaction::dicke, 8, 14, 378);
  expect(Interaction::dicke, 8, 33, 3171);
  expect(Interaction::dicke, 12, 9, 568);
  expect(Interaction::tavis_cummings, 4, 20, 65);
  expect(Interaction::tavis_cummings, 4, 60, 183);
  expect(Interaction::tavis_cummings, 6, 16, 79);
  expect(Interaction::tavis_cummings, 8, 33, 422);
}

// Where one method was measured to be faster than another by a factor of 2 or more.
TEST(SteadyEstimate, ChoosesWhatWasMeasuredToBeFaster) {
  const auto chosen = [](const BatteryParameters& battery) {
    return estimate_steady_state(battery, {}).method;
  };
  EXPECT_EQ(chosen(noisy_battery(Interaction::dicke, 2, 9)), SteadyMethod::shift_invert);
  EXPECT_NE(chosen(noisy_battery(Interaction::dicke, 8, 33)), SteadyMethod::shift_invert);
  EXPECT_EQ(chosen(noisy_battery(Interaction::dicke, 4, 111)), SteadyMethod::propagator);
  EXPECT_EQ(chosen(noisy_battery(Interaction::dicke, 8, 10)), SteadyMethod::propagator);
  const auto with_noise = [](int N, int fock_dim, double g, double kappa, double gamma_down,
                             double gamma_phi) {
    BatteryParameters battery = testing::dicke(N, g, kappa, gamma_down, gamma_phi);
    battery.fock_dim = fock_dim;
    return battery;
  };
  EXPECT_EQ(chosen(with_noise(2, 18, 0.5, 0.15, 0.1, 0.5)), SteadyMethod::gmres);
  EXPECT_EQ(chosen(with_noise(2, 44, 1, 0.01, 0.01, 0.01)), SteadyMethod::gmres);
  EXPECT_EQ(chosen(with_noise(3, 10, 0.25, 0.01, 0.01, 0)), SteadyMethod::gmres);
  EXPECT_EQ(chosen(with_noise(4, 36, 1, 1, 1, 1)), SteadyMethod::propagator);
  EXPECT_EQ(chosen(with_noise(8, 18, 0.5, 0.1, 0.1, 0.1)), SteadyMethod::gmres);
  BatteryParameters weakly_damped = noisy_battery(Interaction::dicke, 10, 20);
  weakly_damped.g = 0.25;
  weakly_damped.kappa = 0.05;
  weakly_damped.gamma_down = 0.02;
  weakly_damped.gamma_phi = 0;
  EXPECT_EQ(chosen(weakly_damped), SteadyMethod::gmres);
}

}  // namespace
}  // namespace qbsweep
