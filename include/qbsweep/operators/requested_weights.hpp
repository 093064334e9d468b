#pragma once
/// \file
/// Observations that are made on request (RequestedObservation), of a sector's stored numbers.

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "qbsweep/model/observations.hpp"

namespace qbsweep {

/// Where an element of the state is stored: R = X, or X + Y or X - Y where Y is stored.
struct StoredElement {
  std::int64_t X = 0;
  std::optional<std::int64_t> Y = {};
  bool is_adjoint = false;  ///< what is stored is the adjoint element: X - Y
  bool is_owned = true;     ///< by this rank
};

class RequestedWeights {
 public:
  /// Nothing for elements that are not in the sector. The answer is the same on all ranks but for
  /// what it says of X, Y and is_owned.
  using Locate = std::function<std::optional<StoredElement>(const Element&)>;

  RequestedWeights() = default;
  RequestedWeights(const ObservationLayout& layout, const StateBasis& basis,
                   const BatteryParameters& battery, const Locate& locate);

  /// The positions in the layout of those that the sector contributes to.
  [[nodiscard]] const std::vector<std::int64_t>& positions() const { return positions_; }

  /// The share of this rank, one number for each.
  void observe(const double* x, double* observations) const;

 private:
  struct Weight {
    std::int64_t place;  // in x
    double weight;
  };
  std::vector<std::int64_t> positions_;
  std::vector<std::vector<Weight>> weights_;
};

}  // namespace qbsweep
