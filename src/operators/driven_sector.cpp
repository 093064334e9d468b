#include "qbsweep/operators/driven_sector.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "kernels/kernels.hpp"
#include "parity_layout.hpp"
#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/model/observations.hpp"

namespace qbsweep {
namespace {

/// Without the drives, in the frame where they stand still.
BatteryParameters without_drives(BatteryParameters battery) {
  require_carried(Carrier::driven_kernel, battery);
  const double frame = frame_frequency(battery);
  battery.omega_0 -= frame;
  battery.omega_c -= frame;
  battery.drive = battery.atom_drive = 0.0;
  return battery;
}

}  // namespace

DrivenSector::DrivenSector(const BatteryParameters& battery)
    : DrivenSector(battery, kernels::best()) {}

DrivenSector::DrivenSector(const BatteryParameters& battery, const kernels::KernelSet& kernels)
    : cavity_drive_(battery.drive),
      atoms_are_driven_(battery.atom_drive != 0),
      fock_dim_(battery.fock_dim),
      kernels_(kernels),
      even_(without_drives(battery), Parity::even, kernels),
      odd_(without_drives(battery), Parity::odd, kernels),
      basis_(battery.N, battery.fock_dim, has_local_noise(battery)),
      layout_(basis_, battery) {
  for (int n = 0; n <= battery.fock_dim; ++n) {
    root_.push_back(std::sqrt(n));
  }
  room_.resize(static_cast<std::size_t>(6 * (even_.width() + 16)));
  for (const SpinBlock block : basis_.blocks()) {
    const auto raise = [&](int i) {
      return i >= 0 && i + 1 < block.dim() ? battery.atom_drive * raising_element(block, i) : 0.0;
    };
    for (int i = 0; i < block.dim(); ++i) {
      for (int k = i; k < block.dim(); ++k) {
        weights_.push_back({raise(i - 1), -raise(i), raise(k - 1), -raise(k)});
      }
    }
  }
  add_energies(battery);
  add_observed();
}

void DrivenSector::add_observed() {
  observed_ = even_.observed();
  observed_.insert(observed_.end(), odd_.observed().begin(), odd_.observed().end());
  for (const Energy& energy : energies_) {
    observed_.push_back(energy.position);
  }
  const std::vector<std::int64_t>& requested = requested_.positions();
  observed_.insert(observed_.end(), requested.begin(), requested.end());
}

void DrivenSector::observe_more(ObservationRequest request, const BatteryParameters& battery) {
  layout_ = ObservationLayout(basis_, battery, request);
  even_.observe_more({.photon_distribution = request.photon_distribution}, battery);
  requested_ = RequestedWeights(layout_, basis_, battery, [this](const Element& element) {
    if (const auto stored = even_.locate(element)) {
      return stored;
    }
    std::optional<StoredElement> stored = odd_.locate(element);
    stored->X += even_.size();
    *stored->Y += even_.size();
    return stored;
  });
  add_observed();
  // The halves, which do not know the drives, may have no other energy before it.
  const auto first = static_cast<std::size_t>(layout_.distribution_size);
  for (int n = 0; n < layout_.distribution_size; ++n) {
    observed_[even_.observed().size() - first + static_cast<std::size_t>(n)] =
        layout_.population(n);
  }
}

DrivenSector::~DrivenSector() = default;

/// <drive (a + a^dag)> = 2 drive sum sqrt(n + 1) X[n, n + 1] over the pairs (i, i), and
/// <atom_drive (J_+ + J_-)> = sum A_pq R_pq, 2 A Y[n, n] of the pairs (i, i + 1); all odd elements.
void DrivenSector::add_energies(const BatteryParameters& battery) {
  std::vector<Weight> of_cavity;
  std::vector<Weight> of_atoms;
  const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
  auto pair = odd_.pairs().begin();
  auto weights = weights_.begin();
  const auto place = [&](std::int64_t n, std::int64_t l) {
    return even_.size() + n * odd_.row_stride() + pair->offset + parity_position(l / 2);
  };
  for (const SpinBlock block : basis.blocks()) {
    for (int i = 0; i < block.dim(); ++i) {
      for (int k = i; k < block.dim(); ++k, ++pair, ++weights) {
        for (int n = 0; n < fock_dim_; ++n) {
          if (k == i && n + 1 < fock_dim_) {
            of_cavity.push_back({place(n, n + 1), 2 * cavity_drive_ * root_[n + 1]});
          } else if (k == i + 1) {
            of_atoms.push_back({place(n, n) + parity_lanes, 2 * weights->left_above});
          }
        }
      }
    }
  }
  if (layout_.has(EnergyOf::drive)) {
    energies_.push_back({layout_.position(EnergyOf::drive), std::move(of_cavity)});
  }
  if (layout_.has(EnergyOf::atom_drive)) {
    energies_.push_back({layout_.position(EnergyOf::atom_drive), std::move(of_atoms)});
  }
}

void DrivenSector::apply(const double* x, double* y, const Recurrence& weights) const {
  const std::int64_t half = even_.size();
  even_.apply(x, y, weights);
  odd_.apply(x + half, y + half, weights);
  kernels::DriveArguments arguments = {};
  arguments.weights = weights_.data();
  arguments.pair_count = static_cast<long>(weights_.size());
  arguments.fock_dim = fock_dim_;
  arguments.width = even_.width();
  arguments.row_stride = even_.row_stride();
  arguments.cavity = weights.alpha * cavity_drive_;
  arguments.atoms = atoms_are_driven_ ? weights.alpha : 0.0;
  arguments.root = root_.data();
  arguments.room = room_.data();
  arguments.pairs = even_.pairs().data();
  arguments.other = x + half;
  arguments.y = y;
  kernels_.drive(arguments);
  arguments.pairs = odd_.pairs().data();
  arguments.other = x;
  arguments.y = y + half;
  kernels_.drive(arguments);
}

void DrivenSector::set_pure_state(std::span<const double> amplitudes, double* x) const {
  even_.set_pure_state(amplitudes, x);
  odd_.set_pure_state(amplitudes, x + even_.size());
}

void DrivenSector::observe(const double* x, double* observations) const {
  even_.observe(x, observations);
  odd_.observe(x + even_.size(), observations + even_.observed().size());
  double* energy =
      observations + observed_.size() - energies_.size() - requested_.positions().size();
  for (const Energy& of_one : energies_) {
    *energy = 0.0;
    for (const auto& [position, weight] : of_one.weights) {
      *energy += weight * x[position];
    }
    ++energy;
  }
  requested_.observe(x, energy);
}

void DrivenSector::gather(const double* full, double* x) const {
  even_.gather(full, x);
  odd_.gather(full, x + even_.size());
}

void DrivenSector::scatter(const double* x, double* full) const {
  even_.scatter(x, full);
  odd_.scatter(x + even_.size(), full);
}

void DrivenSector::add_populations(const double* x, std::span<double> populations) const {
  even_.add_populations(x, populations);
}

std::int64_t DrivenSector::packed_size(std::int64_t line, int levels) const {
  return even_.packed_size(line, levels) + odd_.packed_size(line, levels);
}

void DrivenSector::pack(std::int64_t line, int levels, const double* x, double* numbers) const {
  even_.pack(line, levels, x, numbers);
  odd_.pack(line, levels, x + even_.size(), numbers + even_.packed_size(line, levels));
}

void DrivenSector::unpack(std::int64_t line, int levels, const double* numbers, double* x) const {
  even_.unpack(line, levels, numbers, x);
  odd_.unpack(line, levels, numbers + even_.packed_size(line, levels), x + even_.size());
}

}  // namespace qbsweep
