#include "qbsweep/operators/parity_sector.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <utility>

#include "kernels/kernels.hpp"
#include "parity_group.hpp"
#include "parity_layout.hpp"
#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/parallel/collectively.hpp"

namespace qbsweep {

ParitySector::ParitySector(const BatteryParameters& battery, Parity parity, MPI_Comm comm)
    : ParitySector(battery, parity, kernels::best(), comm) {}

ParitySector::ParitySector(const BatteryParameters& battery, Parity parity,
                           const kernels::KernelSet& kernels, MPI_Comm comm, Transport transport)
    : ParitySector(battery, parity, kernels, comm, transport, nullptr) {}

ParitySector::ParitySector(const BatteryParameters& battery, Parity parity,
                           const kernels::KernelSet& kernels, MPI_Comm comm, Transport transport,
                           const ParitySector* other_half)
    : battery_(battery),
      basis_(battery.N, battery.fock_dim, has_local_noise(battery)),
      parity_(parity == Parity::odd ? 1 : 0),
      kernels_(kernels),
      comm_(comm),
      own_end_(battery.fock_dim),
      kept_end_(battery.fock_dim),
      width_(parity_width(battery.fock_dim)),
      noise_(battery),
      cavity_frequency_(Hamiltonian(battery, EnergyOf::photons).diagonal({battery.N}, 0, 1)),
      layout_(basis_, battery) {
  require_carried(Carrier::parity_kernel, battery);
  add_pairs();
  row_stride_ = 2 * width_ * static_cast<std::int64_t>(pairs_.size());
  for (int n = 0; n < battery.fock_dim; ++n) {
    root_.push_back(std::sqrt(n));
  }
  tables_ = SectorState(kernels::parity_tables_size(width_));
  row_table_.resize(static_cast<std::size_t>(2 * width_));
  add_observations();
  share_rows(transport, other_half);
}

ParitySector::~ParitySector() = default;

std::unique_ptr<ParitySector> ParitySector::other_half() const {
  const Parity other = parity_ == 0 ? Parity::odd : Parity::even;
  return std::unique_ptr<ParitySector>(
      new ParitySector(battery_, other, kernels_, comm_, Transport::shared_memory, this));
}

void ParitySector::share_rows(Transport transport, const ParitySector* other_half) {
  const int ranks = Communicator::size_of(comm_);
  if (ranks == 1) {
    return;
  }
  const std::vector<IndexRange> chunks = photon_chunks(battery_.fock_dim, ranks);
  const IndexRange& mine = chunks[Communicator::rank_of(comm_)];
  const IndexRange own = photon_rows(mine, battery_.fock_dim);
  const IndexRange kept = kept_photon_rows(mine, battery_.fock_dim);
  own_begin_ = static_cast<int>(own.begin);
  own_end_ = static_cast<int>(own.end);
  kept_begin_ = static_cast<int>(kept.begin);
  kept_end_ = static_cast<int>(kept.end);
  std::copy_if(pairs_.begin(), pairs_.end(), std::back_inserter(own_adjoint_),
               [](const kernels::ParityPair& pair) { return pair.own_adjoint; });
  if (other_half != nullptr) {
    group_ = other_half->group_;
    return;
  }
  std::vector<std::int64_t> parcel_sizes;
  if (transport == Transport::shared_memory) {
    parcel_sizes =
        ParityGroup::parcel_sizes(chunks, Communicator::rank_of(comm_), battery_.fock_dim,
                                  static_cast<std::int64_t>(own_adjoint_.size()), row_stride_);
  }
  SharedSendBuffers send_buffers(comm_, parcel_sizes);
  collectively(comm_, [&] {
    if (!mine.empty()) {
      group_ = std::make_shared<ParityGroup>(comm_, chunks, battery_.fock_dim, own_adjoint_,
                                             row_stride_, std::move(send_buffers));
    }
  });
}

std::int64_t ParitySector::pair_number(int block, int i, int k) const {
  const std::int64_t dim = basis_.blocks()[block].dim();
  return first_pair_[block] + i * dim - std::int64_t{i} * (i - 1) / 2 + (k - i);
}

void ParitySector::add_pairs() {
  const double g_prime = effective_coupling(battery_);
  const Hamiltonian H(battery_);
  std::int64_t before = 0;
  for (const SpinBlock block : basis_.blocks()) {
    first_pair_.push_back(before);
    before += std::int64_t{block.dim()} * (block.dim() + 1) / 2;
  }
  pairs_.reserve(static_cast<std::size_t>(before));
  for (int b = 0; b < static_cast<int>(basis_.blocks().size()); ++b) {
    const SpinBlock block = basis_.blocks()[b];
    for (int i = 0; i < block.dim(); ++i) {
      for (int k = i; k < block.dim(); ++k) {
        kernels::ParityPair pair = {};
        pair.offset = pair_number(b, i, k) * 2 * width_;
        pair.odd = (i + k + parity_) % 2;
        pair.energy = H.diagonal(block, i, 0) - H.diagonal(block, k, 0);
        pair.own_adjoint = i == k;
        // The kernel halves what it sums up on i = k; the coupling's terms there have no twin.
        const double share = pair.own_adjoint ? 2.0 : 1.0;
        const auto neighbour = [&](int other_i, int other_k, bool there, double weight,
                                   long& offset, double& its_weight) {
          offset = there ? pair_number(b, other_i, other_k) * 2 * width_ : pair.offset;
          its_weight = there ? share * weight : 0.0;
        };
        neighbour(i - 1, k, i > 0, i > 0 ? g_prime * raising_element(block, i - 1) : 0.0,
                  pair.left_below, pair.left_below_weight);
        neighbour(i + 1, k, i < k, -g_prime * raising_element(block, i), pair.left_above,
                  pair.left_above_weight);
        neighbour(i, k - 1, i<k, k> 0 ? g_prime * raising_element(block, k - 1) : 0.0,
                  pair.right_below, pair.right_below_weight);
        neighbour(i, k + 1, k + 1 < block.dim(), -g_prime * raising_element(block, k),
                  pair.right_above, pair.right_above_weight);

        add_jumps({b, i, k, 0, 0}, pair);
        pairs_.push_back(pair);
      }
    }
  }
}

// Jumps of atoms act on the spin alone: the elements with n = l = 0 have all their weights.
void ParitySector::add_jumps(const Element& row, kernels::ParityPair& pair) const {
  pair.decay_same = pair.decay_up = pair.decay_down = pair.offset;
  pair.pumping_same = pair.pumping_up = pair.pumping_down = pair.offset;
  pair.dephasing_up = pair.dephasing_down = pair.offset;
  struct Gain {
    long& offset;
    double& weight;
  };
  // From the same block, from j + 1 and from j - 1.
  const std::array down = {Gain{pair.decay_same, pair.decay_same_weight},
                           Gain{pair.decay_up, pair.decay_up_weight},
                           Gain{pair.decay_down, pair.decay_down_weight}};
  const std::array up = {Gain{pair.pumping_same, pair.pumping_same_weight},
                         Gain{pair.pumping_up, pair.pumping_up_weight},
                         Gain{pair.pumping_down, pair.pumping_down_weight}};
  const std::array level = {Gain{pair.offset, pair.diagonal},
                            Gain{pair.dephasing_up, pair.dephasing_up_weight},
                            Gain{pair.dephasing_down, pair.dephasing_down_weight}};
  for (const auto& [jump, rate] : noise_.active()) {
    if (acts_on_cavity(jump)) {
      continue;
    }
    const int gained = excitations_gained(jump);
    const auto& gains = gained < 0 ? down : (gained > 0 ? up : level);
    for_each_jump_source(jump, basis_, row, [&, rate = rate](const Element& from, double weight) {
      const Gain& gain = gains[from.block == row.block ? 0 : (from.block < row.block ? 1 : 2)];
      gain.offset = pair_number(from.block, from.i, from.k) * 2 * width_;
      gain.weight += rate * weight;
    });
    const SpinBlock block = basis_.blocks()[row.block];
    pair.diagonal -= rate *
                     (jump_loss(jump, basis_.N(), basis_.fock_dim(), block, row.i, 0) +
                      jump_loss(jump, basis_.N(), basis_.fock_dim(), block, row.k, 0)) /
                     2;
  }
}

std::int64_t ParitySector::size() const {
  return row_stride_ * (kept_end_ - kept_begin_);
}

Slab ParitySector::slab() const {
  return {row_stride_ * battery_.fock_dim, row_stride_ * kept_begin_, size(),
          row_stride_ * (own_begin_ - kept_begin_), row_stride_ * (own_end_ - kept_begin_)};
}

std::int64_t ParitySector::unknowns() const {
  // Every element of the full basis is in one of the halves; with fock_dim^2 odd, the tiles with
  // i + k of the sector's parity have one element more in it.
  const std::int64_t tile = std::int64_t{battery_.fock_dim} * battery_.fock_dim;
  std::int64_t elements = 0;
  for (const SpinBlock block : basis_.blocks()) {
    const std::int64_t tiles = std::int64_t{block.dim()} * block.dim();
    const std::int64_t alike = (tiles + 1) / 2;  // i + k even
    elements += parity_ == 0 ? alike * ((tile + 1) / 2) + (tiles - alike) * (tile / 2)
                             : alike * (tile / 2) + (tiles - alike) * ((tile + 1) / 2);
  }
  return elements;
}

void ParitySector::apply(const double* x, double* y, const Recurrence& weights) const {
  if (own_begin_ == own_end_) {
    return;
  }
  kernels::ParityArguments arguments = {};
  arguments.x = x;
  arguments.y = y;
  arguments.alpha = weights.alpha;
  arguments.beta = weights.beta;
  arguments.gamma = weights.gamma;
  arguments.pairs = pairs_.data();
  arguments.pair_count = static_cast<long>(pairs_.size());
  arguments.fock_dim = battery_.fock_dim;
  arguments.kept_row = kept_begin_;
  arguments.first_row = own_begin_;
  arguments.end_row = own_end_;
  arguments.width = width_;
  arguments.columns[0] = parity_width(battery_.fock_dim);
  arguments.columns[1] = parity_width(battery_.fock_dim - 1);
  arguments.row_stride = row_stride_;
  arguments.loss = noise_.rate(Jump::annihilation);
  arguments.heating = noise_.rate(Jump::creation);
  arguments.omega_c = cavity_frequency_;
  arguments.counter_rotating = counter_rotating(battery_);
  arguments.decay =
      noise_.rate(Jump::single_lowering) != 0 || noise_.rate(Jump::collective_lowering) != 0;
  arguments.pumping =
      noise_.rate(Jump::single_raising) != 0 || noise_.rate(Jump::collective_raising) != 0;
  arguments.dephasing = noise_.rate(Jump::single_pauli_z) != 0;
  arguments.root = root_.data();
  arguments.tables = tables_.data();
  arguments.row_table = row_table_.data();
  if (group_) {
    group_->apply(arguments, own_adjoint_, kernels_);
  } else {
    kernels_.parity(arguments);
    kernels_.parity_hermitian(arguments);
  }
}

/// Calls visit(row) for photon rows of every pair.
template <typename Visit>
void ParitySector::for_each_row(int begin, int end, Visit&& visit) const {
  const std::int64_t fock_dim = battery_.fock_dim;
  auto pair = pairs_.begin();
  for (int b = 0; b < static_cast<int>(basis_.blocks().size()); ++b) {
    const int dim = basis_.blocks()[b].dim();
    for (int i = 0; i < dim; ++i) {
      for (int k = i; k < dim; ++k, ++pair) {
        const std::int64_t tile = basis_.index({b, i, k, 0, 0});
        const std::int64_t adjoint_tile = basis_.index({b, k, i, 0, 0});
        for (std::int64_t n = begin; n < end; ++n) {
          const std::int64_t first = (n + pair->odd) % 2;
          visit(StoredRow{(n - kept_begin_) * row_stride_ + pair->offset,
                          (fock_dim - first + 1) / 2, tile + n * fock_dim + first,
                          adjoint_tile + first * fock_dim + n, pair->own_adjoint});
        }
      }
    }
  }
}

void ParitySector::set_pure_state(std::span<const double> amplitudes, double* x) const {
  std::fill_n(x, size(), 0.0);
  const int fock_dim = battery_.fock_dim;
  const int rows = static_cast<int>(amplitudes.size()) / fock_dim;
  for (int i = 0; i < rows; ++i) {
    for (int k = i; k < rows; ++k) {
      const double sign = rotation_sign(i - k);
      const bool imaginary = (k - i) % 2 != 0;
      const kernels::ParityPair& pair = pairs_[pair_number(0, i, k)];
      double* const stored = x + pair.offset + (imaginary ? parity_lanes : 0);
      for (int n = kept_begin_; n < kept_end_; ++n) {
        for (int l = static_cast<int>((n + pair.odd) % 2); l < fock_dim; l += 2) {
          stored[(n - kept_begin_) * row_stride_ + parity_position(l / 2)] =
              sign * amplitudes[i * fock_dim + n] * amplitudes[k * fock_dim + l];
        }
      }
    }
  }
}

void ParitySector::gather(const double* full, double* x) const {
  const std::int64_t down = std::int64_t{2} * battery_.fock_dim;
  std::fill_n(x, size(), 0.0);
  for_each_row(kept_begin_, kept_end_, [&](const StoredRow& row) {
    for (std::int64_t s = 0; s < row.count; ++s) {
      const double R = full[row.element + 2 * s];
      const double adjoint = full[row.adjoint + down * s];
      double* const X = x + row.position + parity_position(s);
      X[0] = (R + adjoint) / 2;
      X[parity_lanes] = (R - adjoint) / 2;
    }
  });
}

void ParitySector::scatter(const double* x, double* full) const {
  const std::int64_t down = std::int64_t{2} * battery_.fock_dim;
  for_each_row(own_begin_, own_end_, [&](const StoredRow& row) {
    for (std::int64_t s = 0; s < row.count; ++s) {
      const double* const X = x + row.position + parity_position(s);
      full[row.element + 2 * s] = X[0] + X[parity_lanes];
      if (!row.own_adjoint) {
        full[row.adjoint + down * s] = X[0] - X[parity_lanes];
      }
    }
  });
}

}  // namespace qbsweep
