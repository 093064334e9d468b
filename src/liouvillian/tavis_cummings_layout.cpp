#include "tavis_cummings_layout.hpp"

#include <utility>

namespace qbsweep {

TavisCummingsLayout::TavisCummingsLayout(int N, bool local_noise, int k, int max_excitations,
                                         bool real_state)
    : N_(N),
      k_(k),
      max_excitations_(max_excitations),
      real_state_(real_state),
      block_count_(local_noise ? N / 2 + 1 : 1),
      // The kernel reads up to two tiles behind a row, with weight zero.
      zeros_size_(std::int64_t{block_count_ + 2} * tile_size()),
      group_numbers_(static_cast<std::size_t>(N + 1) * (N + 1), -1) {
  for (int e = 0; e <= N; ++e) {
    for (int e_column = k == 0 ? e : 0; e_column <= N; ++e_column) {
      add_group(e, e_column);
    }
  }
  for (const TavisCummingsGroup& group : groups_) {
    add_rows(group);
  }
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

void TavisCummingsLayout::add_group(int row_excited, int column_excited) {
  const Shape group_shape =
      shape(N_, block_count_, k_, max_excitations_, row_excited, column_excited);
  if (group_shape.length == 0) {
    return;
  }
  TavisCummingsGroup group;
  group.row_excited = row_excited;
  group.column_excited = column_excited;
  group.begin = zeros_;
  group.weights = groups_.empty() ? 0 : groups_.back().weights + groups_.back().strips;
  group.strips = group_shape.strips;
  group.tiles = group_shape.tiles;
  group.diagonal = k_ == 0 && row_excited == column_excited;
  group_numbers_[static_cast<std::size_t>(row_excited) * (N_ + 1) + column_excited] =
      static_cast<std::int64_t>(groups_.size());
  groups_.push_back(group);
  zeros_ += std::int64_t{group.tiles} * group.strips * tile_size();
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
    row.excited_difference = e - e_column;
    row.diagonal = own.diagonal;
    rows_.push_back(row);
  }
}

}  // namespace qbsweep
