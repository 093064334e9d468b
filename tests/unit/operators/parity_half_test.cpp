// The parity halves as plain vectors, against the full basis and the assembled operator.
//
// What would be caught: a number of the state that no half or both hold, rows in the wrong place
// for odd numbers of Fock levels, a trace that leaves something out, an operator that mixes halves.
#include "qbsweep/operators/parity_half.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "assembled_action.hpp"
#include "qbsweep/model/observations.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using ::testing::DoubleNear;
using ::testing::Pointwise;
using testing::Random;

TEST(ParityHalf, TheTwoHalvesHoldEveryElementOnce) {
  Random random(31);
  for (int set = 0; set < 60; ++set) {
    const BatteryParameters battery = testing::random_battery(random, 5);
    SCOPED_TRACE(testing::describe(battery));
    const ParityHalf even(battery, Parity::even);
    const ParityHalf odd(battery, Parity::odd);
    ASSERT_EQ(even.size() + odd.size(), even.basis().size());

    const std::vector<double> state = testing::random_numbers(random, even.basis().size());
    std::vector<double> again(state.size(), 0.0);
    for (const ParityHalf* const half : {&even, &odd}) {
      std::vector<double> numbers(static_cast<std::size_t>(half->size()));
      half->restrict(state.data(), numbers.data());
      half->expand(numbers.data(), again.data());
    }
    EXPECT_EQ(again, state);
  }
}

TEST(ParityHalf, RowsAreWhereTheirElementsAre) {
  BatteryParameters battery;
  battery.N = 3;
  battery.gamma_down = 0.1;
  for (const int fock_dim : {4, 5}) {
    battery.fock_dim = fock_dim;
    for (const Parity parity : {Parity::even, Parity::odd}) {
      const ParityHalf half(battery, parity);
      std::vector<double> full(static_cast<std::size_t>(half.basis().size()));
      for (std::size_t e = 0; e < full.size(); ++e) {
        full[e] = static_cast<double>(e);
      }
      std::vector<double> numbers(static_cast<std::size_t>(half.size()));
      half.restrict(full.data(), numbers.data());
      std::int64_t next = 0;
      for (int b = 0; b < static_cast<int>(half.basis().blocks().size()); ++b) {
        const int dim = half.basis().blocks()[b].dim();
        for (int i = 0; i < dim; ++i) {
          for (int k = 0; k < dim; ++k) {
            for (int n = 0; n < fock_dim; ++n) {
              const ParityHalf::Row row = half.row(b, i, k, n);
              ASSERT_EQ(row.position, next);
              next += row.count;
              for (int s = 0; s < row.count; ++s) {
                const int l = row.first_l + 2 * s;
                ASSERT_LT(l, fock_dim);
                EXPECT_EQ((n + i + k + l) % 2, parity == Parity::even ? 0 : 1);
                EXPECT_EQ(numbers[row.position + s],
                          static_cast<double>(half.basis().index({b, i, k, n, l})));
              }
            }
          }
        }
      }
      EXPECT_EQ(next, half.size());
    }
  }
}

TEST(ParityHalf, TheDiagonalIsThatOfTheState) {
  Random random(32);
  for (int set = 0; set < 20; ++set) {
    const BatteryParameters battery = testing::random_battery(random, 5);
    SCOPED_TRACE(testing::describe(battery));
    const ParityHalf even(battery, Parity::even);
    EXPECT_TRUE(ParityHalf(battery, Parity::odd).diagonal().empty());
    std::vector<double> numbers(static_cast<std::size_t>(even.size()), 0.0);
    for (const std::int64_t position : even.diagonal()) {
      numbers[position] = 1.0;
    }
    std::vector<double> full(static_cast<std::size_t>(even.basis().size()), 0.0);
    even.expand(numbers.data(), full.data());
    Element element;
    for (const double number : full) {
      EXPECT_EQ(number, element.i == element.k && element.n == element.l ? 1.0 : 0.0);
      even.basis().advance(element);
    }
  }
}

TEST(HalfLiouvillian, EqualsTheAssembledOne) {
  Random random(33);
  for (int set = 0; set < 40; ++set) {
    const BatteryParameters battery = testing::random_battery(random, 4);
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
    const petsc::Matrix whole = assemble_liouvillian(MPI_COMM_SELF, basis, battery);
    for (const Parity parity : {Parity::even, Parity::odd}) {
      const ParityHalf half(battery, parity);
      const petsc::Matrix L = half_liouvillian(battery, half);
      const std::vector<double> numbers = testing::random_numbers(random, half.size());
      std::vector<double> full(static_cast<std::size_t>(basis.size()), 0.0);
      half.expand(numbers.data(), full.data());
      std::vector<double> product(full.size(), 0.0);
      half.expand(testing::multiply(L.get(), numbers).data(), product.data());
      EXPECT_THAT(product, Pointwise(DoubleNear(1e-12), testing::multiply(whole.get(), full)));
    }
  }
}

}  // namespace
}  // namespace qbsweep
