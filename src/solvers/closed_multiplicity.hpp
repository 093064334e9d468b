#pragma once
/// \file
/// How many steady states a battery without any noise has.

#include <cstdint>

#include "qbsweep/physics/parameters.hpp"

namespace qbsweep {

/// The pairs of eigenstates of H, of j = N/2, whose energies differ by at most `tolerance`: each is
/// a steady state or a steady coherence. Every eigenstate pairs with itself; with more than 2000 of
/// them nothing else is counted.
[[nodiscard]] std::int64_t closed_multiplicity(const BatteryParameters& battery, double tolerance);

}  // namespace qbsweep
