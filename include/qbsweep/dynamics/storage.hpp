#pragma once
/// \file
/// A charged battery while it is stored. The coupling and the drives are off, so that the cavity
/// does not matter: the battery's blocks evolve alone under their own noise and Ising terms.

#include <string>
#include <vector>

#include "qbsweep/dynamics/charging_result.hpp"
#include "qbsweep/dynamics/watch.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/storage_settings.hpp"

namespace qbsweep {

/// What is stored from the states rho_B on, those at the tau of each definition of ergotropy or at
/// t_max, in real storage and the order of the blocks (ObservedState). Not collective.
/// \param tolerance  of energies and ergotropies, in the unit of omega_0
/// \throws EnvironmentError where rounding would cost more
[[nodiscard]] StorageResult store_battery(const BatteryParameters& battery,
                                          const StorageSettings& settings,
                                          const PerDefinition<std::vector<double>>& rho_B,
                                          double tolerance, const Watch& watch = {});

struct StorageEstimate {
  double seconds = 0.0;
  std::string refusal = {};  ///< why it is not computed; empty where it is
};
[[nodiscard]] StorageEstimate estimate_storage(const BatteryParameters& battery,
                                               const StorageSettings& settings, double tolerance);

}  // namespace qbsweep
