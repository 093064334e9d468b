#include <initializer_list>

#include "qbsweep/physics/model_terms.hpp"

namespace qbsweep {

// A term is in the list of a carrier once that computes with it, not before.

Terms carried_terms(Carrier carrier) {
  using enum Term;
  using List = std::initializer_list<Term>;
  switch (carrier) {
    case Carrier::assembled_matrix:
      return Terms(all_terms);
    case Carrier::parity_kernel:
      return Terms(List{coupling, free_evolution, cavity_loss, atomic_decay, dephasing});
    case Carrier::tavis_cummings_kernel:
      return Terms(List{coupling, free_evolution, cavity_loss, atomic_decay, dephasing});
    case Carrier::state_vector:  // dephasing damps all of it alike
      return Terms(List{coupling, free_evolution, cavity_loss, atomic_decay, dephasing});
    case Carrier::reductions:
      return Terms(List{coupling, free_evolution, cavity_loss, atomic_decay, dephasing});
    case Carrier::field_of_values:
      return Terms(List{coupling, free_evolution, cavity_loss, atomic_decay, dephasing});
    case Carrier::no_jump_inverse:
      return Terms(List{coupling, free_evolution, cavity_loss, atomic_decay, dephasing});
    case Carrier::ground_state:
      return Terms(List{coupling, free_evolution, cavity_loss, atomic_decay, dephasing});
    case Carrier::figures_of_merit:
      return Terms(List{coupling, free_evolution, cavity_loss, atomic_decay, dephasing});
    case Carrier::estimates:
      return Terms(List{coupling, free_evolution, cavity_loss, atomic_decay, dephasing});
  }
  return {};
}

}  // namespace qbsweep
