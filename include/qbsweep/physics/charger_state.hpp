#pragma once
/// \file
/// The charger's first state in the Fock levels kept.

#include <vector>

#include "qbsweep/physics/parameters.hpp"

namespace qbsweep {

/// Amplitudes of the charger's first state, which are real, and what truncation cut off.
struct ChargerState {
  std::vector<double> amplitudes;  ///< of |n>, n = 0 .. fock_dim - 1; normalised to 1
  double weight_cut = 0.0;         ///< weight of the levels n >= fock_dim before normalising
};

/// Coherent: the analytic amplitudes exp(-m/2) sqrt(m^n / n!), renormalised. Fock: |m>.
/// \throws InputError if a Fock state lies outside the levels kept
[[nodiscard]] ChargerState charger_state(Charger charger, double m, int fock_dim);

}  // namespace qbsweep
