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
/// own adjoint, only e <= e' is stored. Groups are in the order of e, then e'. After the last one
/// comes a row of zeros, which stands for whatever lies outside the sector.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "kernels/tavis_cummings_kernel.hpp"
#include "qbsweep/physics/spin_blocks.hpp"
#include "qbsweep/physics/state_basis.hpp"

namespace qbsweep {

/// The strips of all j at one (e, e').
struct TavisCummingsGroup {
  int row_excited = 0;
  int column_excited = 0;
  std::int64_t begin = 0;    ///< its first double in a state
  std::int64_t weights = 0;  ///< strips before it
  int strips = 0;            ///< strip s belongs to j = N/2 - s
  int tiles = 0;             ///< of each strip
  bool diagonal = false;     ///< its own adjoint: Y vanishes
};

class TavisCummingsLayout {
 public:
  static constexpr int lanes = kernels::tile_lanes;

  /// \param k                >= 0
  /// \param max_excitations  highest K that is stored
  /// \param real_state       whether Y vanishes and is not stored
  TavisCummingsLayout(int N, bool local_noise, int k, int max_excitations, bool real_state);

  /// How large the group of e and e' is.
  struct Shape {
    int length = 0;  ///< of a strip, 0 if there is none
    int tiles = 0;
    int strips = 0;
  };
  [[nodiscard]] static Shape shape(int N, int block_count, int k, int max_excitations,
                                   int row_excited, int column_excited);

  [[nodiscard]] int k() const { return k_; }
  [[nodiscard]] int max_excitations() const { return max_excitations_; }
  [[nodiscard]] bool real_state() const { return real_state_; }
  [[nodiscard]] std::int64_t unknowns() const { return unknowns_; }

  /// Doubles of a state.
  [[nodiscard]] std::int64_t size() const { return zeros_ + zeros_size_; }

  /// Where the row of zeros begins; it goes on to the end.
  [[nodiscard]] std::int64_t zeros() const { return zeros_; }

  /// In storage order.
  [[nodiscard]] const std::vector<TavisCummingsGroup>& groups() const { return groups_; }

  /// All rows of all groups, in storage order.
  [[nodiscard]] const std::vector<kernels::TavisCummingsRow>& rows() const { return rows_; }

  /// The group of e and e', in either order where only one of them is stored; one without strips
  /// where there is none.
  [[nodiscard]] const TavisCummingsGroup& group(int row_excited, int column_excited) const;

  /// Doubles of one tile: X, or X and Y.
  [[nodiscard]] int tile_size() const { return real_state_ ? lanes : 2 * lanes; }

  /// Where X of an element is stored; Y is `lanes` behind.
  [[nodiscard]] std::int64_t position(const TavisCummingsGroup& group, int strip,
                                      int excitations) const {
    const int from_top = max_excitations_ - excitations;
    return group.begin + std::int64_t{from_top / lanes * group.strips + strip} * tile_size() +
           from_top % lanes;
  }

  /// Calls visit(element, position of its X, group) for every element that is stored.
  template <typename Visit>
  void for_each_element(Visit&& visit) const;

 private:
  void add_group(int row_excited, int column_excited);
  void add_rows(const TavisCummingsGroup& group);
  [[nodiscard]] std::int64_t row_begin(const TavisCummingsGroup& group, int tile) const;

  int N_;
  int k_;
  int max_excitations_;
  bool real_state_;
  int block_count_;
  std::int64_t zeros_ = 0;
  std::int64_t zeros_size_;
  std::int64_t unknowns_ = 0;
  std::vector<TavisCummingsGroup> groups_;
  std::vector<std::int64_t> group_numbers_;  // of e (N + 1) + e'; -1 where there is none
  std::vector<kernels::TavisCummingsRow> rows_;
};

template <typename Visit>
void TavisCummingsLayout::for_each_element(Visit&& visit) const {
  for (const TavisCummingsGroup& group : groups_) {
    const int e = group.row_excited;
    const int e_column = group.column_excited;
    for (int s = 0; s < group.strips; ++s) {
      for (int n = std::max(0, e_column + k_ - e); n + e <= max_excitations_; ++n) {
        const Element element = {s, e - s, e_column - s, n, n + e - k_ - e_column};
        visit(element, position(group, s, n + e), group);
      }
    }
  }
}

}  // namespace qbsweep
