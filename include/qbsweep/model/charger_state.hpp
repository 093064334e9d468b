#pragma once
/// \file
/// The charger's initial state in the Fock levels kept.

#include <vector>

#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

/// The charger's initial state, whose amplitudes are real, and what truncation cut off.
struct ChargerState {
  /// Of |n>, n = 0 .. fock_dim - 1; normalised to 1. Of a mixed state the square roots of its
  /// populations, which have no coherences between them.
  std::vector<double> amplitudes;
  bool mixed = false;
  double weight_cut = 0.0;  ///< weight of the levels n >= fock_dim before normalising
};

/// Coherent: the analytic amplitudes exp(-m/2) sqrt(m^n / n!), renormalised. Fock: |m>. Thermal:
/// the populations m^n / (m + 1)^(n + 1), renormalised. Squeezed vacuum: the analytic amplitudes
/// (-tanh r)^k sqrt((2k)!) / (2^k k! sqrt(cosh r)) of n = 2k, sinh(r)^2 = m, renormalised; x is
/// squeezed.
/// \throws InputError if a Fock state lies outside the levels kept
[[nodiscard]] ChargerState charger_state(Charger charger, double m, int fock_dim);

}  // namespace qbsweep
