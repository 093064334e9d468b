#pragma once
/// \file
/// In which order the elements of a Tavis-Cummings sector are stored.
///
/// An element |j, e; n><j, e'; n'| has e = N/2 + M and e' = N/2 + M' excited atoms, the excitation
/// number K = n + e of its row and K - k = n' + e' of its column. For given (j, e, e') the elements
/// of all K are a *strip*, in descending K from the highest one down, cut into *tiles* of eight,
/// the last one padded. The strips of all j at the same (e, e') have the same photon numbers; they
/// are a *group*, in which the tiles of one range of K follow each other:
///
///     group (e, e')      | group ...
///     K = top .. top - 7                    | K = top - 8 .. top - 15     | ...
///     j = N/2 | N/2 - 1 | N/2 - 2 | ..      | N/2 | N/2 - 1 | ..
///
/// Each tile is eight X, followed by eight Y if they are stored. In the sector k = 0, which is its
/// own adjoint, only e <= e' is stored.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "kernels/tavis_cummings_kernel.hpp"
#include "qbsweep/physics/spin_blocks.hpp"
#include "qbsweep/physics/state_basis.hpp"

namespace qbsweep {

class TavisCummingsLayout {
 public:
  using Group = kernels::TavisCummingsGroup;
  static constexpr std::int64_t lanes = kernels::tile_lanes;

  /// \param k                >= 0
  /// \param max_excitations  highest K that is stored
  /// \param real_state       whether Y vanishes and is not stored
  TavisCummingsLayout(int N, bool local_noise, int k, int max_excitations, bool real_state);

  [[nodiscard]] int k() const { return k_; }
  [[nodiscard]] int max_excitations() const { return max_excitations_; }
  [[nodiscard]] bool real_state() const { return real_state_; }
  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] std::int64_t unknowns() const { return unknowns_; }

  /// Blocks that are stored, so strips of the largest groups.
  [[nodiscard]] int block_count() const { return block_count_; }

  /// All groups in storage order, then the one that does not exist.
  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }

  /// The group of e and e', in either order where only one of them is stored.
  [[nodiscard]] const Group& group(int row_excited, int column_excited) const {
    return groups_[group_number(row_excited, column_excited)];
  }

  /// Doubles of one tile: X, or X and Y.
  [[nodiscard]] std::int64_t tile_size() const { return real_state_ ? lanes : 2 * lanes; }

  /// Elements of a strip, without padding.
  [[nodiscard]] std::int64_t strip_length(const Group& group) const {
    return max_excitations_ + 1 - std::max(group.row_excited, group.column_excited + k_);
  }

  /// Where X of an element is stored; Y is `lanes` behind.
  [[nodiscard]] std::int64_t position(const Group& group, std::int64_t strip,
                                      std::int64_t excitations) const {
    const std::int64_t from_top = max_excitations_ - excitations;
    return group.begin + ((from_top / lanes) * group.strips + strip) * tile_size() +
           from_top % lanes;
  }

  /// Calls visit(element, position of its X, group) for every element that is stored.
  template <typename Visit>
  void for_each_element(Visit&& visit) const;

 private:
  [[nodiscard]] std::int64_t group_number(int row_excited, int column_excited) const;
  void add_groups();
  void connect_groups();

  int N_;
  int k_;
  int max_excitations_;
  bool real_state_;
  int block_count_;
  std::int64_t size_ = 0;
  std::int64_t unknowns_ = 0;
  std::vector<Group> groups_;
  std::vector<std::int64_t> group_numbers_;  // of e (N + 1) + e'; -1 where there is none
};

template <typename Visit>
void TavisCummingsLayout::for_each_element(Visit&& visit) const {
  for (const Group& group : groups_) {
    for (int s = 0; s < group.strips; ++s) {
      const auto e = static_cast<int>(group.row_excited);
      const auto e_column = static_cast<int>(group.column_excited);
      for (int n = std::max(0, e_column + k_ - e); n + e <= max_excitations_; ++n) {
        const Element element = {s, e - s, e_column - s, n, n + e - k_ - e_column};
        visit(element, position(group, s, n + e), group);
      }
    }
  }
}

}  // namespace qbsweep
