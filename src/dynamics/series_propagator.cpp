#include "qbsweep/dynamics/series_propagator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace qbsweep {

namespace {

/// Of early times in a step most coefficients are far below rounding, which vectors that may grow a
/// hundredfold do not bring back.
constexpr double negligible = 1e-22;

}  // namespace

void SeriesRounding::begin(double first_norm, double smallest) {
  norm = first_norm;
  injected = 0.0;
  allowed = largest_series_growth * std::max(first_norm, smallest);
}

void SeriesRounding::note(std::span<const double> coefficients, std::int64_t end, double new_norm) {
  const double largest = std::max(norm, new_norm);
  for (std::int64_t k = (end - 1) / terms_between_norms * terms_between_norms; k < end; ++k) {
    const double coefficient = coefficients[static_cast<std::size_t>(k)];
    injected += largest * largest;
    squares += coefficient * coefficient * injected;
  }
  norm = new_norm;
}

double SeriesRounding::cost() const {
  return std::numeric_limits<double>::epsilon() * std::sqrt(squares);
}

SeriesPropagator::SeriesPropagator(const MatrixFreeOperator& L, const SeriesStep& step,
                                   std::span<const double> times)
    : L_(&L), series_(step.ellipse), terms_(step.terms), coefficients_(times.size()) {
  for (std::size_t l = 0; l < times.size(); ++l) {
    series_.coefficients(times[l], terms_, coefficients_[l]);
  }
}

void SeriesPropagator::add_to_ends(std::int64_t k, const SectorState& previous,
                                   const SectorState& vector, std::span<SectorState> ends) const {
  for (std::size_t l = 0; l < ends.size(); ++l) {
    const std::vector<double>& c = coefficients_[l];
    if (k % 2 != 0 && std::abs(c[k - 1]) + std::abs(c[k]) > negligible) {
      (void)add_scaled({c[k - 1], c[k]}, previous.data(), vector.data(), ends[l].data(),
                       vector.size());
    } else if (k % 2 == 0 && k + 1 == terms_) {
      (void)add_scaled(c[k], vector.data(), ends[l].data(), vector.size());
    }
  }
}

bool SeriesPropagator::run_watched(SectorState& state, SectorState& previous,
                                   std::span<SectorState> ends, SeriesRounding& rounding,
                                   double smallest_norm,
                                   const std::function<void(std::int64_t)>& on_term) const {
  rounding.begin(norm(state), smallest_norm);
  return run(state, previous, ends, [&](std::int64_t k, const SectorState& vector) {
    if (on_term) {
      on_term(k);
    }
    if (k + 1 < terms_ && (k + 1) % SeriesRounding::terms_between_norms != 0) {
      return true;
    }
    const double length = norm(vector);
    rounding.note(coefficients(), k + 1, length);
    return !rounding.has_grown(length);
  });
}

}  // namespace qbsweep
