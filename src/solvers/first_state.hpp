#pragma once
/// \file
/// The state a charge begins with.

#include <vector>

#include "qbsweep/physics/parameters.hpp"

namespace qbsweep {

/// A pure state of j = N/2, as MatrixFreeOperator::set_pure_state() takes it.
struct FirstState {
  std::vector<double> amplitudes;  ///< [i][n], without the empty rows at the end
  double weight_cut = 0.0;         ///< of a coherent charger, above the levels kept
};

/// The charged cavity or the ground state of H, whichever the battery has. Not collective.
/// \throws InputError where the Fock levels do not hold a Fock charger or the excitations of a
///         Tavis-Cummings ground state; what ground_state() throws
[[nodiscard]] FirstState first_state(const BatteryParameters& battery);

/// The excitation number n + i of a Tavis-Cummings ground state on as many Fock levels as it takes;
/// battery.fock_dim is not looked at. On fewer levels than that another state is the lowest.
[[nodiscard]] int ground_excitations(const BatteryParameters& battery);

}  // namespace qbsweep
