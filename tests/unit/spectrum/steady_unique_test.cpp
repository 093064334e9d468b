// Where a steady state is known to be unique, and what is left out there.
//
// What would be caught: a battery with several steady states taken for one with a single one, the
// work of a count that is not needed.
#include <gtest/gtest.h>

#include "dicke_battery.hpp"
#include "qbsweep/spectrum/liouvillian_gap.hpp"
#include "qbsweep/spectrum/steady_propagator.hpp"
#include "qbsweep/spectrum/steady_shift_invert.hpp"
#include "random_batteries.hpp"
#include "spectrum/steady_states.hpp"

namespace qbsweep {
namespace {

using testing::dicke;
using testing::Random;

// The count of both parities is by the dense spectrum.
TEST(SteadyUnique, WhereCavityAndAtomsDecay) {
  Random random(71);
  for (int set = 0; set < 30; ++set) {
    BatteryParameters battery = testing::random_battery(random, 2);
    battery.fock_dim = testing::uniform_int(random, 1, 5);
    battery.kappa = testing::uniform(random, 0.01, 1);
    battery.gamma_down = testing::uniform(random, 0.01, 1);
    if (set % 3 == 0) {
      battery.g = 0;
    }
    SCOPED_TRACE(testing::describe(battery));
    EXPECT_TRUE(unique_by_decay(battery));
    EXPECT_EQ(liouvillian_gap(battery, {.dense_unknowns = 2000}).multiplicity, 1);
  }
}

TEST(SteadyUnique, IsNotSaidWhereItNeedNotBe) {
  // Atoms that nothing reaches keep their state; so does a cavity.
  for (const BatteryParameters& several : {dicke(2, 0, 0.3, 0, 0.2), dicke(2, 0, 0, 0.3, 0.2)}) {
    EXPECT_FALSE(unique_by_decay(several));
    EXPECT_GT(liouvillian_gap(several).multiplicity, 1);
  }
  // A rate that rounding hides counts as none.
  EXPECT_FALSE(unique_by_decay(dicke(2, 0.5, 0.3, 1e-17, 0)));
}

TEST(SteadyUnique, TakesNoWorkToShow) {
  BatteryParameters battery = dicke(3, 1, 0.3, 0.2, 0.1);
  battery.fock_dim = 14;
  const SteadySolution solution = steady_propagator(battery);
  EXPECT_LE(solution.error, 1e-9);
  const std::int64_t count = even_half_gap(battery, {.tolerance = 1e-3}).operator_applications;
  EXPECT_LT(static_cast<double>(solution.operator_applications), 1.5 * static_cast<double>(count));

  // By shift_invert one eigenvector is found in place of two.
  const std::int64_t solves =
      steady_shift_invert(MPI_COMM_SELF, battery, 1e-9).operator_applications;
  EXPECT_LT(solves, 25);
}

}  // namespace
}  // namespace qbsweep
