#include "qbsweep/physics/model_terms.hpp"

namespace qbsweep {

Terms present_terms(const BatteryParameters& battery) {
  // All members by name, so that a new one does not compile before it stands here: if it switches
  // something in the equation, that is a term.
  const auto& [interaction, coupling_scaling, N, g, omega_0, omega_c, kappa, gamma_down, gamma_phi,
               initial_state, charger, m, fock_dim] = battery;
  Terms present;
  present.add(Term::free_evolution);
  const auto add_if = [&present](bool acts, Term term) {
    if (acts) {
      present.add(term);
    }
  };
  add_if(g != 0, Term::coupling);
  add_if(kappa != 0, Term::cavity_loss);
  add_if(gamma_down != 0, Term::atomic_decay);
  add_if(gamma_phi != 0, Term::dephasing);
  return present;
}

}  // namespace qbsweep
