// How states of a Tavis-Cummings sector move to other numbers of excitations: its lines are the
// rows with as many excited atoms.
#include <algorithm>

#include "qbsweep/operators/tavis_cummings_sector.hpp"
#include "tavis_cummings_layout.hpp"

namespace qbsweep {

int TavisCummingsSector::levels() const {
  return layout_->max_excitations() + 1;
}

void TavisCummingsSector::add_populations(const double* x, std::span<double> populations) const {
  if (layout_->k() > 0) {
    return;
  }
  for (std::int64_t e = layout_->own().begin; e < layout_->own().end; ++e) {
    const TavisCummingsGroup& group = layout_->group(static_cast<int>(e), static_cast<int>(e));
    for (int s = 0; s < group.strips; ++s) {
      for (int K = static_cast<int>(e); K <= layout_->max_excitations(); ++K) {
        populations[K] += x[layout_->position(group, s, K)];
      }
    }
  }
}

IndexRange TavisCummingsSector::own_lines(int rank) const {
  return layout_->shares()[rank];
}

IndexRange TavisCummingsSector::kept_lines(int rank) const {
  return TavisCummingsLayout::kept(layout_->shares()[rank], layout_->lines());
}

/// Calls visit(position of X, whether it has a Y) for the elements of a line with less excitations
/// than `levels`.
template <typename Visit>
void TavisCummingsSector::for_each_of_line(std::int64_t line, int levels, Visit&& visit) const {
  for (const TavisCummingsGroup& group : layout_->groups({line, line + 1})) {
    const bool has_Y = !layout_->real_state() && !group.diagonal;
    for (int s = 0; s < group.strips; ++s) {
      for (int K = std::max(group.row_excited, group.column_excited + layout_->k()); K < levels;
           ++K) {
        visit(layout_->position(group, s, K), has_Y);
      }
    }
  }
}

std::int64_t TavisCummingsSector::packed_size(std::int64_t line, int levels) const {
  std::int64_t size = 0;
  if (line < layout_->lines()) {
    for_each_of_line(line, levels,
                     [&](std::int64_t /*position*/, bool has_Y) { size += has_Y ? 2 : 1; });
  }
  return size;
}

void TavisCummingsSector::pack(std::int64_t line, int levels, const double* x,
                               double* numbers) const {
  for_each_of_line(line, levels, [&](std::int64_t position, bool has_Y) {
    *numbers++ = x[position];
    if (has_Y) {
      *numbers++ = x[position + TavisCummingsLayout::lanes];
    }
  });
}

void TavisCummingsSector::unpack(std::int64_t line, int levels, const double* numbers,
                                 double* x) const {
  for_each_of_line(line, levels, [&](std::int64_t position, bool has_Y) {
    x[position] = *numbers++;
    if (has_Y) {
      x[position + TavisCummingsLayout::lanes] = *numbers++;
    }
  });
}

}  // namespace qbsweep
