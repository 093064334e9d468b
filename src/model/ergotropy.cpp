#include "qbsweep/model/ergotropy.hpp"

#include <algorithm>
#include <utility>

#include "block_spectrum.hpp"

namespace qbsweep {
namespace {

template <typename T>
T& of(PerDefinition<T>& values, ErgotropyDefinition definition) {
  return values[static_cast<std::size_t>(definition)];
}

/// Equal eigenvalues, filled into levels together.
struct Population {
  Eigenvalue each;
  double count;
};

bool fills_before(const Population& a, const Population& b) {
  return a.each > b.each;
}

}  // namespace

struct BatteryObserver::WorkSpace {
  std::vector<BlockSpectrum> solvers;   // of each block
  std::vector<std::size_t> first;       // eigenvalue of each block, then their number
  std::vector<Eigenvalue> eigenvalues;  // those of each block together and descending
  std::vector<Population> populations;
  std::vector<Population> merged;

  /// Puts `populations`, which descend within each block, into one descending order.
  void merge_blocks();
};

BatteryObserver::BatteryObserver(int N, std::vector<SpinBlock> blocks, double omega_0)
    : N_(N),
      blocks_(std::move(blocks)),
      omega_0_(omega_0),
      level_multiplicities_(qbsweep::level_multiplicities(N)),
      work_(std::make_unique<WorkSpace>()) {
  work_->first.push_back(0);
  for (const SpinBlock block : blocks_) {
    degeneracies_.push_back(block_degeneracy(N, block));
    size_ += static_cast<std::int64_t>(block.dim()) * block.dim();
    work_->solvers.emplace_back(block.dim());
    work_->first.push_back(work_->first.back() + static_cast<std::size_t>(block.dim()));
  }
  work_->eigenvalues.resize(work_->first.back());
  work_->populations.resize(work_->first.back());
  work_->merged.resize(work_->first.back());
}

BatteryObserver::~BatteryObserver() = default;

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

BatteryEnergies BatteryObserver::energies(std::span<const double> rho_B) {
  BatteryEnergies no_rates;
  return energies(rho_B, {}, no_rates);
}

/// Finds the eigenvalues of all blocks. On the way the energy and what each block on its own
/// (permutation_invariant) yields are put into `values` and `rates`.
void BatteryObserver::find_eigenvalues(const double* rho_B, const double* rho_B_rate,
                                       BatteryEnergies& values, BatteryEnergies& rates) {
  double passive = 0.0;
  double passive_rate = 0.0;
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const int dim = blocks_[b].dim();
    const std::span<Eigenvalue> eigenvalues(work_->eigenvalues.data() + work_->first[b],
                                            static_cast<std::size_t>(dim));
    work_->solvers[b].compute(rho_B, rho_B_rate, eigenvalues);
    for (int i = 0; i < dim; ++i) {
      const double level = omega_0_ * excited_atoms(N_, blocks_[b], i);
      const int diagonal = i * (dim + 1);
      values.energy += level * rho_B[diagonal];
      passive += level * eigenvalues[i].value;
      if (rho_B_rate != nullptr) {
        rates.energy += level * rho_B_rate[diagonal];
        passive_rate += level * eigenvalues[i].rate;
      }
    }
    rho_B += std::int64_t{dim} * dim;
    rho_B_rate += rho_B_rate != nullptr ? std::int64_t{dim} * dim : 0;
  }
  of(values.ergotropy, ErgotropyDefinition::permutation_invariant) = values.energy - passive;
  of(rates.ergotropy, ErgotropyDefinition::permutation_invariant) = rates.energy - passive_rate;
}

void BatteryObserver::WorkSpace::merge_blocks() {
  const std::size_t blocks = solvers.size();
  for (std::size_t step = 1; step < blocks; step *= 2) {
    for (std::size_t b = 0; b < blocks; b += 2 * step) {
      const auto at = [&](std::size_t block) {
        return populations.begin() + static_cast<std::ptrdiff_t>(first[std::min(block, blocks)]);
      };
      std::merge(at(b), at(b + step), at(b + step), at(b + 2 * step),
                 merged.begin() + static_cast<std::ptrdiff_t>(first[b]), fills_before);
    }
    populations.swap(merged);
  }
}

BatteryEnergies BatteryObserver::energies(std::span<const double> rho_B,
                                          std::span<const double> rho_B_rate,
                                          BatteryEnergies& rates) {
  BatteryEnergies values;
  rates = {};
  find_eigenvalues(rho_B.data(), rho_B_rate.empty() ? nullptr : rho_B_rate.data(), values, rates);

  const auto fill_levels = [&](ErgotropyDefinition definition, auto&& copies_of_block) {
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
      const double copies = copies_of_block(b);
      for (std::size_t e = work_->first[b]; e < work_->first[b + 1]; ++e) {
        const Eigenvalue& sum = work_->eigenvalues[e];
        work_->populations[e] = {{sum.value / copies, sum.rate / copies}, copies};
      }
    }
    work_->merge_blocks();
    LevelFilling levels(level_multiplicities_);
    double passive = 0.0;
    double passive_rate = 0.0;
    for (const Population& population : work_->populations) {
      const double level = omega_0_ * levels.fill(population.count);
      passive += level * population.each.value;
      passive_rate += level * population.each.rate;
    }
    of(values.ergotropy, definition) = values.energy - passive;
    of(rates.ergotropy, definition) = rates.energy - passive_rate;
  };
  fill_levels(ErgotropyDefinition::global, [&](std::size_t b) { return degeneracies_[b]; });
  fill_levels(ErgotropyDefinition::dicke_subspace, [](std::size_t) { return 1.0; });
  return values;
}

}  // namespace qbsweep
