#pragma once
/// \file
/// How large the parts of a charge are, without making them: for plans and memory checks.

#include <cstdint>

#include "qbsweep/physics/parameters.hpp"

namespace qbsweep {

/// Of matrix_free_operators(battery).
struct StoredSize {
  double unknowns = 0;      ///< of all parts together
  double doubles = 0;       ///< stored for them, padding included
  double largest_part = 0;  ///< doubles of the largest part
  double observations = 0;  ///< taken of all parts
};

/// Exact, but for Tavis-Cummings sectors of N > 64, of which every so many are counted. Takes
/// microseconds, for the largest N some 10 ms.
[[nodiscard]] StoredSize matrix_free_size(const BatteryParameters& battery);

}  // namespace qbsweep
