// Steady states of random batteries that draw every parameter of the model, against the null vector
// of L on the full 2^N space. QBSWEEP_MODEL_BATTERIES says how many; the slow test model200 takes 200
// of up to four atoms.
//
// What would be caught: a term that a method leaves out, or a parity that a drive does not leave.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "full_space_charging.hpp"
#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/spectrum/steady_state.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

/// The null vector of L on the full space. With kappa and gamma_down there is only one.
struct FullSteadyState {
  explicit FullSteadyState(const BatteryParameters& battery)
      : space(battery.N, battery.fock_dim, {SpinBlock{battery.N}}) {
    const Eigen::Index dim = space.a().rows();
    testing::MatrixXcd L(dim * dim, dim * dim);
    for (Eigen::Index column = 0; column < dim * dim; ++column) {
      testing::MatrixXcd unit = testing::MatrixXcd::Zero(dim, dim);
      unit.reshaped()(column) = 1;
      testing::MatrixXcd image = testing::MatrixXcd::Zero(dim, dim);
      for (const TermName term : present_terms(battery)) {
        image += space.apply(term, battery, unit);
      }
      L.col(column) = image.reshaped();
    }
    if (battery.N == 1) {
      Eigen::VectorXd rates = -L.eigenvalues().real();
      std::sort(rates.begin(), rates.end());
      gap = rates(1);
    }
    // The rows of L add up to zero over the diagonal: the trace takes the place of one of them.
    L.row(0) = testing::MatrixXcd::Identity(dim, dim).reshaped().transpose();
    rho = L.partialPivLu().solve(Eigen::VectorXcd::Unit(dim * dim, 0)).reshaped(dim, dim);
  }
  testing::FullSpace space;
  testing::MatrixXcd rho;
  double gap = 0;  // of one atom, where the modes are all permutation-invariant
};

void expect_steady_state(const BatteryParameters& battery, SteadyMethod method) {
  const FullSteadyState full(battery);
  SteadyStateSettings settings;
  settings.method = method;
  settings.gap = true;
  const SteadyStateResult result = steady_state(MPI_COMM_SELF, battery, settings);
  const testing::MatrixXcd photons = full.space.a().adjoint() * full.space.a();
  EXPECT_EQ(result.multiplicity, 1);
  if (battery.N == 1) {
    EXPECT_NEAR(result.gap, full.gap, 1e-6);
  }
  EXPECT_NEAR(result.battery_energy, (full.space.H_B(battery.omega_0) * full.rho).trace().real(),
              1e-8);
  EXPECT_NEAR(result.photon_number, (photons * full.rho).trace().real(), 1e-8);
  EXPECT_NEAR(result.interaction_energy, (full.space.H_I(battery) * full.rho).trace().real(), 1e-8);
}

TEST(WholeModelSteadyState, IsThatOfTheFullSpace) {
  const char* const wanted = std::getenv("QBSWEEP_MODEL_BATTERIES");
  constexpr int few = 24;
  const int batteries = wanted != nullptr ? std::stoi(wanted) : few;
  testing::Random random(73);
  for (int set = 0; set < batteries; ++set) {
    BatteryParameters battery =
        testing::random_model(random, batteries > few ? 4 : 2, set % 2 == 0);
    battery.fock_dim = std::array{4, 3, 3, 2}[static_cast<std::size_t>(battery.N - 1)];
    battery.kappa = testing::uniform(random, 0.1, 0.5);
    battery.gamma_down = testing::uniform(random, 0.1, 0.5);
    SCOPED_TRACE(testing::describe(battery));
    expect_steady_state(battery, SteadyMethod::automatic);
    const bool parity = battery.drive == 0 && battery.atom_drive == 0 && battery.ising_x == 0;
    for (const SteadyMethod method : {SteadyMethod::propagator, SteadyMethod::gmres}) {
      if (parity) {
        expect_steady_state(battery, method);
      } else {
        SteadyStateSettings settings;
        settings.method = method;
        EXPECT_THROW((void)steady_state(MPI_COMM_SELF, battery, settings), EnvironmentError);
      }
    }
  }
}

}  // namespace
}  // namespace qbsweep
