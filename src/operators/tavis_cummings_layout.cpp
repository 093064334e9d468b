#include "tavis_cummings_layout.hpp"

#include <utility>

namespace qbsweep {

TavisCummingsLayout::TavisCummingsLayout(int N, bool local_noise, int k, int max_excitations,
                                         bool real_state, std::vector<double> energies, int ranks,
                                         int rank)
    : N_(N),
      k_(k),
      max_excitations_(max_excitations),
      real_state_(real_state),
      energies_(std::move(energies)),
      block_count_(local_noise ? N / 2 + 1 : 1),
      // The kernel reads up to two tiles behind a row, with weight zero.
      zeros_size_(std::int64_t{block_count_ + 2} * tile_size()),
      group_numbers_(static_cast<std::size_t>(N + 1) * (N + 1), -1) {
  const std::vector<std::int64_t> sizes =
      sizes_of_rows(N, local_noise, k, max_excitations, real_state);
  begins_.push_back(0);
  for (const std::int64_t size : sizes) {
    begins_.push_back(begins_.back() + size);
  }
  shares_ = weighted_partition(sizes, ranks);
  own_ = shares_[rank];
  kept_ = kept(own_, static_cast<std::int64_t>(sizes.size()));
  zeros_ = begins_[kept_.end] - begins_[kept_.begin];

  std::int64_t begin = -begins_[kept_.begin];
  for (int e = 0; e < static_cast<int>(sizes.size()); ++e) {
    first_groups_.push_back(groups_.size());
    for (int e_column = k == 0 ? e : 0; e_column <= N; ++e_column) {
      add_group(e, e_column, begin);
    }
  }
  first_groups_.push_back(groups_.size());
  std::int64_t strips = 0;
  for (std::size_t g = first_groups_[own_.begin]; g < first_groups_[own_.end]; ++g) {
    groups_[g].weights = strips;
    strips += groups_[g].strips;
  }
  for (std::int64_t e = own_.begin; e < own_.end; ++e) {
    first_rows_.push_back(rows_.size());
    for (const TavisCummingsGroup& group : groups({e, e + 1})) {
      add_rows(group);
    }
  }
  first_rows_.push_back(rows_.size());
}

std::vector<std::int64_t> TavisCummingsLayout::sizes_of_rows(int N, bool local_noise, int k,
                                                             int max_excitations, bool real_state) {
  const int blocks = local_noise ? N / 2 + 1 : 1;
  std::vector<std::int64_t> sizes;
  for (int e = 0; e <= N; ++e) {
    std::int64_t tiles = 0;
    for (int e_column = k == 0 ? e : 0; e_column <= N; ++e_column) {
      const Shape group = shape(N, blocks, k, max_excitations, e, e_column);
      tiles += std::int64_t{group.tiles} * group.strips;
    }
    sizes.push_back(tiles * (real_state ? lanes : 2 * lanes));
  }
  while (!sizes.empty() && sizes.back() == 0) {
    sizes.pop_back();
  }
  return sizes;
}

std::span<const TavisCummingsGroup> TavisCummingsLayout::groups(const IndexRange& rows) const {
  const std::size_t first = first_groups_[rows.begin];
  return {groups_.data() + first, first_groups_[rows.end] - first};
}

std::span<const kernels::TavisCummingsRow> TavisCummingsLayout::rows(const IndexRange& rows) const {
  const std::size_t first = first_rows_[rows.begin - own_.begin];
  return {rows_.data() + first, first_rows_[rows.end - own_.begin] - first};
}

TavisCummingsLayout::Shape TavisCummingsLayout::shape(int N, int block_count, int k,
                                                      int max_excitations, int row_excited,
                                                      int column_excited) {
  const int length = max_excitations + 1 - std::max(row_excited, column_excited + k);
  if (length <= 0) {
    return {};
  }
  const int blocks = std::min({row_excited, N - row_excited, column_excited, N - column_excited});
  return {length, (length + lanes - 1) / lanes, std::min(block_count, blocks + 1)};
}

void TavisCummingsLayout::add_group(int row_excited, int column_excited, std::int64_t& begin) {
  const Shape group_shape =
      shape(N_, block_count_, k_, max_excitations_, row_excited, column_excited);
  if (group_shape.length == 0) {
    return;
  }
  TavisCummingsGroup group;
  group.row_excited = row_excited;
  group.column_excited = column_excited;
  group.begin = begin;
  group.strips = group_shape.strips;
  group.tiles = group_shape.tiles;
  group.diagonal = k_ == 0 && row_excited == column_excited;
  group_numbers_[static_cast<std::size_t>(row_excited) * (N_ + 1) + column_excited] =
      static_cast<std::int64_t>(groups_.size());
  groups_.push_back(group);
  begin += std::int64_t{group.tiles} * group.strips * tile_size();
  unknowns_ +=
      std::int64_t{group_shape.length} * group.strips * (real_state_ || group.diagonal ? 1 : 2);
}

const TavisCummingsGroup& TavisCummingsLayout::group(int row_excited, int column_excited) const {
  static constexpr TavisCummingsGroup none;
  if (k_ == 0 && row_excited > column_excited) {
    std::swap(row_excited, column_excited);
  }
  if (std::min(row_excited, column_excited) < 0 || std::max(row_excited, column_excited) > N_) {
    return none;
  }
  const std::int64_t number =
      group_numbers_[static_cast<std::size_t>(row_excited) * (N_ + 1) + column_excited];
  return number < 0 ? none : groups_[number];
}

std::int64_t TavisCummingsLayout::row_begin(const TavisCummingsGroup& group, int tile) const {
  return tile >= 0 && tile < group.tiles
             ? group.begin + std::int64_t{tile} * group.strips * tile_size()
             : zeros_;
}

void TavisCummingsLayout::add_rows(const TavisCummingsGroup& own) {
  const int e = own.row_excited;
  const int e_column = own.column_excited;
  for (int tile = 0; tile < own.tiles; ++tile) {
    const int excitations = max_excitations_ - tile * lanes;
    kernels::TavisCummingsRow row;
    row.own = row_begin(own, tile);
    row.before = row_begin(own, tile - 1);
    row.row_below = row_begin(group(e - 1, e_column), tile);
    row.row_above = row_begin(group(e + 1, e_column), tile);
    row.column_below = row_begin(group(e, e_column - 1), tile);
    row.column_above = row_begin(group(e, e_column + 1), tile);
    row.decay = row_begin(group(e + 1, e_column + 1), tile);
    row.decay_before = row_begin(group(e + 1, e_column + 1), tile - 1);
    row.weights = own.weights;
    row.strips = own.strips;
    row.row_photons = excitations - e;
    row.column_photons = excitations - k_ - e_column;
    row.turning = energies_[e] - energies_[e_column];
    row.diagonal = own.diagonal;
    rows_.push_back(row);
  }
}

}  // namespace qbsweep
