#include "qbsweep/operators/extended_product.hpp"

#include <cstdint>

#include "qbsweep/operators/liouvillian_rows.hpp"

namespace qbsweep {

void extended_product(const StateBasis& basis, const BatteryParameters& battery,
                      std::optional<Parity> parity, const ExtendedState& state,
                      ExtendedState& product) {
  product.assign(state.size(), 0.0L);
  const LiouvillianRows rows(basis, battery);
  const int kept = parity == Parity::odd ? 1 : 0;
  Element row;
  for (std::int64_t r = 0; r < basis.size(); ++r, basis.advance(row)) {
    if (parity && (row.n + row.i + row.l + row.k) % 2 != kept) {
      continue;
    }
    long double sum = 0.0L;
    rows.for_each_in_row(
        row, [&](std::int64_t column, double weight) { sum += weight * state[column]; });
    product[r] = sum;
  }
}

}  // namespace qbsweep
