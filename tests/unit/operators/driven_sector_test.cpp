// The driven sector against the assembled matrix.
//
// What would be caught: a drive that moves to the wrong columns of the other half, a sign of X or
// Y, the Hermitian parts on i = k, an energy of the drive that is not the whole state's.
#include "qbsweep/operators/driven_sector.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "assembled_action.hpp"
#include "operators/kernels/kernels.hpp"
#include "qbsweep/model/observations.hpp"
#include "qbsweep/operators/sector_state.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

BatteryParameters driven_battery(testing::Random& random, int set) {
  BatteryParameters battery = testing::random_model(random, 5, true);
  battery.ising_x = 0;
  battery.drive = set % 3 == 0 ? 0.0 : testing::uniform(random, 0.1, 1);
  battery.atom_drive = set % 3 == 1 ? 0.0 : testing::uniform(random, 0.1, 1);
  if (set % 10 == 0) {
    battery.fock_dim = testing::uniform_int(random, 14, 37);  // several registers a row
    battery.N = testing::uniform_int(random, 1, 3);
  }
  return battery;
}

void expect_near(const std::vector<double>& found, const std::vector<double>& expected) {
  double scale = 0;
  for (const double number : expected) {
    scale = std::hypot(scale, number);
  }
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t e = 0; e < found.size(); ++e) {
    ASSERT_NEAR(found[e], expected[e], 1e-13 * scale) << e;
  }
}

TEST(DrivenSector, EqualsTheAssembledOperator) {
  testing::Random random(24);
  for (int set = 0; set < 150; ++set) {
    const BatteryParameters battery = driven_battery(random, set);
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
    const std::vector<double> state = testing::random_numbers(random, basis.size());
    const std::vector<double> before = testing::random_numbers(random, basis.size());
    const std::vector<double> L =
        testing::multiply(assemble_liouvillian(MPI_COMM_SELF, basis, battery).get(), state);
    const Recurrence weights = {0.7, -0.3, 1.9};
    std::vector<double> expected(state.size());
    for (std::size_t e = 0; e < state.size(); ++e) {
      expected[e] = weights.alpha * L[e] + weights.beta * state[e] + weights.gamma * before[e];
    }
    for (const kernels::KernelSet& kernels : kernels::available()) {
      SCOPED_TRACE(kernels.name);
      const DrivenSector sector(battery, kernels);
      EXPECT_EQ(sector.unknowns(), basis.size());
      SectorState x(sector.size());
      SectorState y(sector.size());
      std::vector<double> found(state.size(), std::numeric_limits<double>::quiet_NaN());
      sector.gather(state.data(), x.data());
      sector.apply(x.data(), y.data(), {});
      sector.scatter(y.data(), found.data());
      ASSERT_NO_FATAL_FAILURE(expect_near(found, L));
      sector.gather(before.data(), y.data());
      sector.apply(x.data(), y.data(), weights);
      sector.scatter(y.data(), found.data());
      ASSERT_NO_FATAL_FAILURE(expect_near(found, expected));
    }
  }
}

TEST(DrivenSector, ObservationsAreThoseOfTheFullState) {
  testing::Random random(25);
  for (int set = 0; set < 60; ++set) {
    const BatteryParameters battery = driven_battery(random, set);
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
    const std::vector<double> state = testing::random_numbers(random, basis.size());
    const ObservationLayout layout(basis, battery);
    std::vector<double> expected(static_cast<std::size_t>(layout.size()), 0.0);
    for_each_observation(basis, battery,
                         [&](std::int64_t position, std::int64_t element, double weight) {
                           expected[position] += weight * state[element];
                         });
    const DrivenSector sector(battery);
    SectorState x(sector.size());
    sector.gather(state.data(), x.data());
    std::vector<double> own(sector.observed().size());
    sector.observe(x.data(), own.data());
    std::vector<double> found(expected.size(), 0.0);
    for (std::size_t o = 0; o < own.size(); ++o) {
      found[sector.observed()[o]] += own[o];
    }
    ASSERT_NO_FATAL_FAILURE(expect_near(found, expected));
  }
}

}  // namespace
}  // namespace qbsweep
