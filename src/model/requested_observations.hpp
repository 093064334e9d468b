#pragma once
/// \file
/// The observations that are only made on request.

#include <vector>

#include "qbsweep/model/observations.hpp"

namespace qbsweep {

/// What a layout has of them: no heat that is 0 in every state.
[[nodiscard]] std::vector<RequestedObservation> requested_observations(
    const BatteryParameters& battery, ObservationRequest request);

}  // namespace qbsweep
