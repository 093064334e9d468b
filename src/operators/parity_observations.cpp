// What is observed of a parity sector.
#include <algorithm>
#include <optional>
#include <utility>

#include "parity_layout.hpp"
#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/observations.hpp"
#include "qbsweep/operators/parity_sector.hpp"

namespace qbsweep {
namespace {

/// Positions of the observations that no pair of spin states owns, behind those that do.
enum SharedObservation : std::size_t {
  photon_number,
  interaction_energy,
  fock_tail,
  below_fock_tail,
  other_energy
};

}  // namespace

void ParitySector::add_observations() {
  const Hamiltonian other(battery_, EnergyOf::other);
  if (parity_ == 0) {
    observed_ = {layout_.photon_number(), layout_.interaction_energy(), layout_.fock_tail(),
                 layout_.below_fock_tail()};
    has_other_energy_ = layout_.has(EnergyOf::other);
    if (has_other_energy_) {
      observed_.push_back(layout_.position(EnergyOf::other));
    }
  }
  const double g_prime = effective_coupling(battery_);
  std::int64_t first_tile = 0;
  for (int b = 0; b < static_cast<int>(basis_.blocks().size()); ++b) {
    const SpinBlock block = basis_.blocks()[b];
    const int dim = block.dim();
    for (int i = 0; i < dim; ++i) {
      for (int k = i; k < dim; ++k) {
        const std::int64_t offset = pair_number(b, i, k) * 2 * width_;
        if ((i + k + parity_) % 2 == 0) {
          const std::size_t upper = observed_.size();
          observed_.push_back(first_tile + std::int64_t{i} * dim + k);
          if (i < k) {
            observed_.push_back(first_tile + std::int64_t{k} * dim + i);
          }
          traced_.push_back({offset, upper, observed_.size() - 1, i == k ? 1.0 : 0.0,
                             i == k ? other.diagonal(block, i, 0) : 0.0});
        }
        if (parity_ == 0 && k == i + 1) {
          coupled_.push_back({offset, -2 * g_prime * raising_element(block, i)});
        }
      }
    }
    first_tile += std::int64_t{dim} * dim;
  }
}

void ParitySector::observe_more(ObservationRequest request, const BatteryParameters& battery) {
  layout_ = ObservationLayout(basis_, battery, request);
  if (parity_ == 0) {
    distribution_ = observed_.size();
    for (int n = 0; n < layout_.distribution_size; ++n) {
      observed_.push_back(layout_.population(n));
    }
  }
  requested_ = RequestedWeights(layout_, basis_, battery,
                                [this](const Element& element) { return locate(element); });
  observed_.insert(observed_.end(), requested_.positions().begin(), requested_.positions().end());
}

std::optional<StoredElement> ParitySector::locate(const Element& element) const {
  if ((element.i + element.k + element.n + element.l + parity_) % 2 != 0) {
    return {};
  }
  const bool is_adjoint = element.i > element.k;
  const auto [i, n] =
      is_adjoint ? std::pair(element.k, element.l) : std::pair(element.i, element.n);
  const auto [k, l] =
      is_adjoint ? std::pair(element.i, element.n) : std::pair(element.k, element.l);
  const std::int64_t X = (n - kept_begin_) * row_stride_ +
                         pair_number(element.block, i, k) * 2 * width_ + parity_position(l / 2);
  return StoredElement{X, X + parity_lanes, is_adjoint, n >= own_begin_ && n < own_end_};
}

void ParitySector::observe(const double* x, double* observations) const {
  std::fill_n(observations, observed_.size(), 0.0);
  const int fock_dim = battery_.fock_dim;
  const CavityObservations cavity(layout_, fock_dim);
  const auto slot_of = [&](std::int64_t position) {
    return position < layout_.population(0)
               ? static_cast<std::size_t>(position - layout_.photon_number())
               : distribution_ + static_cast<std::size_t>(position - layout_.population(0));
  };
  for (int n = own_begin_; n < own_end_; ++n) {
    const double* const diagonal = x + (n - kept_begin_) * row_stride_ + parity_position(n / 2);
    double photons = 0.0;
    double energy = 0.0;
    for (const TracedPair& pair : traced_) {
      const double X = diagonal[pair.offset];
      const double Y = diagonal[pair.offset + parity_lanes];
      observations[pair.upper] += X + Y;
      if (pair.lower != pair.upper) {
        observations[pair.lower] += X - Y;
      }
      photons += pair.photons * X;
      energy += pair.other_energy * X;
    }
    if (has_other_energy_) {
      observations[other_energy] += energy;
    }
    if (parity_ == 0) {
      cavity.for_each(n, [&](std::int64_t position, double weight) {
        observations[slot_of(position)] += weight * photons;
      });
    }
  }
  // <H_I> = sum A_pq R_pq: the pairs (i, i + 1) and their adjoints give 2 A Y each.
  const double r = counter_rotating(battery_);
  for (int n = own_begin_; n < own_end_; ++n) {
    const double* const row = x + (n - kept_begin_) * row_stride_ + parity_lanes;
    for (const CouplingPair& pair : coupled_) {
      if (n > 0) {
        observations[interaction_energy] +=
            pair.weight * root_[n] * row[pair.offset + parity_position((n - 1) / 2)];
      }
      if (r != 0 && n + 1 < fock_dim) {
        observations[interaction_energy] +=
            r * pair.weight * root_[n + 1] * row[pair.offset + parity_position((n + 1) / 2)];
      }
    }
  }
  requested_.observe(x, observations + observed_.size() - requested_.positions().size());
}

}  // namespace qbsweep
