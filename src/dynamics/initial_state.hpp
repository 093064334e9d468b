#pragma once
/// \file
/// The state a charging run begins with.

#include <span>
#include <vector>

#include "qbsweep/model/parameters.hpp"
#include "qbsweep/operators/sector.hpp"

namespace qbsweep {

/// A state of j = N/2: a mixture of pure states, or a single one.
struct InitialMixture {
  /// Each as MatrixFreeOperator::set_pure_state() takes it, [i][n], without the empty rows at the
  /// end; the squares of its norm are its weights.
  std::vector<std::vector<double>> pure_states;
  double weight_cut = 0.0;  ///< of the charger, above the levels kept

  /// <p| rho |q> before the rotation, for p = (i, n) and q = (k, l).
  [[nodiscard]] double element(int fock_dim, int i, int n, int k, int l) const;

  /// Sets all of x to what `part` has of it.
  void set(const MatrixFreeOperator& part, double* x) const;
};

/// The battery's and the charger's initial states, or the ground state of H, whichever the battery
/// has. Where excitations are bounded, those that fock_dim - 1 leaves beside the atoms' own are
/// what the charger gets. Not collective. \throws InputError where the Fock levels do not hold a
/// Fock charger, the excitations of the atoms
///         or those of a Tavis-Cummings ground state; what ground_state() throws
[[nodiscard]] InitialMixture initial_mixture(const BatteryParameters& battery);

/// The excitation number n + i of a Tavis-Cummings ground state on as many Fock levels as it takes;
/// battery.fock_dim is not looked at. On fewer levels than that another state is the lowest.
[[nodiscard]] int ground_excitations(const BatteryParameters& battery);

}  // namespace qbsweep
