#pragma once
/// \file
/// L rho with more digits than double precision has: the residuals of iterative refinement.
///
/// The error of a steady state is its residual over the gap of L. In double precision no residual
/// gets below about 1e-15 times the largest frequency in L, which next to a small gap is too much.
/// Solvers in double precision reach further if the residual that they start again from has more
/// digits (N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., chapter 12).
/// The weights are those of liouvillian_rows.hpp, in double precision; states and sums are long
/// double, which has 64 bits on x86-64 and 113 on 64-bit ARM.

#include <optional>
#include <vector>

#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/state_basis.hpp"
#include "qbsweep/operators/parity_sector.hpp"

namespace qbsweep {

using ExtendedState = std::vector<long double>;

/// product <- L state on the elements of one parity of k = (n + i) - (l + k), and the others are 0;
/// or on all. Row by row and some ten times slower than ParitySector. Not collective.
/// \param state    in the full basis, basis.size() numbers
/// \param product  resized to that
void extended_product(const StateBasis& basis, const BatteryParameters& battery,
                      std::optional<Parity> parity, const ExtendedState& state,
                      ExtendedState& product);

}  // namespace qbsweep
