#pragma once
/// \file
/// States that the solvers for steady states begin with, and what they share.

#include <cstdint>
#include <vector>

#include "qbsweep/model/parameters.hpp"
#include "qbsweep/operators/parity_half.hpp"
#include "qbsweep/spectrum/steady_solution.hpp"

namespace qbsweep {

/// All states of the even half with equal weights.
[[nodiscard]] std::vector<double> mixed_state(const ParityHalf& even);

/// The one that `search` gives, or the mixed one.
[[nodiscard]] std::vector<double> first_state_of(const SteadySearch& search,
                                                 const ParityHalf& even);

/// A pure state of the largest block with even n + i and generic amplitudes.
[[nodiscard]] std::vector<double> generic_pure_state(const ParityHalf& even);

/// Divides by the trace. \throws EnvironmentError where it is hardly one
void normalise_trace(const ParityHalf& even, std::vector<double>& numbers);

/// A PETSc vector with these numbers.
[[nodiscard]] petsc::Vector make_vector(Mat like, const std::vector<double>& numbers);
[[nodiscard]] std::vector<double> numbers_of(Vec vector);

/// Whether nothing dissipates. Then every function of H is a steady state.
[[nodiscard]] bool without_noise(const BatteryParameters& battery);

/// Whether the steady state is certain to be unique: where both the cavity and the atoms decay.
///
/// Positive and negative part of the difference of two steady states are steady as well, since
/// exp(L t) keeps the trace and makes no trace norm larger; so there would be two whose supports
/// are orthogonal. But where <v|rho|v> = 0, 0 = <v|L rho|v> is a sum of rate <v|O rho O^dag|v> >= 0
/// over the jumps O: each of them leads from the support into itself. a and all sigma_-^i commute
/// and are nilpotent, on however many Fock levels, and so every support contains a vector that all
/// of them destroy, and |0> with all atoms down is the only one. Whatever else there is, H above
/// all, does not matter. As L generates a contraction, zero is then a simple eigenvalue, in both
/// parities. (In general: Evans, Commun. Math. Phys. 54, 293 (1977); truncated bosons and spins:
/// Nigro, J. Stat. Mech. 043202 (2019).)
///
/// Rates that double precision cannot tell from zero do not count.
[[nodiscard]] bool unique_by_decay(const BatteryParameters& battery);

/// The solution where the steady state is not unique: no state is given.
[[nodiscard]] SteadySolution several_steady_states(std::int64_t multiplicity,
                                                   std::int64_t applications);

}  // namespace qbsweep
