#pragma once
/// \file
/// Functions of a battery's state rho_B that observables are made of. A block rho_j is the sum over
/// its d_j equal copies: on the 2^N space there are d_j blocks rho_j/d_j.

#include "qbsweep/model/observable.hpp"

namespace qbsweep {

/// <J_z + N/2> and its square.
[[nodiscard]] double mean_excitations(const ObservedState& state);
[[nodiscard]] double mean_square_excitations(const ObservedState& state);

/// |<J_->|, which no frame that turns about z changes.
[[nodiscard]] double mean_lowering(const ObservedState& state);

/// Tr rho_B^2.
[[nodiscard]] double purity(const ObservedState& state);

/// -Tr rho_B ln rho_B, and the same of its populations in the energy basis alone.
[[nodiscard]] double entropy(const ObservedState& state);
[[nodiscard]] double entropy_of_populations(const ObservedState& state);

/// Global ergotropy of the populations in the energy basis.
[[nodiscard]] double incoherent_ergotropy(const ObservedState& state);

}  // namespace qbsweep
