// The assembled Liouvillian in the place of a matrix-free operator.
#include "qbsweep/operators/assembled_operator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "assembled_action.hpp"
#include "qbsweep/model/charger_state.hpp"
#include "qbsweep/model/observations.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(AssembledOperator, AppliesTheMatrixWithTheWeightsOfARecurrence) {
  testing::Random random(40);
  for (int set = 0; set < 30; ++set) {
    const BatteryParameters battery = testing::random_battery(random, 4);
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
    const AssembledOperator whole(battery);
    ASSERT_EQ(whole.size(), basis.size());
    EXPECT_EQ(whole.unknowns(), basis.size());
    const std::vector<double> x = testing::random_numbers(random, basis.size());
    const std::vector<double> before = testing::random_numbers(random, basis.size());
    const petsc::Matrix L = assemble_liouvillian(MPI_COMM_SELF, basis, battery);
    const std::vector<double> product = testing::multiply(L.get(), x);

    std::vector<double> y(x.size(), nan);  // what is not weighed must not be read
    whole.apply(x.data(), y.data(), {});
    EXPECT_EQ(y, product);
    std::fill(y.begin(), y.end(), nan);
    whole.apply(x.data(), y.data(), {0.7, -1.3, 0.0});
    for (std::size_t e = 0; e < y.size(); ++e) {
      ASSERT_NEAR(y[e], 0.7 * product[e] - 1.3 * x[e], 1e-12);
    }
    y = before;
    whole.apply(x.data(), y.data(), {0.7, -1.3, 0.4});
    for (std::size_t e = 0; e < y.size(); ++e) {
      ASSERT_NEAR(y[e], 0.7 * product[e] - 1.3 * x[e] + 0.4 * before[e], 1e-12);
    }
  }
}

TEST(AssembledOperator, ObservesTheStateItHolds) {
  testing::Random random(41);
  for (int set = 0; set < 30; ++set) {
    const BatteryParameters battery = testing::random_battery(random, 4);
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
    const AssembledOperator whole(battery);
    const std::vector<double> x = testing::random_numbers(random, basis.size());
    std::vector<double> expected(static_cast<std::size_t>(ObservationLayout(basis, battery).size()),
                                 0.0);
    for_each_observation(basis, battery,
                         [&](std::int64_t position, std::int64_t element, double weight) {
                           expected[position] += weight * x[element];
                         });
    std::vector<double> found(whole.observed().size(), nan);
    whole.observe(x.data(), found.data());
    EXPECT_EQ(found, expected);
    for (std::size_t o = 0; o < found.size(); ++o) {
      ASSERT_EQ(whole.observed()[o], static_cast<std::int64_t>(o));
    }

    const std::vector<double> a =
        charger_state(battery.charger, battery.m, battery.fock_dim).amplitudes;
    std::vector<double> start(x.size(), nan);
    whole.set_pure_state(a, start.data());
    for (std::int64_t e = 0; e < basis.size(); ++e) {
      const Element p = basis.element(e);
      const bool discharged = p.block == 0 && p.i == 0 && p.k == 0;
      ASSERT_EQ(start[e], discharged ? a[p.n] * a[p.l] : 0.0);
    }
  }
}

}  // namespace
}  // namespace qbsweep
