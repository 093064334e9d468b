#pragma once
/// \file
/// The vectors F_k(L) x of a series on an ellipse (ellipse_series.hpp), one after the other.

#include <cmath>
#include <cstdint>
#include <utility>

#include "qbsweep/liouvillian/ellipse_series.hpp"
#include "qbsweep/liouvillian/sector.hpp"
#include "qbsweep/liouvillian/sector_state.hpp"

namespace qbsweep {

/// What a vector of the series may have grown by. Rounding, and what the bound of the terms left
/// out does not know, grow with it.
inline constexpr double largest_series_growth = 100.0;

/// So often a series that grows is done again in shorter steps, before the ellipse is widened.
inline constexpr int shorter_series_tries = 3;

/// Euclidean norm of what is stored.
[[nodiscard]] inline double norm(const SectorState& state) {
  double sum = 0.0;
  for (std::int64_t e = 0; e < state.size(); ++e) {
    sum += state.data()[e] * state.data()[e];
  }
  return std::sqrt(sum);
}

/// Calls visit(k, vector) for k = 0 .. terms - 1, where each vector takes one application of L to
/// the two before it; ends early, and returns false, where `visit` does.
/// \param state     x; destroyed
/// \param previous  as large; destroyed
template <typename Visit>
bool for_each_series_vector(const MatrixFreeOperator& L, const EllipseSeries& series,
                            std::int64_t terms, SectorState& state, SectorState& previous,
                            Visit&& visit) {
  for (std::int64_t k = 0; k < terms; ++k) {
    if (k > 0) {
      L.apply(state.data(), previous.data(), series.recurrence(k));
      std::swap(state, previous);
    }
    if (!visit(k, std::as_const(state))) {
      return false;
    }
  }
  return true;
}

}  // namespace qbsweep
