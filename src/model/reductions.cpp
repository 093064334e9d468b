#include "qbsweep/model/reductions.hpp"

#include <array>

#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/model_terms.hpp"

namespace qbsweep {
namespace {

/// Whether the initial state has no coherence between states of different parity of n + i.
bool starts_with_even_parity(const BatteryParameters& battery) {
  return battery.initial_state == InitialState::ground_state ||
         (battery.battery_state != BatteryState::rotated && battery.charger != Charger::coherent);
}

/// Whether the initial state is real in the rotated spin basis: no coherences between i and i + 1.
bool starts_real(const BatteryParameters& battery) {
  return battery.initial_state == InitialState::charged_cavity &&
         battery.battery_state != BatteryState::rotated;
}

/// Whether in the frame that rotates at omega_c nothing of H turns: -iH is real there.
bool turns_nothing(const BatteryParameters& battery) {
  const Terms still = {"free evolution", "coupling"};
  return battery.omega_0 == battery.omega_c &&
         Hamiltonian(battery, Terms::all().without(still)).empty();
}

}  // namespace

bool starts_pure(const BatteryParameters& battery) {
  return battery.initial_state == InitialState::ground_state ||
         battery.charger != Charger::thermal || battery.m == 0;
}

bool excitations_are_bounded(const BatteryParameters& battery) {
  const Hamiltonian H(battery);
  return carries(Carrier::reductions, battery) && H.conserves_excitations() && !H.is_diagonal() &&
         Dissipators(battery).never_add_excitations();
}

bool parity_is_conserved(const BatteryParameters& battery) {
  return carries(Carrier::reductions, battery) && Hamiltonian(battery).conserves_parity();
}

Reductions exact_reductions(const BatteryParameters& battery) {
  Reductions reductions;
  if (!carries(Carrier::reductions, battery)) {
    return reductions;
  }
  const Dissipators noise(battery);
  if (!noise.act_on_single_atoms()) {
    reductions.add(Reduction::symmetric_subspace);
    if (noise.empty() && starts_pure(battery)) {
      reductions.add(Reduction::state_vector);
      return reductions;  // small enough, and its sectors interfere
    }
  }
  if (excitations_are_bounded(battery)) {
    reductions.add(Reduction::excitation_sectors);
    reductions.add(Reduction::bounded_excitations);
    if (turns_nothing(battery) && starts_real(battery)) {
      reductions.add(Reduction::real_state);
    }
  } else if (parity_is_conserved(battery) && starts_with_even_parity(battery)) {
    reductions.add(Reduction::even_parity);
  }
  return reductions;
}

}  // namespace qbsweep
