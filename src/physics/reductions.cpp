#include "qbsweep/physics/reductions.hpp"

#include "qbsweep/physics/model_terms.hpp"

namespace qbsweep {

Reductions exact_reductions(const BatteryParameters& battery) {
  const bool from_ground_state = battery.initial_state == InitialState::ground_state;
  Reductions reductions;
  if (!carries(Carrier::reductions, battery)) {
    return reductions;
  }
  if (!has_local_noise(battery)) {
    reductions.add(Reduction::symmetric_subspace);
    if (battery.kappa == 0) {
      reductions.add(Reduction::state_vector);
      return reductions;  // small enough, and its sectors interfere
    }
  }
  if (battery.interaction == Interaction::tavis_cummings) {
    reductions.add(Reduction::excitation_sectors);
    reductions.add(Reduction::bounded_excitations);
    if (battery.omega_0 == battery.omega_c && !from_ground_state) {
      reductions.add(Reduction::real_state);
    }
  } else if (battery.charger == Charger::fock || from_ground_state) {
    reductions.add(Reduction::even_parity);
  }
  return reductions;
}

}  // namespace qbsweep
