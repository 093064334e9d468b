#include "column_pieces.hpp"

#include <algorithm>

namespace qbsweep {

std::vector<ColumnPiece> pieces_of(const ArrayColumns& part, std::int64_t largest) {
  std::vector<ColumnPiece> pieces;
  if (part.count == 0) {
    return pieces;
  }
  const std::int64_t columns = std::min(part.count, largest);
  const std::int64_t rows = columns < part.count ? 1 : largest / columns;
  for (std::int64_t row = 0; row < part.rows; row += rows) {
    for (std::int64_t column = 0; column < part.count; column += columns) {
      pieces.push_back(
          {row, column, std::min(rows, part.rows - row), std::min(columns, part.count - column)});
    }
  }
  return pieces;
}

}  // namespace qbsweep
