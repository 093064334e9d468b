#pragma once
/// \file
/// The interaction as a real antisymmetric matrix, and the free energies.
///
/// In the spin basis rotated by exp(i pi J_z/2), J_+ becomes i J_+ and A = -i H_I is real:
///
///     Dicke            A = g' (J_+ - J_-)(a + a^dag)
///     Tavis-Cummings   A = g' (J_+ a - J_- a^dag)
///
/// (paper, Eqs. (1) and (2)). The dissipators, H_B and the first states of a charge are the same in
/// the rotated basis.

#include <cmath>

#include "qbsweep/physics/parameters.hpp"
#include "qbsweep/physics/spin_blocks.hpp"

namespace qbsweep {

/// Calls visit(i', n', A_value) for every non-zero <j, i; n| A |j, i'; n'> of one row of A.
template <typename Visit>
void for_each_coupling(const BatteryParameters& battery, double g_prime, SpinBlock block, int i,
                       int n, Visit&& visit) {
  const bool counter_rotating = battery.interaction == Interaction::dicke;
  const double annihilate = std::sqrt(n + 1.0);             // <n| a |n+1>
  const double create = std::sqrt(static_cast<double>(n));  // <n| a^dag |n-1>
  const bool has_above = n + 1 < battery.fock_dim;
  const bool has_below = n > 0;
  if (i > 0) {  // J_+ from i - 1
    const double raise = g_prime * raising_element(block, i - 1);
    if (has_above) {
      visit(i - 1, n + 1, raise * annihilate);
    }
    if (has_below && counter_rotating) {
      visit(i - 1, n - 1, raise * create);
    }
  }
  if (i + 1 < block.dim()) {  // -J_- from i + 1
    const double lower = -g_prime * raising_element(block, i);
    if (has_below) {
      visit(i + 1, n - 1, lower * create);
    }
    if (has_above && counter_rotating) {
      visit(i + 1, n + 1, lower * annihilate);
    }
  }
}

/// What a real state vector psi of the basis before the rotation becomes in real storage (see
/// state_basis.hpp): |j, i> turns by the i-th power of the imaginary unit, so
/// R_pq = rotation_sign(i - k) psi_p psi_q for p = (i, n), q = (k, l), in X where i - k is even and
/// in Y where it is odd.
[[nodiscard]] inline double rotation_sign(int turns) {
  return (turns & 3) < 2 ? 1.0 : -1.0;
}

/// Energy of |j, i; n> without the interaction: omega_0 (N/2 + M) + omega_c n.
[[nodiscard]] inline double free_energy(const BatteryParameters& battery, SpinBlock block, int i,
                                        int n) {
  return battery.omega_0 * excited_atoms(battery.N, block, i) + battery.omega_c * n;
}

}  // namespace qbsweep
