#pragma once
/// \file
/// The energies of a steady state, and what a deviation of the state does to them.

#include <vector>

#include "qbsweep/model/ergotropy.hpp"
#include "qbsweep/model/observable.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/state_basis.hpp"

namespace qbsweep {

/// Energies in the unit of omega_0.
struct SteadyEnergies {
  BatteryEnergies battery;
  double photon_number = 0.0;
  double interaction = 0.0;         ///< <H_I>
  double total = 0.0;               ///< <H>
  double fock_tail = 0.0;           ///< population of the two highest Fock levels
  double below_tail = 0.0;          ///< and of the two below
  std::vector<double> observables;  ///< those that were asked for
};

class SteadyObserver {
 public:
  /// \param observables  that are asked for besides
  explicit SteadyObserver(const BatteryParameters& battery,
                          std::vector<const Observable*> observables = {},
                          const ObservableSizes& sizes = {});

  /// \param state  in the full basis, trace 1
  [[nodiscard]] SteadyEnergies energies(const std::vector<double>& state);

  /// The largest change, to first order, of the battery's energy, omega_c times the photon number,
  /// <H_I>, <H> and the three ergotropies where `state` becomes state + deviation.
  [[nodiscard]] double change(const std::vector<double>& state,
                              const std::vector<double>& deviation);

  /// What rounding may do to those energies.
  [[nodiscard]] double rounding(const SteadyEnergies& energies) const;

 private:
  [[nodiscard]] std::vector<double> observe(const std::vector<double>& state) const;

  BatteryParameters battery_;
  StateBasis basis_;
  std::vector<const Observable*> observables_;
  ObservableSizes sizes_;
  ObservationLayout layout_;
  BatteryObserver observer_;
};

}  // namespace qbsweep
