#pragma once
/// \file
/// Whether there is memory for the Fock levels that `fock_dim: auto` wants.

#include "qbsweep/dynamics/charging_settings.hpp"
#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

/// \throws EnvironmentError where a charging run on the levels of `battery`, shared by `ranks`,
///         takes more memory than is available
void check_charging_memory(const BatteryParameters& battery, ChargingSettings settings, int ranks);

}  // namespace qbsweep
