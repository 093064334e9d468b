#pragma once
/// \file
/// The vectors F_k(L) x of a series on an ellipse (ellipse_series.hpp), one after the other.

#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>

#include "qbsweep/operators/ellipse_series.hpp"
#include "qbsweep/operators/sector.hpp"
#include "qbsweep/operators/sector_state.hpp"

namespace qbsweep {

/// What a vector of the series may have grown by. Rounding, and what the bound of the terms left
/// out does not know, grow with it.
inline constexpr double largest_series_growth = 100.0;

/// So often a series that grows is done again in shorter steps, before the ellipse is widened.
inline constexpr int shorter_series_tries = 3;

/// Sum of the squares of the doubles first .. end - 1.
[[nodiscard]] inline double square_norm(const SectorState& state, std::int64_t first,
                                        std::int64_t end) {
  // Sums that do not wait for each other.
  std::array<double, 16> sums = {};
  const double* const x = state.data();
  std::int64_t e = first;
  for (; e + 16 <= end; e += 16) {
    for (std::int64_t lane = 0; lane < 16; ++lane) {
      sums[lane] += x[e + lane] * x[e + lane];
    }
  }
  double sum = 0.0;
  for (; e < end; ++e) {
    sum += x[e] * x[e];
  }
  for (const double lane : sums) {
    sum += lane;
  }
  return sum;
}

/// Euclidean norm of what is stored.
[[nodiscard]] inline double norm(const SectorState& state) {
  return std::sqrt(square_norm(state, 0, state.size()));
}

/// to[e] += factor from[e] for e = 0 .. count - 1, where `to` is not `from`. Returns the sum of the
/// squares of `from`, which costs nothing beside reading it.
double add_scaled(double factor, const double* from, double* to, std::int64_t count);

/// to[e] += factors[0] first[e] + factors[1] second[e], which reads and writes `to` once for both.
std::array<double, 2> add_scaled(const std::array<double, 2>& factors, const double* first,
                                 const double* second, double* to, std::int64_t count);

/// to[e] = the sum of factors[v] from[v][e] for e = 0 .. count - 1, where `to` is none of them.
void combine(std::span<const double> factors, std::span<const double* const> from, double* to,
             std::int64_t count);

/// Calls visit(k, vector) for k = first .. terms - 1, where each vector takes one application of L
/// to the two before it; ends early, and returns false, where `visit` does. Within visit()
/// `previous` is the vector before, if k > 0.
/// \param state     x, or F_(first-1)(L) x if the series is resumed; destroyed
/// \param previous  as large, F_(first-2)(L) x if the series is resumed; destroyed
template <typename Visit>
bool for_each_series_vector(const MatrixFreeOperator& L, const EllipseSeries& series,
                            std::int64_t terms, SectorState& state, SectorState& previous,
                            Visit&& visit, std::int64_t first = 0) {
  for (std::int64_t k = first; k < terms; ++k) {
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
