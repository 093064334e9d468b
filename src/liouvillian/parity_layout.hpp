#pragma once
/// \file
/// The length of a photon row of the parity sectors.

#include <cstdint>

namespace qbsweep {

/// Rows are padded to whole registers of the widest kernel.
inline constexpr std::int64_t parity_lanes = 8;

/// Doubles of one photon row of one pair (X or Y): every other column of fock_dim, padded.
[[nodiscard]] inline std::int64_t parity_width(std::int64_t columns_of_full_row) {
  return ((columns_of_full_row + 1) / 2 + parity_lanes - 1) / parity_lanes * parity_lanes;
}

}  // namespace qbsweep
