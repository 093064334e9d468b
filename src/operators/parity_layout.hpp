#pragma once
/// \file
/// How a photon row of the parity sectors is laid out: registers of X and of Y take turns, so that
/// one address and one distance known to the compiler reach both.

#include <cstdint>

namespace qbsweep {

/// Doubles that X, and then Y, has in a row: a whole register of the widest kernel.
inline constexpr std::int64_t parity_lanes = 8;

/// Doubles of one photon row of one pair, X or Y: every other column of fock_dim, padded.
[[nodiscard]] inline std::int64_t parity_width(std::int64_t columns_of_full_row) {
  return ((columns_of_full_row + 1) / 2 + parity_lanes - 1) / parity_lanes * parity_lanes;
}

/// Where X of column s stands in a row; Y stands parity_lanes further.
[[nodiscard]] inline std::int64_t parity_position(std::int64_t s) {
  return s / parity_lanes * 2 * parity_lanes + s % parity_lanes;
}

}  // namespace qbsweep
