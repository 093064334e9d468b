#include "qbsweep/liouvillian/tavis_cummings_sector.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "kernels/kernels.hpp"
#include "qbsweep/physics/coupling.hpp"
#include "qbsweep/physics/observables.hpp"
#include "qbsweep/physics/single_atom_jump.hpp"
#include "tavis_cummings_layout.hpp"

namespace qbsweep {
namespace {

using kernels::TavisCummingsGroup;
using kernels::TavisCummingsWeights;
constexpr std::int64_t lanes = TavisCummingsLayout::lanes;

/// What block `to` receives from block `from` at (e, e') excited atoms, which `from` need not have.
double jump_weight(const StateBasis& basis, AtomOperator q, std::int64_t from, std::int64_t to,
                   std::int64_t e, std::int64_t e_column) {
  if (from < 0 || from >= static_cast<std::int64_t>(basis.blocks().size())) {
    return 0.0;
  }
  const SpinBlock source = basis.blocks()[from];
  const SpinBlock target = basis.blocks()[to];
  const auto i = static_cast<int>(e - from);
  const auto i_column = static_cast<int>(e_column - from);
  if (std::min(i, i_column) < 0 || std::max(i, i_column) >= source.dim()) {
    return 0.0;
  }
  return jump_prefactor(basis.N(), source, target) * jump_amplitude(q, source, target, i) *
         jump_amplitude(q, source, target, i_column);
}

/// sum over n of rho(n, n), and of n rho(n, n), of the strips that rho_B sees.
struct TracedStrip {
  double x = 0;
  double y = 0;
};

TracedStrip trace_strip(const TavisCummingsLayout& layout, const TavisCummingsGroup& group,
                        std::int64_t strip, const double* x) {
  // A sum for every lane: the padding is zero.
  std::array<double, lanes> X = {};
  std::array<double, lanes> Y = {};
  const std::int64_t row = group.strips * layout.tile_size();
  const double* tile = x + group.begin + strip * layout.tile_size();
  for (std::int64_t t = 0; t < group.tiles; ++t, tile += row) {
    for (std::int64_t lane = 0; lane < lanes; ++lane) {
      X[lane] += tile[lane];
    }
    if (!layout.real_state()) {
      for (std::int64_t lane = 0; lane < lanes; ++lane) {
        Y[lane] += tile[lanes + lane];
      }
    }
  }
  TracedStrip sum;
  for (std::int64_t lane = 0; lane < lanes; ++lane) {
    sum.x += X[lane];
    sum.y += Y[lane];
  }
  return sum;
}

}  // namespace

TavisCummingsSector::TavisCummingsSector(const BatteryParameters& battery, int k,
                                         int max_excitations, bool real_state)
    : TavisCummingsSector(battery, k, max_excitations, real_state, kernels::best()) {}

TavisCummingsSector::TavisCummingsSector(const BatteryParameters& battery, int k,
                                         int max_excitations, bool real_state,
                                         const kernels::KernelSet& kernels)
    : battery_(battery),
      basis_(battery.N, battery.fock_dim, has_local_noise(battery)),
      kernels_(kernels),
      layout_(std::make_unique<const TavisCummingsLayout>(battery.N, has_local_noise(battery), k,
                                                          max_excitations, real_state)),
      // The kernel reads up to two tiles beyond a row, with weight zero.
      zeros_((layout_->block_count() + 2) * layout_->tile_size()) {
  add_coupling();
  add_local_noise();
  add_observations();
}

TavisCummingsSector::~TavisCummingsSector() = default;

std::int64_t TavisCummingsSector::size() const {
  return layout_->size();
}

std::int64_t TavisCummingsSector::unknowns() const {
  return layout_->unknowns();
}

void TavisCummingsSector::add_coupling() {
  // As far as the last register of the last tile of the most excited group reaches.
  const int last = layout_->max_excitations() + battery_.N + layout_->k() + 4 * lanes;
  for (int u = 0; u <= last; ++u) {
    roots_.push_back(std::sqrt(std::max(0.0, layout_->max_excitations() + 1.0 - u)));
  }
  const double g_prime = effective_coupling(battery_);
  raising_.assign(static_cast<std::size_t>(battery_.N + 2) * layout_->block_count(), 0.0);
  for (int s = 0; s < layout_->block_count(); ++s) {
    const SpinBlock block = basis_.blocks()[s];
    for (int i = 0; i + 1 < block.dim(); ++i) {
      const int excited_after = s + i + 1;
      raising_[static_cast<std::size_t>(excited_after) * layout_->block_count() + s] =
          g_prime * raising_element(block, i);
    }
  }
}

void TavisCummingsSector::add_local_noise() {
  const double decay = battery_.gamma_down;
  const double dephasing = 4 * battery_.gamma_phi;  // sigma_z is twice sigma_z/2
  for (const TavisCummingsGroup& group : layout_->groups()) {
    const auto e = group.row_excited;
    const auto e_column = group.column_excited;
    for (std::int64_t s = 0; s < group.strips; ++s) {
      const auto dephased = [&](std::int64_t from) {
        return dephasing * jump_weight(basis_, AtomOperator::half_pauli_z, from, s, e, e_column);
      };
      const auto decayed = [&](std::int64_t from) {
        return decay * jump_weight(basis_, AtomOperator::lowering, from, s, e + 1, e_column + 1);
      };
      TavisCummingsWeights weights;
      weights.own = dephased(s) - battery_.gamma_phi * battery_.N -
                    decay * static_cast<double>(e + e_column) / 2;
      weights.dephasing_from_wider = dephased(s - 1);
      weights.dephasing_from_narrower = dephased(s + 1);
      weights.decay = decayed(s);
      weights.decay_from_wider = decayed(s - 1);
      weights.decay_from_narrower = decayed(s + 1);
      weights_.push_back(weights);
    }
  }
}

void TavisCummingsSector::apply(const double* x, double* y, const Recurrence& weights) const {
  kernels::TavisCummingsArguments arguments;
  arguments.x = x;
  arguments.y = y;
  arguments.apply = weights.apply;
  arguments.keep = weights.keep;
  arguments.previous = weights.previous;
  arguments.groups = layout_->groups().data();
  arguments.group_count = static_cast<long>(layout_->groups().size());
  arguments.weights = weights_.data();
  arguments.zeros = zeros_.data();
  arguments.roots = roots_.data();
  arguments.raising = raising_.data();
  arguments.raising_stride = layout_->block_count();
  arguments.max_excitations = layout_->max_excitations();
  arguments.k = layout_->k();
  arguments.kappa = battery_.kappa;
  arguments.detuning = battery_.omega_0 - battery_.omega_c;
  arguments.imaginary = !layout_->real_state();
  arguments.decay = battery_.gamma_down != 0;
  arguments.dephasing = battery_.gamma_phi != 0;
  kernels_.tavis_cummings(arguments);
}

void TavisCummingsSector::set_charged_cavity(std::span<const double> amplitudes, double* x) const {
  std::fill_n(x, size(), 0.0);
  const TavisCummingsGroup& ground = layout_->group(0, 0);
  const auto levels = std::min<std::int64_t>(static_cast<std::int64_t>(amplitudes.size()),
                                             layout_->max_excitations() + 1);
  for (std::int64_t n = layout_->k(); n < levels; ++n) {
    x[layout_->position(ground, 0, n)] = amplitudes[n] * amplitudes[n - layout_->k()];
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
    for (std::int64_t s = 0; s < group.strips; ++s) {
      const std::int64_t dim = basis_.blocks()[s].dim();
      const std::int64_t i = e - s;
      observed_.push_back(first_tile[s] + i * dim + i - k);
      if (k > 0) {
        observed_.push_back(first_tile[s] + (i - k) * dim + i);
      }
    }
  }
  if (k == 0) {
    const ObservationLayout all(basis_);
    observed_.push_back(all.photon_number());
    observed_.push_back(all.interaction_energy());
    observed_.push_back(all.fock_tail());
  }
}

void TavisCummingsSector::observe(const double* x, double* observations) const {
  const int k = layout_->k();
  double* next = observations;
  for (int e = k; e <= battery_.N; ++e) {
    const TavisCummingsGroup& group = layout_->group(e, e - k);
    for (std::int64_t s = 0; s < group.strips; ++s) {
      const TracedStrip traced = trace_strip(*layout_, group, s, x);
      *next++ = traced.x + traced.y;
      if (k > 0) {
        *next++ = traced.x - traced.y;
      }
    }
  }
  if (k > 0) {
    return;
  }
  double photons = 0;
  double interaction = 0;
  double tail = 0;
  for (int e = 0; e <= battery_.N; ++e) {
    const TavisCummingsGroup& diagonal = layout_->group(e, e);
    const TavisCummingsGroup& coupled = layout_->group(e, e + 1);
    for (int n = 0; n + e <= layout_->max_excitations(); ++n) {
      double population = 0;
      for (std::int64_t s = 0; s < diagonal.strips; ++s) {
        population += x[layout_->position(diagonal, s, n + e)];
      }
      photons += n * population;
      tail += n >= battery_.fock_dim - 2 ? population : 0.0;
      if (layout_->real_state() || n == 0) {
        continue;
      }
      // Both of A_pq R_pq and its adjoint, with p = (e, n), q = (e + 1, n - 1): 2 A_pq Y_pq.
      for (std::int64_t s = 0; s < coupled.strips; ++s) {
        const double raising = raising_[(e + 1) * layout_->block_count() + s];
        interaction -= 2 * raising * std::sqrt(static_cast<double>(n)) *
                       x[layout_->position(coupled, s, n + e) + lanes];
      }
    }
  }
  *next++ = photons;
  *next++ = interaction;
  *next++ = tail;
}

void TavisCummingsSector::gather(const double* full, double* x) const {
  std::fill_n(x, size(), 0.0);
  layout_->for_each_element(
      [&](const Element& p, std::int64_t position, const TavisCummingsGroup& group) {
        const double direct = full[basis_.index(p)];
        const double adjoint = full[basis_.index({p.block, p.k, p.i, p.l, p.n})];
        x[position] = (direct + adjoint) / 2;
        if (!layout_->real_state() && !group.diagonal) {
          x[position + lanes] = (direct - adjoint) / 2;
        }
      });
}

void TavisCummingsSector::scatter(const double* x, double* full) const {
  layout_->for_each_element(
      [&](const Element& p, std::int64_t position, const TavisCummingsGroup& /*group*/) {
        const double Y = layout_->real_state() ? 0.0 : x[position + lanes];
        full[basis_.index(p)] = x[position] + Y;
        full[basis_.index({p.block, p.k, p.i, p.l, p.n})] = x[position] - Y;
      });
}

}  // namespace qbsweep
