#pragma once
/// \file
/// The Liouvillian on the elements of a state that matter, as a sparse matrix.

#include <Eigen/Sparse>
#include <cstdint>
#include <span>
#include <vector>

#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/state_basis.hpp"

namespace qbsweep {

struct ReachedLiouvillian {
  Eigen::SparseMatrix<long double> matrix;
  std::vector<std::int64_t> elements;  ///< their numbers in the full basis, ascending
};

/// Of all elements those that `from` reaches in the course of time and that reach `to`: what a
/// symmetry keeps apart, whatever it is, drops out. All terms of the table are in it (terms.hpp).
/// Extended precision holds what double precision cannot: what leaves a population is exactly what
/// arrives elsewhere, however fast.
/// Takes memory for some 15 numbers an element of the full basis.
/// \param from  numbers of elements that are not 0 at first
/// \param to    numbers of elements that are asked for
[[nodiscard]] ReachedLiouvillian reached_liouvillian(const StateBasis& basis,
                                                     const BatteryParameters& battery,
                                                     std::span<const std::int64_t> from,
                                                     std::span<const std::int64_t> to);

}  // namespace qbsweep
