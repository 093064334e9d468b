#include "battery_functions.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/Geometry>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "block_spectrum.hpp"
#include "qbsweep/model/ergotropy.hpp"

namespace qbsweep {
namespace {

/// Calls visit(block, i, population).
template <typename Visit>
void for_each_population(const BatteryBlocks& state, Visit&& visit) {
  for_each_block(state, [&](SpinBlock block, const double* elements) {
    for (int i = 0; i < block.dim(); ++i) {
      visit(block, i, elements[static_cast<std::ptrdiff_t>(i) * (block.dim() + 1)]);
    }
  });
}

/// What an eigenvalue of rho_j adds to the entropy: -lambda ln(lambda/d_j). Rounding leaves some
/// below 0.
double entropy_of(double eigenvalue, double copies) {
  return eigenvalue > 0 ? -eigenvalue * std::log(eigenvalue / copies) : 0.0;
}

}  // namespace

double mean_excitations(const BatteryBlocks& state) {
  double sum = 0.0;
  for_each_population(state, [&](SpinBlock block, int i, double population) {
    sum += excited_atoms(state.N, block, i) * population;
  });
  return sum;
}

double mean_square_excitations(const BatteryBlocks& state) {
  double sum = 0.0;
  for_each_population(state, [&](SpinBlock block, int i, double population) {
    const double excited = excited_atoms(state.N, block, i);
    sum += excited * excited * population;
  });
  return sum;
}

std::complex<double> density_element(SpinBlock block, const double* elements, int i, int k) {
  const auto at = [&](int row, int column) {
    return elements[static_cast<std::ptrdiff_t>(row) * block.dim() + column];
  };
  // X and Y of a pair of adjoints are half the sum and half the difference; |j, i> was turned by
  // the i-th power of the imaginary unit.
  const std::complex<double> turned = {(at(i, k) + at(k, i)) / 2, (at(i, k) - at(k, i)) / 2};
  constexpr std::array<std::complex<double>, 4> back = {{{1, 0}, {0, -1}, {-1, 0}, {0, 1}}};
  return turned * back[static_cast<std::size_t>((i - k) & 3)];
}

std::complex<double> mean_lowering(const BatteryBlocks& state) {
  std::complex<double> sum = 0.0;
  for_each_block(state, [&](SpinBlock block, const double* elements) {
    for (int i = 0; i + 1 < block.dim(); ++i) {
      sum += raising_element(block, i) * density_element(block, elements, i + 1, i);
    }
  });
  return sum;
}

double spin_squeezing(const BatteryBlocks& state) {
  // <J_-^2>, <J_+ J_- + J_- J_+>/2 = <J^2 - J_z^2> and <J_z J_- + J_- J_z>/2 give all second moments.
  std::complex<double> twice = 0.0;
  std::complex<double> across_and_along = 0.0;
  double across = 0.0;
  double along = 0.0;
  Eigen::Vector3d mean = Eigen::Vector3d::Zero();
  for_each_block(state, [&](SpinBlock block, const double* elements) {
    for (int i = 0; i < block.dim(); ++i) {
      const double M = block.M(i);
      const double population = density_element(block, elements, i, i).real();
      mean.z() += M * population;
      along += M * M * population;
      across += (block.j() * (block.j() + 1) - M * M) * population;
      if (i + 1 < block.dim()) {
        const auto lowering =
            raising_element(block, i) * density_element(block, elements, i + 1, i);
        mean.x() += lowering.real();
        mean.y() -= lowering.imag();
        across_and_along += (M + 0.5) * lowering;
      }
      if (i + 2 < block.dim()) {
        twice += raising_element(block, i) * raising_element(block, i + 1) *
                 density_element(block, elements, i + 2, i);
      }
    }
  });
  // J_- = J_x - i J_y.
  Eigen::Matrix3d moments;
  moments << (across + twice.real()) / 2, -twice.imag() / 2, across_and_along.real(),
      -twice.imag() / 2, (across - twice.real()) / 2, -across_and_along.imag(),
      across_and_along.real(), -across_and_along.imag(), along;
  const double length = mean.norm();
  if (length <= 1e-8 * state.N / 2) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const Eigen::Vector3d direction = mean / length;
  const Eigen::Vector3d first = direction.unitOrthogonal();
  Eigen::Matrix<double, 3, 2> plane;
  plane << first, direction.cross(first);
  const Eigen::Matrix2d covariance = plane.transpose() * moments * plane;
  const double smallest =
      Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d>(covariance).eigenvalues()(0);
  return state.N * smallest / (length * length);
}

double purity(const BatteryBlocks& state) {
  // X is symmetric and Y antisymmetric, so the squares of X + Y sum to those of X + iY.
  double sum = 0.0;
  for_each_block(state, [&](SpinBlock block, const double* elements) {
    double squares = 0.0;
    for (std::ptrdiff_t e = 0; e < static_cast<std::ptrdiff_t>(block.dim()) * block.dim(); ++e) {
      squares += elements[e] * elements[e];
    }
    sum += squares / block_degeneracy(state.N, block);
  });
  return sum;
}

double entropy(const BatteryBlocks& state) {
  double sum = 0.0;
  for_each_block(state, [&](SpinBlock block, const double* elements) {
    std::vector<Eigenvalue> eigenvalues(static_cast<std::size_t>(block.dim()));
    BlockSpectrum(block.dim()).compute(elements, nullptr, eigenvalues);
    for (const Eigenvalue& eigenvalue : eigenvalues) {
      sum += entropy_of(eigenvalue.value, block_degeneracy(state.N, block));
    }
  });
  return sum;
}

double entropy_of_populations(const BatteryBlocks& state) {
  double sum = 0.0;
  for_each_population(state, [&](SpinBlock block, int /*i*/, double population) {
    sum += entropy_of(population, block_degeneracy(state.N, block));
  });
  return sum;
}

double incoherent_ergotropy(const BatteryBlocks& state, double omega_0) {
  const auto size = static_cast<std::size_t>(state.rho_B.size());
  std::vector<double> populations(size, 0.0);
  const double* const first = state.rho_B.data();
  for_each_block(state, [&](SpinBlock block, const double* elements) {
    for (int i = 0; i < block.dim(); ++i) {
      const double* const population =
          elements + static_cast<std::ptrdiff_t>(i) * (block.dim() + 1);
      populations[static_cast<std::size_t>(population - first)] = *population;
    }
  });
  BatteryObserver observer(state.N, state.blocks, omega_0);
  return observer.energies(populations)
      .ergotropy[static_cast<std::size_t>(ErgotropyDefinition::global)];
}

}  // namespace qbsweep
