#pragma once
/// \file
/// What a sweep means, free of how it is written.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "point_resolver.hpp"
#include "qbsweep/config/sweep.hpp"

namespace qbsweep {

/// Sorted pairs: a parameter and its value, or its values along its axis; `axes` and the axes'
/// names in their order (with the parameters of a zipped one); the labels of zipped axes; the
/// sections that are there and their settings. What stands at its default has no pair. Two sweeps
/// have the same pairs exactly if every result of theirs has the same slot and number.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> identity_of(
    const FixedParameters& fixed, const std::vector<Axis>& axes,
    const std::optional<ChargingSection>& charging,
    const std::optional<SteadyStateSection>& steady_state,
    const std::vector<const Observable*>& observables,
    const std::vector<ScheduledControl>& schedule, const std::optional<StorageSettings>& storage,
    const ObservableSizes& sizes);

}  // namespace qbsweep
