// The ground state of H against a dense eigensolver over all j, and against its own symmetries.
//
// What would be caught: a sign of J_- that is lost (energies of the wrong H), a shift inside the
// spectrum (another eigenvalue), a parity that is left out, a block j below N/2 that lies deeper,
// and a mixture of the superradiant pair.
#include "qbsweep/dynamics/ground_state.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>

#include "full_space.hpp"
#include "qbsweep/model/hamiltonian.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

/// H on block j, from its definition: energies and ladders written out.
Eigen::MatrixXd dense_hamiltonian(const BatteryParameters& battery, SpinBlock block) {
  const int fock_dim = battery.fock_dim;
  const Eigen::Index size = Eigen::Index{block.dim()} * fock_dim;
  const double j = block.j();
  Eigen::MatrixXd J_plus = Eigen::MatrixXd::Zero(size, size);
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(size, size);
  Eigen::MatrixXd H = Eigen::MatrixXd::Zero(size, size);
  for (int i = 0; i < block.dim(); ++i) {
    const double M = i - j;
    for (int n = 0; n < fock_dim; ++n) {
      const Eigen::Index state = Eigen::Index{i} * fock_dim + n;
      H(state, state) = battery.omega_0 * (M + battery.N / 2.0) + battery.omega_c * n;
      if (i + 1 < block.dim()) {
        J_plus(state + fock_dim, state) = std::sqrt(j * (j + 1) - M * (M + 1));
      }
      if (n > 0) {
        a(state - 1, state) = std::sqrt(n);
      }
    }
  }
  const double g_prime = battery.coupling_scaling == CouplingScaling::bare
                             ? battery.g
                             : battery.g / std::sqrt(battery.N);
  const Eigen::MatrixXd J_minus = J_plus.transpose();
  const Eigen::MatrixXd create = a.transpose();
  if (battery.interaction == Interaction::dicke) {
    return H + g_prime * (J_plus + J_minus) * (a + create);
  }
  return H + g_prime * (J_plus * a + J_minus * create);
}

TEST(GroundState, IsTheLowestOfADenseEigensolverOverAllJ) {
  testing::Random random(401);
  int superradiant = 0;
  for (int set = 0; set < 40; ++set) {
    BatteryParameters battery = testing::random_battery(random, 6);
    battery.fock_dim = testing::uniform_int(random, 2, 24);
    battery.g *= 2.5;
    superradiant += battery.g > critical_coupling(battery) ? 1 : 0;
    SCOPED_TRACE(testing::describe(battery));
    const GroundState ground = ground_state(MPI_COMM_SELF, battery);
    double lowest = HUGE_VAL;
    double lowest_below = HUGE_VAL;
    for (const SpinBlock block : spin_blocks(battery.N, true)) {
      const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> dense(dense_hamiltonian(battery, block));
      (block.two_j == battery.N ? lowest : lowest_below) =
          std::min(block.two_j == battery.N ? lowest : lowest_below, dense.eigenvalues()[0]);
    }
    EXPECT_LE(lowest, lowest_below + 1e-12);
    EXPECT_NEAR(ground.energy, lowest, 1e-10);
    EXPECT_EQ(ground.two_j, battery.N);

    const Eigen::MatrixXd H = dense_hamiltonian(battery, {battery.N});
    const Eigen::Map<const Eigen::VectorXd> psi(ground.amplitudes.data(), H.rows());
    EXPECT_NEAR(psi.norm(), 1, 1e-12);
    EXPECT_LT((H * psi - ground.energy * psi).norm(), 1e-9);
    for (Eigen::Index state = 0; state < psi.size(); ++state) {
      if ((state / battery.fock_dim + state % battery.fock_dim) % 2 != ground.parity) {
        EXPECT_EQ(psi[state], 0);
      }
    }
  }
  EXPECT_GT(superradiant, 10);
  EXPECT_LT(superradiant, 35);
}

BatteryParameters superradiant_battery() {
  BatteryParameters battery;
  battery.N = 8;
  battery.g = 2;  // 4 g_c
  battery.fock_dim = 120;
  return battery;
}

TEST(GroundState, IsEvenWhereTheSuperradiantPairIsDegenerate) {
  const GroundState ground = ground_state(MPI_COMM_SELF, superradiant_battery());
  EXPECT_EQ(ground.parity, 0);
  double photons = 0;
  for (std::size_t state = 0; state < ground.amplitudes.size(); ++state) {
    photons +=
        static_cast<double>(state % 120) * ground.amplitudes[state] * ground.amplitudes[state];
  }
  // Mean field: alpha^2 = (g^2 N / omega_c^2) (1 - (g_c/g)^4).
  EXPECT_NEAR(photons, 32 * (1 - 1.0 / 256), 1);
}

TEST(GroundState, OfTavisCummingsHasOneExcitationNumber) {
  BatteryParameters battery = superradiant_battery();
  battery.interaction = Interaction::tavis_cummings;
  battery.fock_dim = 40;
  const GroundState ground = ground_state(MPI_COMM_SELF, battery);
  int found = -1;
  for (int i = 0; i <= battery.N; ++i) {
    for (int n = 0; n < battery.fock_dim; ++n) {
      if (ground.amplitudes[static_cast<std::size_t>(i) * battery.fock_dim + n] != 0) {
        found = found < 0 ? i + n : found;
        EXPECT_EQ(i + n, found);
      }
    }
  }
  EXPECT_GT(found, 0);
  EXPECT_EQ(found % 2, ground.parity);
}

TEST(GroundState, BelowTheTransitionOfTavisCummingsIsTheVacuum) {
  BatteryParameters battery;
  battery.interaction = Interaction::tavis_cummings;
  battery.N = 4;
  battery.g = 0.9;
  battery.fock_dim = 17;
  const GroundState ground = ground_state(MPI_COMM_SELF, battery);
  EXPECT_NEAR(ground.energy, 0, 1e-14);
  EXPECT_NEAR(std::abs(ground.amplitudes[0]), 1, 1e-14);
}

}  // namespace
}  // namespace qbsweep
