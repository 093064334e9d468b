// Storage order: index(), element() and advance() agree with each other and with the documented
// order.
#include "qbsweep/model/state_basis.hpp"

#include <gtest/gtest.h>

namespace qbsweep {
namespace {

TEST(StateBasis, CountsEveryElementOnceInTheDocumentedOrder) {
  for (const int N : {1, 2, 5, 6}) {
    for (const bool noise : {false, true}) {
      const StateBasis basis(N, 3, noise);
      std::int64_t index = 0;
      Element walked;
      for (int b = 0; b < static_cast<int>(basis.blocks().size()); ++b) {
        const int dim = basis.blocks()[b].dim();
        for (int i = 0; i < dim; ++i) {
          for (int k = 0; k < dim; ++k) {
            for (int n = 0; n < 3; ++n) {
              for (int l = 0; l < 3; ++l, ++index, basis.advance(walked)) {
                const Element element = {b, i, k, n, l};
                ASSERT_EQ(basis.index(element), index);
                ASSERT_EQ(basis.element(index), element);
                ASSERT_EQ(walked, element);
              }
            }
          }
        }
      }
      EXPECT_EQ(index, basis.size());
    }
  }
}

TEST(StateBasis, IndicesPass32Bits) {
  const StateBasis basis(100, 401, true);
  const Element last = {50, 0, 0, 400, 400};
  EXPECT_EQ(basis.index(last), basis.size() - 1);
  EXPECT_GT(basis.size(), std::int64_t{1} << 32);
  for (std::int64_t index = 0; index < basis.size(); index += 999999937) {
    EXPECT_EQ(basis.index(basis.element(index)), index);
  }
}

}  // namespace
}  // namespace qbsweep
