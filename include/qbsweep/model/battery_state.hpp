#pragma once
/// \file
/// The battery's initial state, of j = N/2.

#include <vector>

#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

/// Amplitudes of |N/2, i - N/2>, i = 0 .. the highest that has any; real, normalised. Of `rotated`
/// those of N atoms in cos(theta/2)|down> + sin(theta/2)|up>,
/// sqrt(C(N, i)) cos(theta/2)^(N - i) sin(theta/2)^i.
[[nodiscard]] std::vector<double> battery_amplitudes(const BatteryParameters& battery);

}  // namespace qbsweep
