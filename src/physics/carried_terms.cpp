#include <array>
#include <cstddef>
#include <initializer_list>

#include "qbsweep/physics/model_terms.hpp"

namespace qbsweep {

// A term is in the list of a carrier once that computes with it, not before.

Terms carried_terms(Carrier carrier) {
  using enum Term;
  using List = std::initializer_list<Term>;
  // In the order of Carrier.
  static constexpr std::array<Terms, carriers> carried = {
      // assembled_matrix
      Terms(all_terms),
      // parity_kernel
      Terms(List{coupling, free_evolution, cavity_loss, atomic_decay, dephasing}),
      // tavis_cummings_kernel
      Terms(List{coupling, free_evolution, cavity_loss, atomic_decay, dephasing}),
      // state_vector: dephasing damps all of it alike
      Terms(List{coupling, free_evolution, cavity_loss, atomic_decay, dephasing}),
      // reductions
      Terms(List{coupling, free_evolution, cavity_loss, atomic_decay, dephasing}),
      // field_of_values
      Terms(List{coupling, free_evolution, cavity_loss, atomic_decay, dephasing}),
      // no_jump_inverse
      Terms(List{coupling, free_evolution, cavity_loss, atomic_decay, dephasing}),
      // ground_state
      Terms(List{coupling, free_evolution, cavity_loss, atomic_decay, dephasing}),
      // figures_of_merit
      Terms(List{coupling, free_evolution, cavity_loss, atomic_decay, dephasing}),
      // estimates
      Terms(List{coupling, free_evolution, cavity_loss, atomic_decay, dephasing}),
  };
  return carried[static_cast<std::size_t>(carrier)];
}

}  // namespace qbsweep
