#include "qbsweep/liouvillian/extended_product.hpp"

#include <cstdint>

#include "qbsweep/liouvillian/terms.hpp"

namespace qbsweep {

void extended_product(const StateBasis& basis, const BatteryParameters& battery, Parity parity,
                      const ExtendedState& state, ExtendedState& product) {
  product.assign(state.size(), 0.0L);
  const int kept = parity == Parity::odd ? 1 : 0;
  Element row;
  for (std::int64_t r = 0; r < basis.size(); ++r, basis.advance(row)) {
    if ((row.n + row.i + row.l + row.k) % 2 != kept) {
      continue;
    }
    long double sum = 0.0L;
    for (const Term term : all_terms) {
      term_row(term, basis, battery, row,
               [&](std::int64_t column, double weight) { sum += weight * state[column]; });
    }
    product[r] = sum;
  }
}

}  // namespace qbsweep
