#pragma once
/// \file
/// Parts of an array that are small enough for one call of MPI-IO.

#include <cstdint>
#include <vector>

#include "qbsweep/dynamics/checkpoint.hpp"

namespace qbsweep {

/// A rectangle of what an ArrayColumns means; `column` counts from its first one.
struct ColumnPiece {
  std::int64_t row = 0;
  std::int64_t column = 0;
  std::int64_t rows = 0;
  std::int64_t columns = 0;
};

/// MPI-IO counts bytes with an int: 2 GiB are too many. In doubles.
inline constexpr std::int64_t largest_piece = std::int64_t{1} << 27;

/// Cuts `part` into pieces of at most `largest` numbers: whole rows if any fit, else parts of rows.
/// No pieces if there is nothing in it.
[[nodiscard]] std::vector<ColumnPiece> pieces_of(const ArrayColumns& part,
                                                 std::int64_t largest = largest_piece);

}  // namespace qbsweep
