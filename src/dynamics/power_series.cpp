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
  return longest + 1;  // and the next one itself
}

}  // namespace

PowerSeries::PowerSeries(std::vector<const MatrixFreeOperator*> operators,
                         const PowerWeights& weights, double h, std::int64_t terms,
                         PowerSeriesRoom& room)
    : operators_(std::move(operators)),
      weights_(weights),
      h_(h),
      terms_(terms),
      size_(operators_.front()->size()),
      kept_(static_cast<std::int64_t>(terms_kept(weights))),
      room_(room) {
  const auto fit = [this](std::vector<SectorState>& vectors, std::size_t count) {
    if (!vectors.empty() && vectors.front().size() != size_) {
      vectors.clear();
    }
    for (SectorState& vector : vectors) {
      std::fill_n(vector.data(), size_, 0.0);  // padding, which another part has elsewhere
    }
    while (vectors.size() < count) {
      vectors.emplace_back(size_);
    }
  };
  fit(room_.terms, static_cast<std::size_t>(kept_));
  fit(room_.combined, operators_.size());
}

bool PowerSeries::run(SectorState& state, SectorState* end,
                      const std::function<bool(std::int64_t, const SectorState&)>& visit) {
  std::swap(term(0), state);
  for (std::int64_t n = 0; n < terms_; ++n) {
    if (n > 0) {
      make_next(n - 1);
    }
    if (end != nullptr && n % 2 != 0) {  // two at a time
      (void)add_scaled({1.0, 1.0}, term(n - 1).data(), term(n).data(), end->data(), size_);
    } else if (end != nullptr && n + 1 == terms_) {
      (void)add_scaled(1.0, term(n).data(), end->data(), size_);
    }
    if (!visit(n, term(n))) {
      return false;
    }
  }
  return true;
}

void PowerSeries::make_next(std::int64_t n) {
  // L_0 is applied to what the others leave of the term.
  std::vector<double> rest = {1.0};
  std::vector<const double*> of_rest = {term(n).data()};
  for (std::size_t i = 1; i < operators_.size(); ++i) {
    const std::vector<double>& weights = weights_[i - 1];
    const std::int64_t count = std::min<std::int64_t>(n + 1, std::ssize(weights));
    std::vector<const double*> earlier;
    for (std::int64_t m = 0; m < count; ++m) {
      earlier.push_back(term(n - m).data());
    }
    combine({weights.data(), earlier.size()}, earlier, room_.combined[i].data(), size_);
    rest.push_back(-1.0);
    of_rest.push_back(room_.combined[i].data());
  }
  combine(rest, of_rest, room_.combined[0].data(), size_);
  SectorState& next = term(n + 1);
  Recurrence recurrence = {h_ / static_cast<double>(n + 1), 0.0, 0.0};
  for (std::size_t i = 0; i < operators_.size(); ++i) {
    operators_[i]->apply(room_.combined[i].data(), next.data(), recurrence);
    recurrence.gamma = 1.0;
  }
}

}  // namespace qbsweep
