#include "qbsweep/dynamics/power_series.hpp"

#include <algorithm>
#include <utility>

#include "qbsweep/operators/series_vectors.hpp"

namespace qbsweep {
namespace {

/// Terms that are still needed for the next one.
std::size_t terms_kept(const PowerWeights& weights) {
  std::size_t longest = 0;
  for (const std::vector<double>& of_one : weights) {
    longest = std::max(longest, of_one.size());
  }
  return longest + 1;
}

}  // namespace

PowerSeries::PowerSeries(std::vector<const MatrixFreeOperator*> operators,
                         const PowerWeights& weights, double h, std::int64_t terms)
    : operators_(std::move(operators)),
      weights_(weights),
      h_(h),
      terms_(terms),
      size_(operators_.front()->size()) {
  for (std::size_t v = 0; v < terms_kept(weights); ++v) {
    terms_kept_.emplace_back(size_);
  }
  for (std::size_t i = 0; i < operators_.size(); ++i) {
    combined_.emplace_back(size_);
  }
}

bool PowerSeries::run(SectorState& state, SectorState* end,
                      const std::function<bool(std::int64_t, const SectorState&)>& visit) {
  std::swap(term(0), state);
  for (std::int64_t n = 0; n < terms_; ++n) {
    if (n > 0) {
      make_next(n - 1);
    }
    if (end != nullptr) {
      (void)add_scaled(1.0, term(n).data(), end->data(), size_);
    }
    if (!visit(n, term(n))) {
      return false;
    }
  }
  return true;
}

void PowerSeries::make_next(std::int64_t n) {
  double weight_of_first = 1.0;
  std::fill_n(combined_[0].data(), size_, 0.0);
  for (std::size_t i = 1; i < operators_.size(); ++i) {
    const std::vector<double>& weights = weights_[i - 1];
    double* const x = combined_[i].data();
    std::fill_n(x, size_, 0.0);
    const std::int64_t last = std::min<std::int64_t>(n, std::ssize(weights) - 1);
    std::int64_t m = 1;
    for (; m + 1 <= last; m += 2) {
      (void)add_scaled(
          {weights[static_cast<std::size_t>(m)], weights[static_cast<std::size_t>(m + 1)]},
          term(n - m).data(), term(n - m - 1).data(), x, size_);
    }
    if (m <= last) {
      (void)add_scaled(weights[static_cast<std::size_t>(m)], term(n - m).data(), x, size_);
    }
    (void)add_scaled(-1.0, x, combined_[0].data(), size_);
    (void)add_scaled(weights[0], term(n).data(), x, size_);
    weight_of_first -= weights[0];
  }
  (void)add_scaled(weight_of_first, term(n).data(), combined_[0].data(), size_);
  SectorState& next = term(n + 1);
  Recurrence recurrence = {h_ / static_cast<double>(n + 1), 0.0, 0.0};
  for (std::size_t i = 0; i < operators_.size(); ++i) {
    operators_[i]->apply(combined_[i].data(), next.data(), recurrence);
    recurrence.gamma = 1.0;
  }
}

double power_series_vectors(const PowerWeights& weights) {
  return static_cast<double>(terms_kept(weights) + weights.size() + 1);
}

}  // namespace qbsweep
