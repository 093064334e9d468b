#include "qbsweep/physics/ergotropy.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <complex>
#include <numeric>
#include <utility>

namespace qbsweep {
namespace {

using Eigen::MatrixXcd;
using RealStorage = Eigen::Map<const Eigen::Matrix<double, -1, -1, Eigen::RowMajor>>;

/// X + iY of a block in real storage R = X + Y.
MatrixXcd hermitian(const RealStorage& R) {
  MatrixXcd matrix(R.rows(), R.cols());
  matrix.real() = (R + R.transpose()) / 2;
  matrix.imag() = (R - R.transpose()) / 2;
  return matrix;
}

template <typename T>
T& of(PerDefinition<T>& values, ErgotropyDefinition definition) {
  return values[static_cast<std::size_t>(definition)];
}

}  // namespace

std::vector<double> mean_levels(std::span<const double> multiplicities,
                                std::span<const double> capacities) {
  std::vector<double> means;
  means.reserve(multiplicities.size());
  std::size_t level = 0;
  double room = capacities.empty() ? 0.0 : capacities.front();
  for (const double multiplicity : multiplicities) {
    double left = multiplicity;
    double mean = 0.0;
    // The last level takes whatever rounding leaves over.
    while (left > room && level + 1 < capacities.size()) {
      mean += static_cast<double>(level) * (room / multiplicity);
      left -= room;
      room = capacities[++level];
    }
    mean += static_cast<double>(level) * (left / multiplicity);
    room -= left;
    means.push_back(mean);
  }
  return means;
}

BatteryObserver::BatteryObserver(int N, std::vector<SpinBlock> blocks, double omega_0)
    : N_(N),
      blocks_(std::move(blocks)),
      omega_0_(omega_0),
      level_multiplicities_(qbsweep::level_multiplicities(N)) {
  for (const SpinBlock block : blocks_) {
    degeneracies_.push_back(block_degeneracy(N, block));
    size_ += static_cast<std::int64_t>(block.dim()) * block.dim();
  }
}

double BatteryObserver::trace(std::span<const double> rho_B) const {
  double sum = 0.0;
  std::size_t offset = 0;
  for (const SpinBlock block : blocks_) {
    const std::size_t dim = block.dim();
    for (std::size_t i = 0; i < dim; ++i) {
      sum += rho_B[offset + i * dim + i];
    }
    offset += dim * dim;
  }
  return sum;
}

BatteryEnergies BatteryObserver::energies(std::span<const double> rho_B) const {
  BatteryEnergies no_rates;
  return energies(rho_B, {}, no_rates);
}

/// The eigenvalues of all blocks, those of each block together and descending. On the way the
/// energy and what each block on its own (permutation_invariant) yields are put into `values` and
/// `rates`.
std::vector<BatteryObserver::Eigenvalue> BatteryObserver::spectrum(
    std::span<const double> rho_B, std::span<const double> rho_B_rate, BatteryEnergies& values,
    BatteryEnergies& rates) const {
  const bool with_rates = !rho_B_rate.empty();
  std::vector<Eigenvalue> eigenvalues;
  Eigen::SelfAdjointEigenSolver<MatrixXcd> solver;
  double passive = 0.0;
  double passive_rate = 0.0;
  std::size_t offset = 0;
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const int dim = blocks_[b].dim();
    const RealStorage block(rho_B.data() + offset, dim, dim);
    solver.compute(hermitian(block),
                   with_rates ? Eigen::ComputeEigenvectors : Eigen::EigenvaluesOnly);
    MatrixXcd rate_matrix;
    if (with_rates) {
      const RealStorage block_rate(rho_B_rate.data() + offset, dim, dim);
      rate_matrix = hermitian(block_rate);
    }
    for (int i = 0; i < dim; ++i) {
      const int excited = excited_atoms(N_, blocks_[b], i);
      const int descending = dim - 1 - i;  // Eigen sorts ascending
      Eigenvalue eigenvalue = {solver.eigenvalues()[descending], 0.0, degeneracies_[b]};
      if (with_rates) {
        const auto vector = solver.eigenvectors().col(descending);
        eigenvalue.rate = vector.dot(rate_matrix * vector).real();
        rates.energy += omega_0_ * excited * rate_matrix(i, i).real();
        passive_rate += omega_0_ * excited * eigenvalue.rate;
      }
      values.energy += omega_0_ * excited * block(i, i);
      passive += omega_0_ * excited * eigenvalue.value;
      eigenvalues.push_back(eigenvalue);
    }
    offset += static_cast<std::size_t>(dim) * dim;
  }
  of(values.ergotropy, ErgotropyDefinition::permutation_invariant) = values.energy - passive;
  of(rates.ergotropy, ErgotropyDefinition::permutation_invariant) = rates.energy - passive_rate;
  return eigenvalues;
}

BatteryEnergies BatteryObserver::energies(std::span<const double> rho_B,
                                          std::span<const double> rho_B_rate,
                                          BatteryEnergies& rates) const {
  BatteryEnergies values;
  rates = {};
  std::vector<Eigenvalue> eigenvalues = spectrum(rho_B, rho_B_rate, values, rates);

  const auto fill_levels = [&](ErgotropyDefinition definition, auto copies) {
    std::sort(eigenvalues.begin(), eigenvalues.end(), [&](const auto& a, const auto& b) {
      return a.value / copies(a) > b.value / copies(b);
    });
    std::vector<double> multiplicities(eigenvalues.size());
    std::transform(eigenvalues.begin(), eigenvalues.end(), multiplicities.begin(), copies);
    const std::vector<double> levels = mean_levels(multiplicities, level_multiplicities_);
    double passive = 0.0;
    double passive_rate = 0.0;
    for (std::size_t e = 0; e < eigenvalues.size(); ++e) {
      passive += omega_0_ * levels[e] * eigenvalues[e].value;
      passive_rate += omega_0_ * levels[e] * eigenvalues[e].rate;
    }
    of(values.ergotropy, definition) = values.energy - passive;
    of(rates.ergotropy, definition) = rates.energy - passive_rate;
  };
  fill_levels(ErgotropyDefinition::global, [](const Eigenvalue& e) { return e.degeneracy; });
  fill_levels(ErgotropyDefinition::dicke_subspace, [](const Eigenvalue&) { return 1.0; });
  return values;
}

}  // namespace qbsweep
