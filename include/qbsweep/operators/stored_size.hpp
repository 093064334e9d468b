#pragma once
/// \file
/// How large the parts of a charging run are, without making them: for plans and memory checks.

#include <cstdint>

#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

/// Of matrix_free_operators(battery, comm). Doubles are those of the rank that keeps most.
struct StoredSize {
  double unknowns = 0;      ///< of all parts together, on all ranks
  double doubles = 0;       ///< kept for them, padding and ghosts included
  double largest_part = 0;  ///< doubles of the largest part
  double observations = 0;  ///< taken of all parts
  double buffers = 0;       ///< doubles of messages, which all parts use in turns
};

/// Exact, but for Tavis-Cummings with N > 48 on one rank, where every so many sectors and groups
/// are counted: within a few per cent, and some 0.1 ms at most.
/// \param ranks  that share the parts; nobody shares a state vector, which is as large on any
[[nodiscard]] StoredSize matrix_free_size(const BatteryParameters& battery, int ranks = 1);

}  // namespace qbsweep
