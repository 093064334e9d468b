#include <array>
#include <cstddef>

#include "qbsweep/model/model_terms.hpp"

namespace qbsweep {
namespace {

/// What conserves the parity of the excitation number in H, and the dissipators of the kernels.
Terms of_parity() {
  return {"free evolution",
          "coupling",
          "ising_z",
          "cavity loss",
          "thermal photons",
          "atomic decay",
          "atomic pumping",
          "dephasing",
          "collective decay",
          "collective pumping",
          "collective dephasing"};
}

Terms with_drives() {
  Terms terms = of_parity();
  terms.add("drive of the cavity");
  terms.add("drive of the atoms");
  return terms;
}

/// What never adds an excitation.
Terms of_excitation_sectors() {
  return {"free evolution", "coupling",  "ising_z",          "cavity loss",
          "atomic decay",   "dephasing", "collective decay", "collective dephasing"};
}

}  // namespace

// A term is in the list of a carrier once that computes with it, not before. What loops over the
// tables carries every term.

const Terms& carried_terms(Carrier carrier) {
  // In the order of Carrier.
  static const std::array<Terms, carriers> carried = {
      // assembled_matrix
      Terms::all(),
      // parity_kernel
      of_parity(),
      // driven_kernel
      with_drives(),
      // tavis_cummings_kernel
      of_excitation_sectors(),
      // state_vector
      Terms::all(),
      // reductions
      Terms::all(),
      // field_of_values
      Terms::all(),
      // no_jump_inverse
      of_parity(),
      // ground_state: no frustration, so that j = N/2 holds it
      of_parity(),
      // figures_of_merit
      Terms::all(),
      // estimates
      Terms::all(),
  };
  return carried[static_cast<std::size_t>(carrier)];
}

}  // namespace qbsweep
