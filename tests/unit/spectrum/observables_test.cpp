// The observables of a sweep, sampled, at tau and of steady states, against their definitions on
// the full 2^N space, on every path.
//
// What would be caught: copies of a block that are forgotten or counted twice, a function of X and
// Y taken for one of X alone, a photon distribution that a kernel, a state vector or a cut of
// levels leaves out.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <complex>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

/// N min Var(J_perp)/|<J>|^2, by a look at every direction across <J>.
double squeezing(const MatrixXcd& rho, const testing::FullSpace& space, int N) {
  const MatrixXcd minus = space.J_minus();
  const MatrixXcd jz = space.H_B(1.0) - N / 2.0 * MatrixXcd::Identity(minus.rows(), minus.cols());
  const std::array<MatrixXcd, 3> J = {(minus + minus.adjoint()) / 2,
                                      (minus - minus.adjoint()) / 2 * std::complex(0.0, 1.0), jz};
  Eigen::Vector3d spin;
  for (int axis = 0; axis < 3; ++axis) {
    spin(axis) = mean(J[static_cast<std::size_t>(axis)], rho);
  }
  const Eigen::Vector3d first = spin.cross(Eigen::Vector3d(0.36, 0.48, 0.8)).normalized();
  const Eigen::Vector3d second = spin.normalized().cross(first);
  const auto variance = [&](double angle) {
    const Eigen::Vector3d n = std::cos(angle) * first + std::sin(angle) * second;
    const MatrixXcd across = n(0) * J[0] + n(1) * J[1] + n(2) * J[2];
    return mean(across * across, rho);
  };
  double best = 0;
  for (double width = M_PI, center = 0; width > 1e-6; width /= 10) {
    double found = center;
    for (int look = -20; look <= 20; ++look) {
      const double angle = center + width * look / 20;
      found = variance(angle) < variance(found) ? angle : found;
    }
    center = found;
    best = variance(center);
  }
  return N * best / spin.squaredNorm();
}

/// The state in the laboratory, of one in the frame in which drives stand still.
MatrixXcd in_laboratory(const testing::FullSpaceCharging& full, const BatteryParameters& battery,
                        double t) {
  const testing::FullSpace& space = full.space();
  const MatrixXcd excitations = space.H_B(1.0) + space.a().adjoint() * space.a();
  const Eigen::VectorXcd phases =
      (std::complex(0.0, -frame_frequency(battery) * t) * excitations.diagonal()).array().exp();
  return phases.asDiagonal() * full.state() * phases.conjugate().asDiagonal();
}

/// Every observable that is a number, of the state at t, by its definition.
std::map<std::string_view, double> by_definition(const testing::FullSpaceCharging& full,
                                                 const BatteryParameters& battery, double t) {
  const MatrixXcd rho = in_laboratory(full, battery, t);
  const testing::FullSpace& space = full.space();
  const MatrixXcd minus = space.J_minus();
  const MatrixXcd a = space.a();
  const std::complex<double> i(0, 1);
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
          {"g2", pairs / std::pow(mean(photons, rho), 2)},
          {"jx", mean((minus + minus.adjoint()) / 2, rho)},
          {"jy", mean((minus.adjoint() - minus) / 2 / i, rho)},
          {"spin_squeezing", squeezing(rho, space, battery.N)},
          {"cavity_x", mean((a + a.adjoint()) / std::sqrt(2), rho)},
          {"cavity_p", mean((a - a.adjoint()) / std::sqrt(2) / i, rho)}};
}

/// Those that are more than one.
std::map<std::string_view, std::vector<double>> lists_by_definition(
    const testing::FullSpaceCharging& full, const BatteryParameters& battery, double t) {
  const MatrixXcd rho = in_laboratory(full, battery, t);
  std::vector<double> levels(static_cast<std::size_t>(battery.fock_dim), 0.0);
  for (Eigen::Index state = 0; state < rho.rows(); ++state) {
    levels[static_cast<std::size_t>(state % battery.fock_dim)] += rho(state, state).real();
  }
  const std::vector<SpinBlock> blocks = spin_blocks(battery.N, true);
  const testing::FullSpace spins(battery.N, 1, blocks);
  const MatrixXcd rho_B = full.space().battery_part(rho);
  std::vector<double> elements;
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    MatrixXcd block = MatrixXcd::Zero(blocks[b].dim(), blocks[b].dim());
    for (const MatrixXcd& copy : spins.copies(b)) {
      block += copy.adjoint() * rho_B * copy;
    }
    for (Eigen::Index row = 0; row < block.rows(); ++row) {
      for (Eigen::Index column = 0; column < block.cols(); ++column) {
        elements.push_back(block(row, column).real());
        elements.push_back(block(row, column).imag());
      }
    }
  }
  return {{"photon_distribution", levels}, {"battery_state", elements}};
}

/// Whether an observable of a state is a large number by a small one.
bool is_undefined(std::string_view name, const testing::FullSpaceCharging& full,
                  const BatteryParameters& battery) {
  const double spin = std::hypot(mean(full.space().H_B(1.0), full.state()) - battery.N / 2.0,
                                 std::abs((full.space().J_minus() * full.state()).trace()));
  return (name == "g2" && full.photons() < 1e-3) || (name == "spin_squeezing" && spin < 1e-2);
}

std::vector<const Observable*> all_observables() {
  std::vector<const Observable*> all;
  for (const Observable& observable : observable_table()) {
    all.push_back(&observable);
  }
  return all;
}

/// But for those that are no function of a state.
std::vector<const Observable*> asked_for() {
  std::vector<const Observable*> all = all_observables();
  std::erase_if(all, [](const Observable* observable) {
    return observable->always || observable->since_begin;
  });
  return all;
}

ObservableSizes sizes_of(const BatteryParameters& battery) {
  return {battery.fock_dim, battery_state_size(battery.N)};
}

void expect_list(std::span<const double> found, const std::vector<double>& expected,
                 double accepted, std::string_view name) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t e = 0; e < expected.size(); ++e) {
    EXPECT_NEAR(found[e], expected[e], accepted) << name << " " << e;
  }
}

/// Entropies have infinite slopes at pure states, where rounding of 1e-16 shows as 1e-14.
/// A squeezing is divided by a small spin squared, and its error with it.
constexpr double tolerance = 1e-9;

void expect_definitions(const BatteryParameters& battery, const testing::ChargingPath& path,
                        double t_max) {
  SCOPED_TRACE(testing::describe(battery) + " " + path.name);
  ChargingSettings settings = testing::settings_on(path, t_max, 3, 1e-10);
  settings.observables = asked_for();
  settings.sizes = sizes_of(battery);
  const ChargingResult result = charging_run(MPI_COMM_SELF, battery, settings);
  testing::FullSpaceCharging full(battery, battery.fock_dim);
  for (std::size_t s = 0; s < 3; ++s) {
    if (s > 0) {
      full.evolve(t_max / 2);
    }
    const double t = t_max * static_cast<double>(s) / 2;
    for (const auto& [name, value] : by_definition(full, battery, t)) {
      if (!is_undefined(name, full, battery)) {
        EXPECT_NEAR(result.trajectory.of(name)[s], value,
                    tolerance * std::max(1.0, std::abs(value)))
            << name << " " << s;
      }
    }
    for (const auto& [name, values] : lists_by_definition(full, battery, t)) {
      const std::span<const double> samples = result.trajectory.of(name);
      expect_list(samples.subspan(s * values.size(), values.size()), values, 1e-9, name);
    }
  }
  // At tau of the global ergotropy.
  testing::FullSpaceCharging at_tau(battery, battery.fock_dim);
  at_tau.evolve(result.figures.tau[0]);
  const auto expected = by_definition(at_tau, battery, result.figures.tau[0]);
  const auto lists = lists_by_definition(at_tau, battery, result.figures.tau[0]);
  std::span<const double> rest = result.figures.observables_at_tau[0];
  for (const Observable* const observable : asked_for()) {
    const auto size = static_cast<std::size_t>(observable->size(settings.sizes));
    ASSERT_GE(rest.size(), size);
    if (observable->extent != ObservableExtent::number) {
      expect_list(rest.first(size), lists.at(observable->name), 1e-5, observable->name);
    } else if (!is_undefined(observable->name, at_tau, battery)) {
      EXPECT_NEAR(rest[0], expected.at(observable->name), 1e-5 * (battery.N + battery.fock_dim))
          << observable->name;
    }
    rest = rest.subspan(size);
  }
  EXPECT_TRUE(rest.empty());
}

TEST(Observables, AreThoseOfTheFullSpaceOnEveryPath) {
  testing::Random random(81);
  for (int set = 0; set < 19; ++set) {
    BatteryParameters battery = testing::random_model(random, set < 15 ? 2 : 3, set % 3 == 0);
    if (set == 18) {
      battery.N = 4;
      battery.gamma_phi = 0.1;
    }
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
    settings.observables = {find_observable("photon_variance"), find_observable("cavity_x"),
                            find_observable("cavity_p"), find_observable("photon_distribution")};
    settings.sizes.photons = 30;
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
      EXPECT_NEAR(found.trajectory.of("cavity_x")[s], whole.trajectory.of("cavity_x")[s], 1e-6);
      EXPECT_NEAR(found.trajectory.of("cavity_p")[s], whole.trajectory.of("cavity_p")[s], 1e-6);
    }
    expect_list(found.trajectory.of("photon_distribution"),
                whole.trajectory.of("photon_distribution"), 1e-7, "photon_distribution");
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
  settings.sizes = sizes_of(battery);
  testing::FullSpaceCharging full(battery, battery.fock_dim);
  full.evolve(150);
  const auto expected = by_definition(full, battery, 0.0);
  const auto lists = lists_by_definition(full, battery, 0.0);
  for (const SteadyMethod method :
       {SteadyMethod::shift_invert, SteadyMethod::propagator, SteadyMethod::gmres}) {
    settings.method = method;
    const SteadyStateResult found = steady_state(MPI_COMM_SELF, battery, settings);
    std::span<const double> rest = found.observables;
    for (const Observable* const observable : settings.observables) {
      const auto size = static_cast<std::size_t>(observable->size(settings.sizes));
      ASSERT_GE(rest.size(), size);
      if (observable->extent == ObservableExtent::number) {
        EXPECT_NEAR(rest[0], expected.at(observable->name), 1e-7) << observable->name;
      } else {
        expect_list(rest.first(size), lists.at(observable->name), 1e-7, observable->name);
      }
      rest = rest.subspan(size);
    }
    EXPECT_TRUE(rest.empty());
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
