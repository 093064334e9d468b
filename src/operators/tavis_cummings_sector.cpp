#include "qbsweep/operators/tavis_cummings_sector.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "kernels/kernels.hpp"
#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/model/observations.hpp"
#include "qbsweep/parallel/collectively.hpp"
#include "qbsweep/parallel/ghost_exchange.hpp"
#include "tavis_cummings_layout.hpp"

namespace qbsweep {
namespace {

using kernels::TavisCummingsWeights;
constexpr int lanes = TavisCummingsLayout::lanes;

/// H without the coupling, by the excited atoms, in the frame that rotates at omega_c: it depends
/// on M alone.
std::vector<double> energies_of_atoms(const BatteryParameters& battery) {
  const Hamiltonian H(battery);
  std::vector<double> energies;
  for (int e = 0; e <= battery.N; ++e) {
    energies.push_back(H.diagonal({battery.N}, e, 0) - battery.omega_c * e);
  }
  return energies;
}

}  // namespace

TavisCummingsSector::TavisCummingsSector(const BatteryParameters& battery, int k,
                                         int max_excitations, bool real_state, MPI_Comm comm)
    : TavisCummingsSector(battery, k, max_excitations, real_state, kernels::best(), comm) {}

TavisCummingsSector::TavisCummingsSector(const BatteryParameters& battery, int k,
                                         int max_excitations, bool real_state,
                                         const kernels::KernelSet& kernels, MPI_Comm comm)
    : battery_(battery),
      basis_(battery.N, battery.fock_dim, has_local_noise(battery)),
      kernels_(kernels),
      comm_(comm),
      noise_(battery),
      other_(battery, EnergyOf::other),
      layout_(std::make_unique<const TavisCummingsLayout>(
          battery.N, has_local_noise(battery), k, max_excitations, real_state,
          energies_of_atoms(battery), Communicator::size_of(comm), Communicator::rank_of(comm))),
      all_(basis_, battery) {
  require_carried(Carrier::tavis_cummings_kernel, battery);
  add_roots();
  add_weights();
  add_observations();
  if (Communicator::size_of(comm) > 1) {
    share_rows();
  }
}

TavisCummingsSector::~TavisCummingsSector() = default;

std::int64_t TavisCummingsSector::size() const {
  return layout_->size();
}

std::int64_t TavisCummingsSector::unknowns() const {
  return layout_->unknowns();
}

Slab TavisCummingsSector::slab() const {
  return layout_->slab();
}

void TavisCummingsSector::share_rows() {
  const IndexRange own = layout_->own();
  const auto size = [&](std::int64_t e) { return layout_->begin_of(e + 1) - layout_->begin_of(e); };
  Neighbour before;
  Neighbour behind;
  for (int rank = 0; rank < static_cast<int>(layout_->shares().size()); ++rank) {
    const IndexRange& other = layout_->shares()[rank];
    if (own.empty() || other.empty()) {
      continue;
    }
    if (other.end == own.begin) {
      before = {rank, layout_->begin_of(own.begin), size(own.begin),
                layout_->begin_of(other.end - 1), size(other.end - 1)};
    } else if (other.begin == own.end) {
      behind = {rank, layout_->begin_of(own.end - 1), size(own.end - 1),
                layout_->begin_of(other.begin), size(other.begin)};
    }
  }
  collectively(comm_, [&] { ghosts_ = std::make_unique<GhostExchange>(comm_, before, behind); });
}

void TavisCummingsSector::add_roots() {
  const int most = layout_->max_excitations();
  int fewest = 0;  // in the padding
  for (const kernels::TavisCummingsRow& row : layout_->rows(layout_->own())) {
    fewest = std::min({fewest, row.row_photons - lanes, row.column_photons - lanes});
  }
  for (int n = most; n >= fewest; --n) {
    roots_.push_back(std::sqrt(std::max(0.0, n + 1.0)));
  }
}

void TavisCummingsSector::add_weights() {
  const double g_prime = effective_coupling(battery_);
  for (const TavisCummingsGroup& group : layout_->groups(layout_->own())) {
    const int e = group.row_excited;
    const int e_column = group.column_excited;
    for (int s = 0; s < group.strips; ++s) {
      const SpinBlock block = basis_.blocks()[s];
      TavisCummingsWeights weights;
      weights.row_below = e > s ? g_prime * raising_element(block, e - s - 1) : 0.0;
      weights.row_above = -g_prime * raising_element(block, e - s);
      weights.column_below =
          e_column > s ? g_prime * raising_element(block, e_column - s - 1) : 0.0;
      weights.column_above = -g_prime * raising_element(block, e_column - s);
      add_jumps({s, e - s, e_column - s, 0, 0}, weights);
      weights_.push_back(weights);
    }
  }
}

// Jumps of atoms act on the spin alone: the elements with n = l = 0 have all their weights.
void TavisCummingsSector::add_jumps(const Element& row, TavisCummingsWeights& weights) const {
  // From the same block, from j + 1 and from j - 1.
  const std::array down = {&weights.decay, &weights.decay_from_wider, &weights.decay_from_narrower};
  const std::array level = {&weights.own, &weights.dephasing_from_wider,
                            &weights.dephasing_from_narrower};
  const SpinBlock block = basis_.blocks()[row.block];
  for (const auto& [jump, rate] : noise_.active()) {
    if (acts_on_cavity(jump)) {
      continue;
    }
    const auto& gains = excitations_gained(jump) < 0 ? down : level;
    for_each_jump_source(jump, basis_, row, [&, rate = rate](const Element& from, double weight) {
      *gains[from.block == row.block ? 0 : (from.block < row.block ? 1 : 2)] += rate * weight;
    });
    weights.own -= rate *
                   (jump_loss(jump, basis_.N(), basis_.fock_dim(), block, row.i, 0) +
                    jump_loss(jump, basis_.N(), basis_.fock_dim(), block, row.k, 0)) /
                   2;
  }
}

void TavisCummingsSector::apply(const double* x, double* y, const Recurrence& weights) const {
  kernels::TavisCummingsArguments arguments;
  arguments.x = x;
  arguments.y = y;
  arguments.alpha = weights.alpha;
  arguments.beta = weights.beta;
  arguments.gamma = weights.gamma;
  arguments.weights = weights_.data();
  arguments.roots = roots_.data() + layout_->max_excitations();
  arguments.kappa = noise_.rate(Jump::annihilation);
  arguments.imaginary = !layout_->real_state();
  arguments.decay =
      noise_.rate(Jump::single_lowering) != 0 || noise_.rate(Jump::collective_lowering) != 0;
  arguments.dephasing = noise_.rate(Jump::single_pauli_z) != 0;
  const auto set = [&](const IndexRange& excited) {
    const std::span<const kernels::TavisCummingsRow> rows = layout_->rows(excited);
    arguments.rows = rows.data();
    arguments.row_count = static_cast<long>(rows.size());
    kernels_.tavis_cummings(arguments);
  };
  const IndexRange own = layout_->own();
  if (!ghosts_) {
    set(own);
  } else if (!own.empty()) {
    // What the neighbours wait for first; the rest while it is under way.
    ghosts_->receive(y);
    set({own.begin, own.begin + 1});
    if (own.count() > 1) {
      set({own.end - 1, own.end});
    }
    ghosts_->send(y);
    for (std::int64_t e = own.begin + 1; e + 1 < own.end; ++e) {
      set({e, e + 1});
      ghosts_->poll();
    }
    ghosts_->wait(y);
  }
  std::fill(y + layout_->zeros(), y + layout_->size(), 0.0);
}

void TavisCummingsSector::set_pure_state(std::span<const double> amplitudes, double* x) const {
  std::fill_n(x, size(), 0.0);
  const int fock_dim = battery_.fock_dim;
  const int rows = static_cast<int>(amplitudes.size()) / fock_dim;
  const int k = layout_->k();
  for (const TavisCummingsGroup& group : layout_->groups(layout_->kept())) {
    const int e = group.row_excited;
    const int e_column = group.column_excited;
    const bool imaginary = (e - e_column) % 2 != 0;
    if (e >= rows || e_column >= rows || (imaginary && layout_->real_state())) {
      continue;
    }
    const double sign = rotation_sign(e - e_column);
    for (int n = std::max(0, e_column + k - e); n + e <= layout_->max_excitations(); ++n) {
      x[layout_->position(group, 0, n + e) + (imaginary ? lanes : 0)] =
          sign * amplitudes[e * fock_dim + n] *
          amplitudes[e_column * fock_dim + n + e - k - e_column];
    }
  }
}

void TavisCummingsSector::add_observations() {
  const int k = layout_->k();
  std::vector<std::int64_t> first_tile = {0};
  for (const SpinBlock block : basis_.blocks()) {
    first_tile.push_back(first_tile.back() + std::int64_t{block.dim()} * block.dim());
  }
  for (int e = k; e <= battery_.N; ++e) {
    const TavisCummingsGroup& group = layout_->group(e, e - k);
    for (int s = 0; s < group.strips; ++s) {
      const std::int64_t dim = basis_.blocks()[s].dim();
      const int i = e - s;
      observed_.push_back(first_tile[s] + i * dim + i - k);
      if (k > 0) {
        observed_.push_back(first_tile[s] + (i - k) * dim + i);
      }
    }
  }
  if (k == 0) {
    for (std::int64_t p = all_.photon_number(); p < all_.first_requested(); ++p) {
      observed_.push_back(p);
    }
    for (int n = 0; n < all_.distribution_size; ++n) {
      observed_.push_back(all_.population(n));
    }
  }
  const std::vector<std::int64_t>& requested = requested_.positions();
  observed_.insert(observed_.end(), requested.begin(), requested.end());
}

void TavisCummingsSector::observe_more(ObservationRequest request,
                                       const BatteryParameters& battery) {
  all_ = ObservationLayout(basis_, battery, request);
  requested_ = RequestedWeights(all_, basis_, battery,
                                [this](const Element& element) { return locate(element); });
  observed_.clear();
  add_observations();
}

std::optional<StoredElement> TavisCummingsSector::locate(const Element& element) const {
  const int row = element.i + element.block;  // excited atoms
  const int column = element.k + element.block;
  const int more = row + element.n - column - element.l;  // excitations than in the column
  const int k = layout_->k();
  const bool is_adjoint = k == 0 ? row > column : more < 0;
  const int excitations = is_adjoint ? column + element.l : row + element.n;
  if (std::abs(more) != k || excitations > layout_->max_excitations()) {
    return {};
  }
  const int excited = is_adjoint ? column : row;
  StoredElement stored = {.is_adjoint = is_adjoint, .is_owned = layout_->own().has(excited)};
  if (stored.is_owned) {
    const auto& group = layout_->group(excited, is_adjoint ? row : column);
    stored.X = layout_->position(group, element.block, excitations);
    if (!layout_->real_state()) {
      stored.Y = stored.X + lanes;
    }
  }
  return stored;
}

void TavisCummingsSector::observe(const double* x, double* observations) const {
  const int k = layout_->k();
  std::vector<double> X(basis_.blocks().size());
  std::vector<double> Y(basis_.blocks().size(), 0.0);
  double photons = 0;
  double* next = observations;
  for (int e = k; e <= battery_.N; ++e) {
    const TavisCummingsGroup& group = layout_->group(e, e - k);
    if (!layout_->own().has(e)) {
      next = std::fill_n(next, group.strips * (k > 0 ? 2 : 1), 0.0);
      continue;
    }
    kernels::TavisCummingsStrips strips;
    strips.first = x + group.begin;
    strips.strips = group.strips;
    strips.tiles = group.tiles;
    strips.tile_size = layout_->tile_size();
    strips.most_photons = layout_->max_excitations() - e;
    photons += kernels_.tavis_cummings_sums(strips, X.data());
    if (k > 0 && !layout_->real_state()) {
      strips.first += lanes;
      kernels_.tavis_cummings_sums(strips, Y.data());
    }
    for (int s = 0; s < group.strips; ++s) {
      *next++ = X[s] + Y[s];
      if (k > 0) {
        *next++ = X[s] - Y[s];
      }
    }
  }
  requested_.observe(x, observations + observed_.size() - requested_.positions().size());
  if (k > 0) {
    return;
  }
  double* const of_cavity = next;
  const std::int64_t before_populations = all_.first_requested() - all_.photon_number();
  std::fill_n(of_cavity, before_populations + all_.distribution_size, 0.0);
  const auto at = [&](std::int64_t position) -> double& {
    return of_cavity[position < all_.first_requested()
                         ? position - all_.photon_number()
                         : before_populations + position - all_.population(0)];
  };
  at(all_.photon_number()) = photons;  // by the kernel, which sees all levels
  at(all_.interaction_energy()) = layout_->real_state() ? 0.0 : interaction_energy(x);
  const CavityObservations cavity(all_, battery_.fock_dim);
  const int end = std::min(battery_.fock_dim, layout_->max_excitations() + 1);
  for (int n = cavity.lowest_level(); n < end; ++n) {
    const double population_of_level = population(x, n);
    cavity.for_each_but_photon_number(n, [&](std::int64_t position, double weight) {
      at(position) += weight * population_of_level;
    });
  }
  if (!other_.empty()) {
    at(all_.position(EnergyOf::other)) = other_energy(x);
  }
}

double TavisCummingsSector::population(const double* x, int n) const {
  double sum = 0;
  const auto last = static_cast<int>(layout_->own().end) - 1;
  for (int e = static_cast<int>(layout_->own().begin);
       e <= std::min(layout_->max_excitations() - n, last); ++e) {
    const TavisCummingsGroup& group = layout_->group(e, e);
    for (int s = 0; s < group.strips; ++s) {
      sum += x[layout_->position(group, s, n + e)];
    }
  }
  return sum;
}

double TavisCummingsSector::other_energy(const double* x) const {
  double energy = 0;
  for (int e = static_cast<int>(layout_->own().begin); e < layout_->own().end; ++e) {
    const TavisCummingsGroup& group = layout_->group(e, e);
    for (int s = 0; s < group.strips; ++s) {
      for (int n = 0; n + e <= layout_->max_excitations(); ++n) {
        energy +=
            other_.diagonal(basis_.blocks()[s], e - s, n) * x[layout_->position(group, s, n + e)];
      }
    }
  }
  return energy;
}

// Sum of A_pq R_pq and A_qp R_qp = -A_pq R_qp over p = (e, n) and q = (e + 1, n - 1): 2 A_pq Y_pq.
double TavisCummingsSector::interaction_energy(const double* x) const {
  double energy = 0;
  for (int e = static_cast<int>(layout_->own().begin); e < layout_->own().end; ++e) {
    const TavisCummingsGroup& group = layout_->group(e, e + 1);
    for (int tile = 0; tile < group.tiles; ++tile) {
      const double* const row =
          x + group.begin + std::int64_t{tile} * group.strips * layout_->tile_size();
      std::array<double, lanes> sums = {};
      for (int s = 0; s < group.strips; ++s) {
        for (int lane = 0; lane < lanes; ++lane) {
          sums[lane] += weights_[group.weights + s].column_below *
                        row[s * layout_->tile_size() + lanes + lane];
        }
      }
      for (int lane = 0; lane < lanes; ++lane) {
        // sqrt(n)
        energy -= 2 * roots_[e + tile * lanes + lane + 1] * sums[lane];
      }
    }
  }
  return energy;
}

void TavisCummingsSector::gather(const double* full, double* x) const {
  std::fill_n(x, size(), 0.0);
  layout_->for_each_element(layout_->kept(), [&](const Element& p, std::int64_t position,
                                                 const TavisCummingsGroup& group) {
    const double direct = full[basis_.index(p)];
    const double adjoint = full[basis_.index({p.block, p.k, p.i, p.l, p.n})];
    x[position] = (direct + adjoint) / 2;
    if (!layout_->real_state() && !group.diagonal) {
      x[position + lanes] = (direct - adjoint) / 2;
    }
  });
}

void TavisCummingsSector::scatter(const double* x, double* full) const {
  layout_->for_each_element(layout_->own(), [&](const Element& p, std::int64_t position,
                                                const TavisCummingsGroup& /*group*/) {
    const double Y = layout_->real_state() ? 0.0 : x[position + lanes];
    full[basis_.index(p)] = x[position] + Y;
    full[basis_.index({p.block, p.k, p.i, p.l, p.n})] = x[position] - Y;
  });
}

}  // namespace qbsweep
