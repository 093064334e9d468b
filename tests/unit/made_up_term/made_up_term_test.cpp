// A term of H and a dissipator that the model does not have, put into it by this program's own
// tables in place of the library's (the linker takes what it meets first), as a new entry would be:
// what loops over the tables carries them, against the full 2^N space; whatever does not carry them
// refuses them, or leaves them to what does. Nothing ignores them.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <map>
#include <string>

#include "charging_paths.hpp"
#include "full_space_charging.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "qbsweep/dynamics/ground_state.hpp"
#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/reductions.hpp"
#include "qbsweep/operators/assembled.hpp"
#include "qbsweep/operators/charging_operators.hpp"
#include "qbsweep/operators/no_jump_inverse.hpp"
#include "qbsweep/operators/parity_half.hpp"
#include "qbsweep/operators/parity_sector.hpp"
#include "qbsweep/operators/tavis_cummings_sector.hpp"
#include "qbsweep/spectrum/steady_state.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

const Terms made_up = {"dispersive shift", "cavity dephasing"};

// Their coefficients, which a real term would have in BatteryParameters.
double chi = 0.0;
double kappa_phi = 0.0;

using Battery = const BatteryParameters&;

constexpr std::array terms = {
    HamiltonianTerm{"free evolution", "omega_0 (J_z + N/2)", [](Battery b) { return b.omega_0; },
                    SpinFactor::excited_atoms, CavityFactor::one, false, EnergyOf::battery},
    HamiltonianTerm{"free evolution", "omega_c a^dag a", [](Battery b) { return b.omega_c; },
                    SpinFactor::one, CavityFactor::photons, false, EnergyOf::photons},
    HamiltonianTerm{"coupling", "g' (J_+ a + J_- a^dag)",
                    [](Battery b) { return effective_coupling(b); }, SpinFactor::raising,
                    CavityFactor::annihilation, true, EnergyOf::interaction},
    HamiltonianTerm{"coupling", "g' r (J_+ a^dag + J_- a)",
                    [](Battery b) { return effective_coupling(b) * counter_rotating(b); },
                    SpinFactor::raising, CavityFactor::creation, true, EnergyOf::interaction},
    HamiltonianTerm{"dispersive shift", "chi (J_z + N/2) a^dag a", [](Battery) { return chi; },
                    SpinFactor::excited_atoms, CavityFactor::photons, false, EnergyOf::other}};

constexpr std::array dissipators = {
    Dissipator{"cavity loss", "kappa D[a]", [](Battery b) { return b.kappa; }, Jump::annihilation},
    Dissipator{"atomic decay", "gamma_down sum_i D[sigma_-^i]",
               [](Battery b) { return b.gamma_down; }, Jump::single_lowering},
    Dissipator{"cavity dephasing", "kappa_phi D[a^dag a]", [](Battery) { return kappa_phi; },
               Jump::photon_number}};

}  // namespace

std::span<const HamiltonianTerm> hamiltonian_table() {
  return terms;
}

std::span<const Dissipator> dissipator_table() {
  return dissipators;
}

namespace {

using testing::MatrixXcd;

BatteryParameters noisy_battery(Interaction interaction) {
  BatteryParameters battery;
  battery.interaction = interaction;
  battery.N = 2;
  battery.g = 0.4;
  battery.kappa = 0.1;
  battery.gamma_down = 0.1;
  battery.m = 0.7;
  battery.fock_dim = 5;
  return battery;
}

/// With the two terms on or off.
class MadeUpTerm : public ::testing::TestWithParam<Interaction> {
 protected:
  static void set(double of_H, double of_noise) {
    chi = of_H;
    kappa_phi = of_noise;
  }
  ~MadeUpTerm() override { set(0, 0); }

  /// What they make of rho.
  static MatrixXcd more(const testing::FullSpace& space, const MatrixXcd& rho) {
    const MatrixXcd photons = space.a().adjoint() * space.a();
    const MatrixXcd shift = chi * space.H_B(1.0) * photons;
    return testing::Complex(0, -1) * (shift * rho - rho * shift) +
           kappa_phi * testing::FullSpace::dissipator(photons, rho);
  }

  static void expect_full_space(const BatteryParameters& battery,
                                const testing::ChargingPath& path) {
    SCOPED_TRACE(path.name);
    constexpr double t_max = 2.0;
    const ChargingResult result =
        charging_run(MPI_COMM_SELF, battery, testing::settings_on(path, t_max, 2, 1e-9));
    testing::FullSpaceCharging full(battery, battery.fock_dim);
    const double before = full.battery_energy();
    full.evolve(
        t_max, [&](const MatrixXcd& rho) { return more(full.space(), rho); }, made_up);
    EXPECT_GT(std::abs(full.battery_energy() - before), 0.01);
    EXPECT_NEAR(result.trajectory.of("battery_energy")[1], full.battery_energy(), 1e-8);
    EXPECT_NEAR(result.trajectory.ergotropy[0][1], full.ergotropy(), 1e-8);
    EXPECT_NEAR(result.trajectory.of("photon_number")[1], full.photons(), 1e-8);
    const MatrixXcd photons = full.space().a().adjoint() * full.space().a();
    const double shift = (chi * full.space().H_B(1.0) * photons * full.state()).trace().real();
    EXPECT_NEAR(result.trajectory.of("total_energy")[1],
                battery.omega_c * full.photons() + full.battery_energy() +
                    full.interaction_energy() + shift,
                1e-8);
  }
};

TEST_P(MadeUpTerm, OfHIsCarriedByTheMatrixAndByTheStateVector) {
  set(0.3, 0);
  BatteryParameters battery = noisy_battery(GetParam());
  for (const auto& path : {testing::fast_path, testing::plain_path, testing::assembled_series}) {
    expect_full_space(battery, path);
  }
  battery.kappa = battery.gamma_down = 0;
  ASSERT_TRUE(exact_reductions(battery).has(Reduction::state_vector));
  expect_full_space(battery, testing::fast_path);
}

TEST_P(MadeUpTerm, OfNoiseIsCarriedByTheMatrix) {
  for (const double of_H : {0.0, 0.3}) {
    set(of_H, 0.2);
    expect_full_space(noisy_battery(GetParam()), testing::fast_path);
    expect_full_space(noisy_battery(GetParam()), testing::assembled_series);
  }
  BatteryParameters battery = noisy_battery(GetParam());
  battery.kappa = battery.gamma_down = 0;
  EXPECT_FALSE(exact_reductions(battery).has(Reduction::state_vector));
  expect_full_space(battery, testing::fast_path);
}

TEST_P(MadeUpTerm, IsInTheSteadyStateOrTheMethodRefusesIt) {
  BatteryParameters battery = noisy_battery(GetParam());
  battery.gamma_down = 0.3;
  battery.fock_dim = 6;
  set(0, 0);
  const double without = steady_state(MPI_COMM_SELF, battery, {}).photon_number;
  set(0.3, 0.2);
  SteadyStateSettings settings;
  settings.method = SteadyMethod::shift_invert;
  const double found = steady_state(MPI_COMM_SELF, battery, settings).photon_number;
  testing::FullSpaceCharging full(battery, battery.fock_dim);
  full.evolve(
      150, [&](const MatrixXcd& rho) { return more(full.space(), rho); }, made_up);
  EXPECT_NEAR(found, full.photons(), 1e-7);
  EXPECT_EQ(std::abs(found - without) > 1e-6, GetParam() == Interaction::dicke);
  for (const SteadyMethod method : {SteadyMethod::gmres, SteadyMethod::propagator}) {
    settings.method = method;
    EXPECT_THROW((void)steady_state(MPI_COMM_SELF, battery, settings), EnvironmentError);
  }
}

TEST_P(MadeUpTerm, IsRefusedByTheKernelsThatDoNotCarryIt) {
  std::map<std::string, std::function<void(const BatteryParameters&)>> all;
  all["parity sector"] = [](const auto& b) { ParitySector(b, Parity::even); };
  all["excitation sector"] = [](const auto& b) { TavisCummingsSector(b, 0, 2, false); };
  all["no-jump inverse"] = [](const auto& b) {
    const ParityHalf even(b, Parity::even);
    NoJumpInverse(b, even);
  };
  all["matrix-free operators"] = [](const auto& b) { (void)matrix_free_operators(b); };
  all["ground state"] = [](const auto& b) { (void)ground_state(MPI_COMM_SELF, b); };
  for (const auto& [of_H, of_noise] : {std::pair(0.3, 0.0), std::pair(0.0, 0.2)}) {
    set(of_H, of_noise);
    for (const auto& [name, compute] : all) {
      EXPECT_THROW(compute(noisy_battery(GetParam())), EnvironmentError) << name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Both, MadeUpTerm,
                         ::testing::Values(Interaction::dicke, Interaction::tavis_cummings));

}  // namespace
}  // namespace qbsweep
