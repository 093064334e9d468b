#include "tavis_cummings_layout.hpp"

namespace qbsweep {

TavisCummingsLayout::TavisCummingsLayout(int N, bool local_noise, int k, int max_excitations,
                                         bool real_state)
    : N_(N),
      k_(k),
      max_excitations_(max_excitations),
      real_state_(real_state),
      block_count_(local_noise ? N / 2 + 1 : 1),
      group_numbers_(static_cast<std::size_t>(N + 1) * (N + 1), -1) {
  add_groups();
  connect_groups();
}

std::int64_t TavisCummingsLayout::group_number(int row_excited, int column_excited) const {
  const auto missing = static_cast<std::int64_t>(groups_.size()) - 1;
  if (row_excited < 0 || column_excited < 0 || row_excited > N_ || column_excited > N_) {
    return missing;
  }
  if (k_ == 0 && row_excited > column_excited) {
    std::swap(row_excited, column_excited);
  }
  const std::int64_t number =
      group_numbers_[static_cast<std::size_t>(row_excited) * (N_ + 1) + column_excited];
  return number < 0 ? missing : number;
}

void TavisCummingsLayout::add_groups() {
  std::int64_t weights = 0;
  // Neighbours in e and e' should be near each other in memory, so that they are still in a cache
  // when they are needed again: bands of e', and within a band all e.
  constexpr int band = 8;
  for (int first = 0; first <= N_; first += band) {
    for (int e = 0; e <= N_; ++e) {
      for (int e_column = k_ == 0 ? std::max(first, e) : first;
           e_column < std::min(first + band, N_ + 1); ++e_column) {
        Group group;
        group.row_excited = e;
        group.column_excited = e_column;
        group.diagonal = k_ == 0 && e == e_column;
        const std::int64_t length = strip_length(group);
        if (length <= 0) {
          continue;
        }
        group.strips = std::min(block_count_, std::min({e, N_ - e, e_column, N_ - e_column}) + 1);
        group.tiles = (length + lanes - 1) / lanes;
        group.begin = size_;
        group.weights = weights;
        group_numbers_[static_cast<std::size_t>(e) * (N_ + 1) + e_column] =
            static_cast<std::int64_t>(groups_.size());
        groups_.push_back(group);
        size_ += group.tiles * group.strips * tile_size();
        unknowns_ += length * group.strips * (real_state_ || group.diagonal ? 1 : 2);
        weights += group.strips;
      }
    }
  }
  groups_.emplace_back();
}

void TavisCummingsLayout::connect_groups() {
  for (Group& group : groups_) {
    const auto e = static_cast<int>(group.row_excited);
    const auto e_column = static_cast<int>(group.column_excited);
    group.row_below = group_number(e - 1, e_column);
    group.row_above = group_number(e + 1, e_column);
    group.column_below = group_number(e, e_column - 1);
    group.column_above = group_number(e, e_column + 1);
    group.both_above = group_number(e + 1, e_column + 1);
  }
}

}  // namespace qbsweep
