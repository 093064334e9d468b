#include "qbsweep/operators/requested_weights.hpp"

#include <algorithm>
#include <cstddef>

namespace qbsweep {

RequestedWeights::RequestedWeights(const ObservationLayout& layout, const StateBasis& basis,
                                   const BatteryParameters& battery, const Locate& locate) {
  for_each_requested_observation(
      layout, basis, battery, [&](std::int64_t position, const Element& element, double weight) {
        const std::optional<StoredElement> stored = locate(element);
        if (!stored) {
          return;
        }
        if (positions_.empty() || positions_.back() != position) {
          positions_.push_back(position);
          weights_.emplace_back();
        }
        if (!stored->is_owned) {
          return;
        }
        weights_.back().push_back({stored->X, weight});
        if (stored->Y) {
          weights_.back().push_back({*stored->Y, stored->is_adjoint ? -weight : weight});
        }
      });
  // A place may come several times, which cancels or adds up.
  for (std::vector<Weight>& weights : weights_) {
    std::ranges::stable_sort(weights, {}, &Weight::place);
    std::size_t kept = 0;
    for (std::size_t w = 0; w < weights.size(); ++w) {
      if (kept > 0 && weights[kept - 1].place == weights[w].place) {
        weights[kept - 1].weight += weights[w].weight;
      } else {
        weights[kept++] = weights[w];
      }
    }
    weights.resize(kept);
    std::erase_if(weights, [](const Weight& weight) { return weight.weight == 0; });
    weights.shrink_to_fit();
  }
}

void RequestedWeights::observe(const double* x, double* observations) const {
  for (const std::vector<Weight>& weights : weights_) {
    double sum = 0.0;
    for (const auto& [place, weight] : weights) {
      sum += weight * x[place];
    }
    *observations++ = sum;
  }
}

}  // namespace qbsweep
