#include <array>
#include <cstddef>
#include <initializer_list>

#include "qbsweep/model/model_terms.hpp"

namespace qbsweep {
namespace {

using List = std::initializer_list<Term>;
using enum Term;

/// What follows from the tables for any term.
constexpr Terms every = Terms::all();

/// All dissipators, and what conserves the parity of the excitation number in H.
constexpr std::array terms_of_parity = {
    free_evolution,      coupling,       ising_z,   cavity_loss,      cavity_heating,
    atomic_decay,        atomic_pumping, dephasing, collective_decay, collective_pumping,
    collective_dephasing};
constexpr Terms of_parity(terms_of_parity);

constexpr Terms with_drives() {
  Terms terms = of_parity;
  terms.add(cavity_drive);
  terms.add(atom_drive);
  return terms;
}

}  // namespace

// A term is in the list of a carrier once that computes with it, not before. What loops over the
// tables carries every term.

Terms carried_terms(Carrier carrier) {
  // In the order of Carrier.
  static constexpr std::array<Terms, carriers> carried = {
      // assembled_matrix
      every,
      // parity_kernel
      of_parity,
      // driven_kernel
      with_drives(),
      // tavis_cummings_kernel: what never adds an excitation
      Terms(List{free_evolution, coupling, ising_z, cavity_loss, atomic_decay, dephasing,
                 collective_decay, collective_dephasing}),
      // state_vector
      every,
      // reductions
      every,
      // field_of_values
      every,
      // no_jump_inverse
      of_parity,
      // ground_state: no frustration, so that j = N/2 holds it
      of_parity,
      // figures_of_merit
      every,
      // estimates
      every,
  };
  return carried[static_cast<std::size_t>(carrier)];
}

}  // namespace qbsweep
