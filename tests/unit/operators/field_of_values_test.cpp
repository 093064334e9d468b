// Bounds of the Liouvillian's values, against the values themselves.
//
// What would be caught: a bound that the Liouvillian passes (a series on the ellipse would grow),
// an ellipse that does not hold its region, energies that Lanczos has not found.
#include "qbsweep/operators/field_of_values.hpp"

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "dense_matrix.hpp"
#include "full_space.hpp"
#include "qbsweep/operators/ellipse_series.hpp"

namespace qbsweep {
namespace {

using Eigen::MatrixXcd;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double pi = std::numbers::pi;

/// Small, with noise from none to much stronger than everything else.
BatteryParameters random_small_battery(testing::Random& random) {
  BatteryParameters battery = testing::random_battery(random, 3);
  battery.fock_dim = battery.N == 3 ? 2 : testing::uniform_int(random, 2, 5 - battery.N);
  battery.g *= std::pow(10, testing::uniform(random, -1, 0.5));
  const double noise = std::pow(10, testing::uniform(random, -1, 1.5));
  battery.kappa *= noise;
  battery.gamma_down *= noise;
  battery.gamma_phi *= noise;
  return battery;
}

/// The Liouvillian on states whose blocks are divided by sqrt(d_j), so that the Euclidean norm is
/// the Frobenius norm on the 2^N space of the atoms, where a block stands for d_j equal copies. In
/// the norm of the stored numbers themselves, sums over the copies, local noise has other, larger
/// values.
MatrixXd liouvillian_of_copies(const StateBasis& basis, const BatteryParameters& battery) {
  VectorXd scale(basis.size());
  for (std::int64_t e = 0; e < basis.size(); ++e) {
    const SpinBlock block = basis.blocks()[basis.element(e).block];
    scale[e] = 1 / std::sqrt(block_degeneracy(basis.N(), block));
  }
  return scale.asDiagonal() * testing::dense_liouvillian(basis, battery) *
         scale.cwiseInverse().asDiagonal();
}

bool is_positive(const MatrixXcd& matrix) {
  return matrix.llt().info() == Eigen::Success;
}

TEST(FieldOfValues, HoldsThatOfTheLiouvillian) {
  testing::Random random(50);
  for (int set = 0; set < 80; ++set) {
    const BatteryParameters battery = random_small_battery(random);
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
    const MatrixXd L = liouvillian_of_copies(basis, battery);
    const FieldOfValues values = field_of_values(battery, battery.fock_dim, energy_range(battery));
    const MatrixXd symmetric = (L + L.transpose()) / 2;
    const MatrixXd antisymmetric = (L - L.transpose()) / 2;
    const double rounding = 1e-12 * L.norm();
    constexpr int angles = 64;
    for (int step = 0; step < angles; ++step) {
      const double angle = 2 * pi * step / angles;
      // support - (exp(-i angle) L + h.c.)/2, which has to be positive.
      MatrixXcd rest =
          -std::cos(angle) * symmetric + std::complex<double>(0, std::sin(angle)) * antisymmetric;
      rest.diagonal().array() += values.support(angle) + rounding;
      ASSERT_TRUE(is_positive(rest)) << "angle " << angle;
    }
  }
}

// Along the imaginary direction the bound is reached where nothing is lost.
TEST(FieldOfValues, IsTheSpreadOfTheEnergiesWithoutNoise) {
  testing::Random random(51);
  for (int set = 0; set < 20; ++set) {
    BatteryParameters battery = random_small_battery(random);
    battery.kappa = battery.gamma_down = battery.gamma_phi = 0;
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis(battery.N, battery.fock_dim, false);
    const MatrixXd L = testing::dense_liouvillian(basis, battery);  // antisymmetric
    const Eigen::SelfAdjointEigenSolver<MatrixXcd> solver(std::complex<double>(0, 1) * L,
                                                          Eigen::EigenvaluesOnly);
    const double fastest = solver.eigenvalues().maxCoeff();
    const FieldOfValues values = field_of_values(battery, battery.fock_dim, energy_range(battery));
    EXPECT_GE(values.support(pi / 2), fastest);
    EXPECT_LE(values.support(pi / 2), 1.01 * fastest);
    EXPECT_EQ(values.support(0), 0);
    EXPECT_NEAR(values.support(pi), 0, 1e-12);
    EXPECT_NEAR(values.expected_support(pi), 0, 1e-12);
  }
}

/// Of any size, with parts that are missing.
FieldOfValues random_values(testing::Random& random) {
  const auto part = [&] {
    return testing::uniform_int(random, 0, 2) == 0
               ? 0.0
               : std::pow(10, testing::uniform(random, -2, 2.5));
  };
  FieldOfValues values;
  values.energy_spread = part();
  const double step = part() / 10;
  values.ladder_step = step / 2;
  values.ladder_loss = step * testing::uniform_int(random, 1, 40);
  values.single_loss = part();
  values.single_step = values.single_loss / 2;
  values.dephasing = part();
  return values;
}

TEST(EnclosingEllipse, HoldsItsRegion) {
  testing::Random random(52);
  for (int set = 0; set < 200; ++set) {
    const FieldOfValues values = random_values(random);
    const double duration = std::pow(10, testing::uniform(random, -2, 2));
    const double tolerance = std::pow(10, testing::uniform(random, -13, -3));
    for (const bool expected : {false, true}) {
      SCOPED_TRACE(::testing::Message()
                   << "spread " << values.energy_spread << " step " << values.ladder_step
                   << " loss " << values.ladder_loss << " decay " << values.single_loss
                   << " dephasing " << values.dephasing << " duration " << duration << " expected "
                   << expected);
      const Ellipse ellipse = enclosing_ellipse(values, expected, duration, tolerance);
      // It was looked at under a few hundred angles.
      const double between = 1e-3 * (ellipse.real_axis + ellipse.imaginary_axis);
      constexpr int angles = 1000;
      for (int step = 0; step < angles; ++step) {
        const double angle = 2 * pi * (step + 0.5) / angles;
        const double reach =
            ellipse.center * std::cos(angle) + std::hypot(ellipse.real_axis * std::cos(angle),
                                                          ellipse.imaginary_axis * std::sin(angle));
        const double support = expected ? values.expected_support(angle) : values.support(angle);
        ASSERT_GE(reach + between, support) << "angle " << angle;
      }
    }
  }
}

// Not merely an ellipse that holds the region: one with few terms. The circle around the region is
// one to compare with.
TEST(EnclosingEllipse, NeedsNoMoreTermsThanACircle) {
  testing::Random random(53);
  for (int set = 0; set < 50; ++set) {
    const FieldOfValues values = random_values(random);
    const double left = -values.support(pi);
    const double right = values.support(0);
    const double radius = std::max({(right - left) / 2, values.support(pi / 2), 1e-6});
    const Ellipse circle = {(left + right) / 2, std::sqrt(2.0) * radius, std::sqrt(2.0) * radius};
    const auto terms = [](const Ellipse& ellipse) {
      return EllipseSeries(ellipse).terms(3.0, 1e-10);
    };
    EXPECT_LE(terms(enclosing_ellipse(values, false, 3.0, 1e-10)), terms(circle));
  }
}

/// The eigenvalues of `H` on the chosen states contain nothing beyond `range`, which is at most 1 %
/// wider.
void expect_range_of(const MatrixXcd& H, const EnergyRange& range) {
  const Eigen::SelfAdjointEigenSolver<MatrixXcd> solver(H, Eigen::EigenvaluesOnly);
  const double low = solver.eigenvalues().minCoeff();
  const double high = solver.eigenvalues().maxCoeff();
  const double rounding = 1e-12 * (1 + high - low);
  EXPECT_LE(range.low, low + rounding);
  EXPECT_GE(range.high, high - rounding);
  EXPECT_GE(range.low, low - 0.01 * (high - low) - rounding);
  EXPECT_LE(range.high, high + 0.01 * (high - low) + rounding);
}

MatrixXcd full_hamiltonian(const BatteryParameters& battery) {
  const testing::FullSpace space(battery.N, battery.fock_dim, {});
  return space.H_B(battery.omega_0) + battery.omega_c * space.a().adjoint() * space.a() +
         space.H_I(battery);
}

TEST(EnergyRange, HoldsTheEigenvaluesOfAllBlocks) {
  testing::Random random(54);
  for (int set = 0; set < 60; ++set) {
    BatteryParameters battery = testing::random_battery(random, 4);
    battery.fock_dim = testing::uniform_int(random, 2, 6);
    battery.g *= std::pow(10, testing::uniform(random, -2, 1));
    SCOPED_TRACE(testing::describe(battery));
    expect_range_of(full_hamiltonian(battery), energy_range(battery));
  }
}

// As many levels as Lanczos cannot go through one by one: the eigenvalues of the largest block.
TEST(EnergyRange, HoldsTheEigenvaluesOfManyLevels) {
  for (const Interaction interaction : {Interaction::dicke, Interaction::tavis_cummings}) {
    for (const double g : {0.01, 0.5, 3.0}) {
      BatteryParameters battery;
      battery.interaction = interaction;
      battery.N = 6;
      battery.fock_dim = 60;
      battery.g = g;
      SCOPED_TRACE(testing::describe(battery));
      const SpinBlock block = {battery.N};
      const Hamiltonian hamiltonian(battery);
      const int size = block.dim() * battery.fock_dim;
      MatrixXcd H = MatrixXcd::Zero(size, size);
      for (int i = 0; i < block.dim(); ++i) {
        for (int n = 0; n < battery.fock_dim; ++n) {
          const int row = i * battery.fock_dim + n;
          H(row, row) = hamiltonian.diagonal(block, i, n);
          hamiltonian.for_each_beside_diagonal(block, i, n, [&](int k, int l, double value) {
            H(row, k * battery.fock_dim + l) = value;
          });
        }
      }
      expect_range_of(H, energy_range(battery));
    }
  }
}

// Without coupling the range is known for any size, and most of Lanczos' eigenvalues are
// degenerate.
TEST(EnergyRange, IsThatOfTheLadderWithoutCoupling) {
  for (const int N : {1, 30, 100}) {
    BatteryParameters battery;
    battery.N = N;
    battery.fock_dim = 4 * N + 1;
    battery.g = 0;
    battery.omega_0 = 1.3;
    const EnergyRange range = energy_range(battery);
    const double high = 1.3 * N + 4.0 * N;
    EXPECT_LE(range.low, 0) << N;
    EXPECT_GE(range.low, -0.01 * high) << N;
    EXPECT_GE(range.high, high) << N;
    EXPECT_LE(range.high, 1.01 * high) << N;
  }
}

// The frame leaves H - omega_c N_ex, of which the states with at most `excitations` are kept.
TEST(RotatingEnergyRange, HoldsTheEigenvaluesUpToTheExcitations) {
  testing::Random random(55);
  for (int set = 0; set < 60; ++set) {
    BatteryParameters battery = testing::random_battery(random, 4);
    battery.interaction = Interaction::tavis_cummings;
    battery.g *= std::pow(10, testing::uniform(random, -2, 1));
    const int excitations = testing::uniform_int(random, 0, 6);
    battery.fock_dim = excitations + 1;
    SCOPED_TRACE(testing::describe(battery));
    const MatrixXcd H = full_hamiltonian(battery);
    std::vector<int> kept;
    std::vector<int> count;
    for (int state = 0; state < H.rows(); ++state) {
      const int excited = std::popcount(static_cast<unsigned>(state / battery.fock_dim));
      const int photons = state % battery.fock_dim;
      if (excited + photons <= excitations) {
        kept.push_back(state);
        count.push_back(excited + photons);
      }
    }
    MatrixXcd rotating = H(kept, kept);
    for (std::size_t s = 0; s < kept.size(); ++s) {
      rotating(static_cast<int>(s), static_cast<int>(s)) -= battery.omega_c * count[s];
    }
    expect_range_of(rotating, rotating_energy_range(battery, excitations));
  }
}

}  // namespace
}  // namespace qbsweep
