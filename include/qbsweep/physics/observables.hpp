#pragma once
/// \file
/// The linear functionals of a state from which all figures of merit follow.
///
/// They are collected in one small vector, the *observations* of a state:
///
///     [ rho_B (BatteryObserver::size() numbers) | photon number | <H_I> | Fock tail | below the
///     tail ]
///
///   rho_B,j(i,k) = sum_n R[j; i,n; k,n]             (partial trace over the cavity)
///   photon number = sum n R[j; i,n; i,n]
///   <H_I> = -Tr(A Y) = sum_pq A_pq R_pq             (A = -i H_I, see coupling.hpp)
///   Fock tail = population of the two highest Fock levels kept (two, because parity may leave the
///   highest one empty)
///   below the tail = population of the two levels under those: how fast the tail falls off

#include <cstdint>

#include "qbsweep/physics/coupling.hpp"
#include "qbsweep/physics/parameters.hpp"
#include "qbsweep/physics/state_basis.hpp"

namespace qbsweep {

/// Where each observation stands.
struct ObservationLayout {
  explicit ObservationLayout(const StateBasis& basis);

  std::int64_t battery_size = 0;  ///< numbers of rho_B, from position 0 on
  [[nodiscard]] std::int64_t photon_number() const { return battery_size; }
  [[nodiscard]] std::int64_t interaction_energy() const { return battery_size + 1; }
  [[nodiscard]] std::int64_t fock_tail() const { return battery_size + 2; }
  [[nodiscard]] std::int64_t below_fock_tail() const { return battery_size + 3; }
  [[nodiscard]] std::int64_t size() const { return battery_size + 4; }
};

/// Calls visit(position of the observation, index of the element, weight) for every element that
/// contributes to an observation.
template <typename Visit>
void for_each_observation(const StateBasis& basis, const BatteryParameters& battery,
                          Visit&& visit) {
  const ObservationLayout layout(basis);
  const double g_prime = effective_coupling(battery);
  const int fock_dim = basis.fock_dim();
  std::int64_t tile = 0;
  for (int b = 0; b < static_cast<int>(basis.blocks().size()); ++b) {
    const SpinBlock block = basis.blocks()[b];
    for (int i = 0; i < block.dim(); ++i) {
      for (int k = 0; k < block.dim(); ++k, ++tile) {
        for (int n = 0; n < fock_dim; ++n) {
          const std::int64_t element = basis.index({b, i, k, n, n});
          visit(tile, element, 1.0);
          if (i == k && n > 0) {
            visit(layout.photon_number(), element, static_cast<double>(n));
          }
          if (i == k && n >= fock_dim - 2) {
            visit(layout.fock_tail(), element, 1.0);
          } else if (i == k && n >= fock_dim - 4) {
            visit(layout.below_fock_tail(), element, 1.0);
          }
        }
      }
      for (int n = 0; n < fock_dim; ++n) {
        for_each_coupling(battery, g_prime, block, i, n, [&](int k, int l, double A) {
          visit(layout.interaction_energy(), basis.index({b, i, k, n, l}), A);
        });
      }
    }
  }
}

}  // namespace qbsweep
