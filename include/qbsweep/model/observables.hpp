#pragma once
/// \file
/// The linear functionals of a state from which all figures of merit follow.
///
/// They are collected in one small vector, the *observations* of a state:
///
///     rho_B (BatteryObserver::size() numbers) | photon number | <H_I> | Fock tail | below the tail
///     | other energy
///
///   rho_B,j(i,k) = sum_n R[j; i,n; k,n]             (partial trace over the cavity)
///   photon number = sum n R[j; i,n; i,n]
///   <H_I> = Tr(S X) - Tr(A Y) = sum_pq (A + S)_pq R_pq   (of -i H_I = A - iS, hamiltonian.hpp)
///   Fock tail = population of the two highest Fock levels kept (two, because parity may leave the
///   highest one empty)
///   below the tail = population of the two levels under those: how fast the tail falls off
///   other energy = that of the drives and of ising_z and ising_x, where there are any

#include <cstdint>

#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/state_basis.hpp"

namespace qbsweep {

/// Where each observation stands.
struct ObservationLayout {
  ObservationLayout(const StateBasis& basis, const BatteryParameters& battery);

  std::int64_t battery_size = 0;  ///< numbers of rho_B, from position 0 on
  [[nodiscard]] std::int64_t photon_number() const { return battery_size; }
  [[nodiscard]] std::int64_t interaction_energy() const { return battery_size + 1; }
  [[nodiscard]] std::int64_t fock_tail() const { return battery_size + 2; }
  [[nodiscard]] std::int64_t below_fock_tail() const { return battery_size + 3; }
  bool has_other_energy = false;
  [[nodiscard]] std::int64_t other_energy() const { return battery_size + 4; }
  [[nodiscard]] std::int64_t size() const { return battery_size + (has_other_energy ? 5 : 4); }
};

/// Calls visit(k, l, value) for the elements of a row of A + S of the given H, the diagonal
/// included: <H> = sum_pq value_pq R_pq.
template <typename Visit>
void for_each_energy_element(const Hamiltonian& H, SpinBlock block, int i, int n, Visit&& visit) {
  if (const double own = H.diagonal(block, i, n); own != 0) {
    visit(i, n, own);
  }
  H.for_each_beside_diagonal(
      block, i, n, [&](int k, int l, double value) { visit(k, l, rotation_sign(i - k) * value); });
}

/// Calls visit(position of the observation, index of the element, weight) for every element that
/// contributes to an observation.
template <typename Visit>
void for_each_observation(const StateBasis& basis, const BatteryParameters& battery,
                          Visit&& visit) {
  const ObservationLayout layout(basis, battery);
  const Hamiltonian interaction(battery, EnergyOf::interaction);
  const Hamiltonian other(battery, EnergyOf::other);
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
        for_each_energy_element(interaction, block, i, n, [&](int k, int l, double value) {
          visit(layout.interaction_energy(), basis.index({b, i, k, n, l}), value);
        });
        for_each_energy_element(other, block, i, n, [&](int k, int l, double value) {
          visit(layout.other_energy(), basis.index({b, i, k, n, l}), value);
        });
      }
    }
  }
}

}  // namespace qbsweep
