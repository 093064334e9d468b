// Steady states of random batteries that draw every parameter of the model, against the null vector
// of L on the full 2^N space.
//
// What would be caught: a term that a method leaves out, or a parity that a drive does not leave.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "full_space_charging.hpp"
#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/spectrum/steady_state.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

/// ||L rho|| of the state's permutation-invariant matrix is not at hand, so the full state is: the
/// null vector of L, by the least singular value.
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
    const Eigen::VectorXcd values = L.eigenvalues();
    std::vector<double> real(values.size());
    std::transform(values.begin(), values.end(), real.begin(),
                   [](const testing::Complex& value) { return -value.real(); });
    std::sort(real.begin(), real.end());
    gap = real[1];
    const Eigen::JacobiSVD<testing::MatrixXcd> svd(L, Eigen::ComputeFullV);
    unique = svd.singularValues()(dim * dim - 2) > 1e-4;
    rho = svd.matrixV().col(dim * dim - 1).reshaped(dim, dim);
    rho /= rho.trace();
  }
  testing::FullSpace space;
  testing::MatrixXcd rho;
  bool unique = false;
  double gap = 0;  // of one atom, that of all operators
};

void expect_steady_state(const BatteryParameters& battery, SteadyMethod method) {
  const FullSteadyState full(battery);
  if (!full.unique) {
    return;
  }
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
  testing::Random random(73);
  for (int set = 0; set < 24; ++set) {
    BatteryParameters battery = testing::random_model(random, 2, set % 2 == 0);
    battery.fock_dim = battery.N == 1 ? 4 : 3;
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
