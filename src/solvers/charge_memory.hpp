#pragma once
/// \file
/// Whether there is memory for the Fock levels that `fock_dim: auto` wants.

#include "qbsweep/physics/parameters.hpp"
#include "qbsweep/solvers/charge_settings.hpp"

namespace qbsweep {

/// \throws EnvironmentError where a charging run on the levels of `battery`, shared by `ranks`,
///         takes more memory than is available
void check_charge_memory(const BatteryParameters& battery, ChargeSettings settings, int ranks);

}  // namespace qbsweep
