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
///
/// Of the groups a rank may own those of some e that follow each other. Rows of e are set from rows
/// of e - 1, e and e + 1 alone (for k = 0, too, where a group that is not stored is read as its
/// adjoint), so it keeps the groups of one more e on each side.

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/tavis_cummings_kernel.hpp"
#include "qbsweep/model/spin_blocks.hpp"
#include "qbsweep/model/state_basis.hpp"
#include "qbsweep/operators/sector.hpp"
#include "qbsweep/parallel/partition.hpp"

namespace qbsweep {

/// The strips of all j at one (e, e').
struct TavisCummingsGroup {
  int row_excited = 0;
  int column_excited = 0;
  std::int64_t begin = 0;    ///< its first double in what is kept of a state
  std::int64_t weights = 0;  ///< strips that are owned before it
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
  /// \param energies         of 0 .. N excited atoms, by which elements turn
  /// \param ranks, rank      how many share the sector, and which of them this is for
  TavisCummingsLayout(int N, bool local_noise, int k, int max_excitations, bool real_state,
                      std::vector<double> energies, int ranks = 1, int rank = 0);

  /// Doubles of all groups of each e, up to the last e that has any.
  [[nodiscard]] static std::vector<std::int64_t> sizes_of_rows(int N, bool local_noise, int k,
                                                               int max_excitations,
                                                               bool real_state);

  /// The e that are kept by a rank that owns those of `own`, of `count`.
  [[nodiscard]] static IndexRange kept(const IndexRange& own, std::int64_t count) {
    return own.empty()
               ? own
               : IndexRange{std::max<std::int64_t>(own.begin - 1, 0), std::min(own.end + 1, count)};
  }

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

  /// The e that each rank owns, that this one owns, and those that it keeps.
  [[nodiscard]] const std::vector<IndexRange>& shares() const { return shares_; }
  [[nodiscard]] const IndexRange& own() const { return own_; }
  [[nodiscard]] const IndexRange& kept() const { return kept_; }
  /// How many e there are.
  [[nodiscard]] std::int64_t lines() const { return static_cast<std::int64_t>(begins_.size()) - 1; }

  /// Where the groups of e begin in what is kept.
  [[nodiscard]] std::int64_t begin_of(std::int64_t e) const {
    return begins_[e] - begins_[kept_.begin];
  }

  [[nodiscard]] Slab slab() const {
    return {begins_.back(), begins_[kept_.begin], zeros_, begin_of(own_.begin), begin_of(own_.end)};
  }

  /// Doubles of what is kept of a state.
  [[nodiscard]] std::int64_t size() const { return zeros_ + zeros_size_; }

  /// Where the row of zeros begins; it extends to the end.
  [[nodiscard]] std::int64_t zeros() const { return zeros_; }

  /// The groups of some e, in storage order.
  [[nodiscard]] std::span<const TavisCummingsGroup> groups(const IndexRange& rows) const;

  /// All rows of the groups of some e that are owned, in storage order.
  [[nodiscard]] std::span<const kernels::TavisCummingsRow> rows(const IndexRange& rows) const;

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

  /// Calls visit(element, position of its X, group) for every element of some e that are kept.
  template <typename Visit>
  void for_each_element(const IndexRange& rows, Visit&& visit) const;

 private:
  /// Puts a group at `begin`, which moves to its end.
  void add_group(int row_excited, int column_excited, std::int64_t& begin);
  void add_rows(const TavisCummingsGroup& group);
  [[nodiscard]] std::int64_t row_begin(const TavisCummingsGroup& group, int tile) const;

  int N_;
  int k_;
  int max_excitations_;
  bool real_state_;
  std::vector<double> energies_;
  int block_count_;
  std::vector<IndexRange> shares_;
  IndexRange own_;
  IndexRange kept_;
  std::int64_t zeros_ = 0;
  std::int64_t zeros_size_;
  std::int64_t unknowns_ = 0;
  std::vector<TavisCummingsGroup> groups_;
  std::vector<std::int64_t> group_numbers_;  // of e (N + 1) + e'; -1 where there is none
  std::vector<kernels::TavisCummingsRow> rows_;
  // For every e, and one more: of the whole state the first double and the first group; the first
  // of rows_ of those that are owned.
  std::vector<std::int64_t> begins_;
  std::vector<std::size_t> first_groups_;
  std::vector<std::size_t> first_rows_;
};

template <typename Visit>
void TavisCummingsLayout::for_each_element(const IndexRange& rows, Visit&& visit) const {
  for (const TavisCummingsGroup& group : groups(rows)) {
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
