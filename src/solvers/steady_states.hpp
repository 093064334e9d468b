#pragma once
/// \file
/// States that the solvers for steady states begin with, and what they share.

#include <cstdint>
#include <vector>

#include "qbsweep/liouvillian/parity_half.hpp"
#include "qbsweep/physics/parameters.hpp"
#include "qbsweep/solvers/steady_solution.hpp"

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

/// The solution where the steady state is not unique: no state is given.
[[nodiscard]] SteadySolution several_steady_states(std::int64_t multiplicity,
                                                   std::int64_t applications);

}  // namespace qbsweep
