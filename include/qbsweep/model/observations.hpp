#pragma once
/// \file
/// The linear functionals of a state from which everything that is looked at follows
/// (observable.hpp).
///
/// They are collected in one small vector, the *observations* of a state:
///
///     rho_B (BatteryObserver::size() numbers) | photon number | <H_I> | Fock tail | below the tail
///     | other energy | energy of the drive | that of the atoms' drive
///     | what is requested (RequestedObservation) | photon distribution
///
///   rho_B,j(i,k) = sum_n R[j; i,n; k,n]             (partial trace over the cavity)
///   <H_I> = Tr(S X) - Tr(A Y) = sum_pq (A + S)_pq R_pq   (of -i H_I = A - iS, hamiltonian.hpp)
///   other energy = that of ising_z and ising_x, where there are any, as of the drives
///
/// and of the photon distribution p_n = sum R[j; i,n; i,n] what CavityObservations names.

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/state_basis.hpp"

namespace qbsweep {

/// What is observed only where it is asked for.
struct ObservationRequest {
  bool photon_distribution = false;
  bool cavity_field = false;  ///< <a>
  bool heat = false;          ///< energy that flows from the baths
};

/// A bath: what makes the dissipators of the cavity, or those of the atoms.
enum class Bath { cavity, atoms };

/// One of the observations that are linear in elements of the state and only made on request.
struct RequestedObservation {
  enum class Kind {
    cavity_x,  ///< <a + a^dag>/sqrt(2), in the frame that the state is computed in
    cavity_p,  ///< <a - a^dag>/(sqrt(2) i), likewise
    heat       ///< Tr(H_k D[rho]): an energy, and the dissipators of a bath
  };
  Kind kind = Kind::cavity_x;
  Bath bath = Bath::cavity;                 ///< of heat
  EnergyOf energy = EnergyOf::interaction;  ///< likewise
  friend bool operator==(const RequestedObservation&, const RequestedObservation&) = default;
};

/// Where each observation stands.
struct ObservationLayout {
  ObservationLayout(const StateBasis& basis, const BatteryParameters& battery,
                    ObservationRequest request = {});

  std::int64_t battery_size = 0;  ///< numbers of rho_B, from position 0 on
  [[nodiscard]] std::int64_t photon_number() const { return battery_size; }
  [[nodiscard]] std::int64_t interaction_energy() const { return battery_size + 1; }
  [[nodiscard]] std::int64_t fock_tail() const { return battery_size + 2; }
  [[nodiscard]] std::int64_t below_fock_tail() const { return battery_size + 3; }
  /// Those from EnergyOf::other on that are observed, one after the other.
  std::vector<EnergyOf> more_energies;
  [[nodiscard]] bool has(EnergyOf energy) const;
  /// Of one of them.
  [[nodiscard]] std::int64_t position(EnergyOf energy) const;
  std::vector<RequestedObservation> requested;  ///< one after the other
  [[nodiscard]] std::int64_t first_requested() const {
    return battery_size + 4 + static_cast<std::int64_t>(more_energies.size());
  }
  /// Fock levels whose populations are observed; at the end, so that nothing else moves where levels
  /// come and go.
  int distribution_size = 0;
  [[nodiscard]] std::int64_t population(int n) const {
    return first_requested() + static_cast<std::int64_t>(requested.size()) + n;
  }
  [[nodiscard]] std::int64_t size() const { return population(distribution_size); }
};

/// What is observed of the photon distribution p_n of fock_dim levels. All of it is linear in p_n:
///
///   photon number  = sum n p_n
///   Fock tail      = the population of the two highest levels (two, because parity may leave the
///                    highest one empty)
///   below the tail = that of the two levels under those: how fast the tail falls off
///   and p_n itself, where the layout has it
class CavityObservations {
 public:
  CavityObservations(const ObservationLayout& layout, int fock_dim)
      : layout_(layout), fock_dim_(fock_dim) {}

  /// The levels below this one have a part in the photon number only.
  [[nodiscard]] int lowest_level() const {
    return layout_.distribution_size > 0 || fock_dim_ < 4 ? 0 : fock_dim_ - 4;
  }

  /// Calls visit(position, weight) for the observations that p_n contributes to, but for the photon
  /// number.
  template <typename Visit>
  void for_each_but_photon_number(int n, Visit&& visit) const {
    if (n >= fock_dim_ - 2) {
      visit(layout_.fock_tail(), 1.0);
    } else if (n >= fock_dim_ - 4) {
      visit(layout_.below_fock_tail(), 1.0);
    }
    if (n < layout_.distribution_size) {
      visit(layout_.population(n), 1.0);
    }
  }

  /// The same with the photon number.
  template <typename Visit>
  void for_each(int n, Visit&& visit) const {
    if (n > 0) {
      visit(layout_.photon_number(), static_cast<double>(n));
    }
    for_each_but_photon_number(n, visit);
  }

  /// All of their positions, in the order of the layout.
  [[nodiscard]] std::vector<std::int64_t> positions() const;

 private:
  ObservationLayout layout_;
  int fock_dim_;
};

/// Calls visit(k, l, value) for the elements of a row of A + S of the given H, the diagonal
/// included: <H> = sum_pq value_pq R_pq.
template <typename Visit>
void for_each_energy_element(const Hamiltonian& H, SpinBlock block, int i, int n, Visit&& visit) {
  if (const double own = H.diagonal(block, i, n); own != 0) {
    visit(i, n, own);
  }
  H.for_each_rotated(block, i, n,
                     [&](int k, int l, double value, bool /*in_A*/) { visit(k, l, value); });
}

/// An energy by the part of H that it is the mean of.
struct ObservedEnergy {
  std::int64_t position;  ///< of the observation
  Hamiltonian H;
};

/// All that are observed, but those of the battery and of the photons.
[[nodiscard]] std::vector<ObservedEnergy> observed_energies(const ObservationLayout& layout,
                                                            const BatteryParameters& battery);

/// Calls visit(position of the observation, element, weight) for every element that contributes to
/// one of layout.requested. An element may come more than once: the weights add up.
void for_each_requested_observation(
    const ObservationLayout& layout, const StateBasis& basis, const BatteryParameters& battery,
    const std::function<void(std::int64_t, const Element&, double)>& visit);

/// Calls visit(position of the observation, index of the element, weight) for every element that
/// contributes to an observation.
template <typename Visit>
void for_each_observation(const ObservationLayout& layout, const StateBasis& basis,
                          const BatteryParameters& battery, Visit&& visit) {
  const std::vector<ObservedEnergy> energies = observed_energies(layout, battery);
  const int fock_dim = basis.fock_dim();
  const CavityObservations cavity(layout, fock_dim);
  std::int64_t tile = 0;
  for (int b = 0; b < static_cast<int>(basis.blocks().size()); ++b) {
    const SpinBlock block = basis.blocks()[b];
    for (int i = 0; i < block.dim(); ++i) {
      for (int k = 0; k < block.dim(); ++k, ++tile) {
        for (int n = 0; n < fock_dim; ++n) {
          const std::int64_t element = basis.index({b, i, k, n, n});
          visit(tile, element, 1.0);
          if (i == k) {
            cavity.for_each(
                n, [&](std::int64_t position, double weight) { visit(position, element, weight); });
          }
        }
      }
      for (int n = 0; n < fock_dim; ++n) {
        for (const auto& [position, H] : energies) {
          for_each_energy_element(H, block, i, n, [&, at = position](int k, int l, double value) {
            visit(at, basis.index({b, i, k, n, l}), value);
          });
        }
      }
    }
  }
  for_each_requested_observation(layout, basis, battery,
                                 [&](std::int64_t position, const Element& element, double weight) {
                                   visit(position, basis.index(element), weight);
                                 });
}

/// The same without what has to be asked for.
template <typename Visit>
void for_each_observation(const StateBasis& basis, const BatteryParameters& battery,
                          Visit&& visit) {
  for_each_observation(ObservationLayout(basis, battery), basis, battery, visit);
}

}  // namespace qbsweep
