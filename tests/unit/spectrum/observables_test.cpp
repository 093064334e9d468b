// The observables of a sweep, sampled, at tau and of steady states, against their definitions on
// the full 2^N space, on every path.
//
// What would be caught: copies of a block that are forgotten or counted twice, a function of X and
// Y taken for one of X alone, a photon distribution that a kernel, a state vector or a cut of
// levels leaves out.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <string>

#include "charging_paths.hpp"
#include "full_space_charging.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "qbsweep/model/observable.hpp"
#include "qbsweep/spectrum/steady_state.hpp"

namespace qbsweep {
namespace {

using testing::MatrixXcd;

double mean(const MatrixXcd& A, const MatrixXcd& rho) {
  return (A * rho).trace().real();
}

double von_neumann(const MatrixXcd& rho) {
  double sum = 0;
  const Eigen::VectorXd populations = Eigen::SelfAdjointEigenSolver<MatrixXcd>(rho).eigenvalues();
  for (const double p : populations) {
    sum += p > 0 ? -p * std::log(p) : 0.0;
  }
  return sum;
}

/// Without the elements between states of different energy.
MatrixXcd dephased(MatrixXcd rho) {
  for (unsigned row = 0; row < rho.rows(); ++row) {
    for (unsigned column = 0; column < rho.cols(); ++column) {
      if (std::popcount(row) != std::popcount(column)) {
        rho(row, column) = 0;
      }
    }
  }
  return rho;
}

/// Energy less that of the sorted populations, of 2^N levels.
double extractable(const MatrixXcd& rho, double omega_0) {
  const Eigen::VectorXd populations =
      Eigen::SelfAdjointEigenSolver<MatrixXcd>(rho).eigenvalues().reverse();
  std::vector<int> excited;
  double energy = 0;
  for (unsigned s = 0; s < rho.rows(); ++s) {
    excited.push_back(std::popcount(s));
    energy += omega_0 * excited.back() * rho(s, s).real();
  }
  std::sort(excited.begin(), excited.end());
  for (Eigen::Index s = 0; s < rho.rows(); ++s) {
    energy -= omega_0 * excited[static_cast<std::size_t>(s)] * populations(s);
  }
  return energy;
}

/// The state of the first atom, down first.
MatrixXcd first_atom(const MatrixXcd& rho_B) {
  MatrixXcd atom = MatrixXcd::Zero(2, 2);
  const Eigen::Index rest = rho_B.rows() / 2;
  for (Eigen::Index row = 0; row < 2; ++row) {
    for (Eigen::Index column = 0; column < 2; ++column) {
      atom(row, column) = rho_B.block(row * rest, column * rest, rest, rest).trace();
    }
  }
  return atom;
}

/// Every observable of the state by its definition.
std::map<std::string_view, double> by_definition(const testing::FullSpaceCharging& full,
                                                 const BatteryParameters& battery) {
  const MatrixXcd& rho = full.state();
  const testing::FullSpace& space = full.space();
  const MatrixXcd rho_B = space.battery_part(rho);
  const MatrixXcd H_B = space.H_B(battery.omega_0);
  const MatrixXcd photons = space.a().adjoint() * space.a();
  const double pairs = mean(space.a().adjoint() * photons * space.a(), rho);
  return {{"battery_energy_variance", mean(H_B * H_B, rho) - std::pow(mean(H_B, rho), 2)},
          {"jz", mean(space.H_B(1.0), rho) - battery.N / 2.0},
          {"single_atom_ergotropy", extractable(first_atom(rho_B), battery.omega_0)},
          {"ergotropy_incoherent", extractable(dephased(rho_B), battery.omega_0)},
          {"battery_entropy", von_neumann(rho_B)},
          {"battery_purity", mean(rho_B, rho_B)},
          {"battery_coherence", von_neumann(dephased(rho_B)) - von_neumann(rho_B)},
          {"photon_variance", mean(photons * photons, rho) - std::pow(mean(photons, rho), 2)},
          {"g2", pairs / std::pow(mean(photons, rho), 2)}};
}

std::vector<const Observable*> all_observables() {
  std::vector<const Observable*> all;
  for (const Observable& observable : observable_table()) {
    all.push_back(&observable);
  }
  return all;
}

std::vector<const Observable*> asked_for() {
  std::vector<const Observable*> all = all_observables();
  std::erase_if(all, [](const Observable* observable) { return observable->always; });
  return all;
}

/// Entropies have infinite slopes at pure states, where rounding of 1e-16 shows as 1e-14.
constexpr double tolerance = 1e-7;

void expect_definitions(const BatteryParameters& battery, const testing::ChargingPath& path,
                        double t_max) {
  SCOPED_TRACE(testing::describe(battery) + " " + path.name);
  ChargingSettings settings = testing::settings_on(path, t_max, 3, 1e-10);
  settings.observables = all_observables();
  const ChargingResult result = charging_run(MPI_COMM_SELF, battery, settings);
  testing::FullSpaceCharging full(battery, battery.fock_dim);
  for (std::size_t s = 0; s < 3; ++s) {
    if (s > 0) {
      full.evolve(t_max / 2);
    }
    const double scale = 1 + std::pow(battery.N + battery.fock_dim, 2);
    for (const auto& [name, value] : by_definition(full, battery)) {
      if (name == "g2" && full.photons() < 1e-3) {
        continue;
      }
      EXPECT_NEAR(result.trajectory.of(name)[s], value, tolerance * scale) << name << " " << s;
    }
  }
  // At tau of the global ergotropy.
  testing::FullSpaceCharging at_tau(battery, battery.fock_dim);
  at_tau.evolve(result.figures.tau[0]);
  const auto expected = by_definition(at_tau, battery);
  const auto names = asked_for();
  ASSERT_EQ(result.figures.observables_at_tau[0].size(), names.size());
  for (std::size_t o = 0; o < names.size(); ++o) {
    if (names[o]->name != "g2" || at_tau.photons() > 1e-3) {
      EXPECT_NEAR(result.figures.observables_at_tau[0][o], expected.at(names[o]->name),
                  1e-5 * (battery.N + battery.fock_dim))
          << names[o]->name;
    }
  }
}

TEST(Observables, AreThoseOfTheFullSpaceOnEveryPath) {
  testing::Random random(81);
  for (int set = 0; set < 18; ++set) {
    BatteryParameters battery = testing::random_model(random, set < 15 ? 2 : 3, set % 3 == 0);
    battery.fock_dim = 4;
    battery.battery_state =
        excitations_are_bounded(battery) ? BatteryState::ground : battery.battery_state;
    battery.m = battery.charger == Charger::fock ? 2 : testing::uniform(random, 0, 1.2);
    expect_definitions(battery, testing::fast_path, 1.5);
    if (set % 3 == 1 || set % 3 == 0) {
      expect_definitions(battery, testing::assembled_series, 1.5);
    }
    if (set % 5 == 0) {
      expect_definitions(battery, testing::plain_path, 1.5);
    }
  }
}

TEST(Observables, OfAStateVectorAreThoseOfTheFullSpace) {
  BatteryParameters battery;
  battery.N = 3;
  battery.g = 0.7;
  battery.m = 1.3;
  battery.fock_dim = 7;
  expect_definitions(battery, testing::fast_path, 3);
  battery.interaction = Interaction::tavis_cummings;
  expect_definitions(battery, testing::fast_path, 3);
}

// Loss takes the photons out, and levels go with them.
TEST(Observables, CountEveryPhotonWhileLevelsAreCutAndAdded) {
  for (const Interaction interaction : {Interaction::dicke, Interaction::tavis_cummings}) {
    BatteryParameters battery;
    battery.interaction = interaction;
    battery.N = 2;
    battery.g = 0.3;
    battery.kappa = 0.4;
    battery.gamma_phi = 0.05;
    battery.m = 6;
    ChargingSettings settings = {.t_max = 40, .samples = 41, .tolerance = 1e-8};
    settings.observables = all_observables();
    settings.auto_fock_dim = true;
    const ChargingResult found = charging_run(MPI_COMM_SELF, battery, settings);
    EXPECT_LT(found.diagnostics.fewest_levels, found.diagnostics.fock_dim);
    battery.fock_dim = found.diagnostics.fock_dim + 10;
    settings.auto_fock_dim = false;
    settings.liouvillian = LiouvillianKind::assembled;
    const ChargingResult whole = charging_run(MPI_COMM_SELF, battery, settings);
    for (std::size_t s = 0; s < 41; ++s) {
      EXPECT_NEAR(found.trajectory.of("photon_variance")[s],
                  whole.trajectory.of("photon_variance")[s], 1e-6)
          << s;
    }
  }
}

TEST(Observables, OfASteadyStateAreThoseOfTheFullSpace) {
  BatteryParameters battery;
  battery.N = 2;
  battery.g = 0.4;
  battery.kappa = 0.3;
  battery.gamma_down = 0.2;
  battery.n_th = 0.4;
  battery.fock_dim = 6;
  SteadyStateSettings settings;
  settings.observables = asked_for();
  testing::FullSpaceCharging full(battery, battery.fock_dim);
  full.evolve(150);
  const auto expected = by_definition(full, battery);
  for (const SteadyMethod method :
       {SteadyMethod::shift_invert, SteadyMethod::propagator, SteadyMethod::gmres}) {
    settings.method = method;
    const SteadyStateResult found = steady_state(MPI_COMM_SELF, battery, settings);
    ASSERT_EQ(found.observables.size(), settings.observables.size());
    for (std::size_t o = 0; o < found.observables.size(); ++o) {
      EXPECT_NEAR(found.observables[o], expected.at(settings.observables[o]->name), 1e-7)
          << settings.observables[o]->name;
    }
  }
}

TEST(Observables, HaveNamesOfTheirOwnAndStandAlwaysFirst) {
  std::map<std::string_view, int> names;
  bool optional = false;
  for (const Observable& observable : observable_table()) {
    EXPECT_EQ(++names[observable.name], 1);
    EXPECT_FALSE(observable.symbol.empty() || observable.note.empty());
    optional = optional || !observable.always;
    EXPECT_FALSE(optional && observable.always);
  }
}

}  // namespace
}  // namespace qbsweep
