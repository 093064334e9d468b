#pragma once
/// \file
/// A state on fewer or more levels: what it does not have there is left out, or zero.

#include <cstdint>

#include "qbsweep/operators/sector.hpp"

namespace qbsweep {

/// Copies the state x of `from` to y, a vector of `to`: the same sector with other levels. Sets all
/// of y, padding and ghosts included. Collective on the communicator that both are shared by.
/// \throws EnvironmentError where messages would be too large
void change_levels(const Sector& from, const double* x, const Sector& to, double* y);

}  // namespace qbsweep
