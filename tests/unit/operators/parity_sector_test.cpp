// The parity sectors against the assembled operator.
#include "qbsweep/operators/parity_sector.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "assembled_action.hpp"
#include "operators/kernels/kernels.hpp"
#include "qbsweep/model/charger_state.hpp"
#include "qbsweep/model/observations.hpp"
#include "qbsweep/operators/sector_state.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using testing::Random;

double norm(const std::vector<double>& numbers) {
  double sum = 0;
  for (const double number : numbers) {
    sum += number * number;
  }
  return std::sqrt(sum);
}

/// The largest difference of two vectors over the norm of `scale`.
double relative_difference(const std::vector<double>& a, const std::vector<double>& b,
                           double scale) {
  double largest = 0;
  for (std::size_t e = 0; e < a.size(); ++e) {
    largest = std::max(largest, std::abs(a[e] - b[e]));
  }
  return scale > 0 ? largest / scale : largest;
}

/// Both sectors, each applied to its part of `state`, put together.
std::vector<double> apply_sectors(const BatteryParameters& battery,
                                  const std::vector<double>& state,
                                  const kernels::KernelSet& kernels) {
  std::vector<double> sum(state.size(), std::numeric_limits<double>::quiet_NaN());
  for (const Parity parity : {Parity::even, Parity::odd}) {
    const ParitySector sector(battery, parity, kernels);
    SectorState x(sector.size());
    SectorState y(sector.size());
    std::fill_n(y.data(), y.size(), std::numeric_limits<double>::quiet_NaN());
    sector.gather(state.data(), x.data());
    sector.apply(x.data(), y.data(), {});
    sector.scatter(y.data(), sum.data());
  }
  return sum;
}

TEST(ParitySector, EveryTermAndAllOfThemEqualTheAssembledOperator) {
  Random random(20);
  for (int set = 0; set < 250; ++set) {
    BatteryParameters battery = testing::random_model(random, 6, false);
    battery.ising_x = 0;
    if (set % 10 == 0) {
      battery.fock_dim = testing::uniform_int(random, 14, 37);  // several registers a row
      battery.N = testing::uniform_int(random, 1, 3);
    }
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
    const std::vector<double> state = testing::random_numbers(random, basis.size());
    const auto& sets = kernels::available();
    const kernels::KernelSet& kernels = sets[set % sets.size()];

    const std::vector<double> all =
        testing::multiply(assemble_liouvillian(MPI_COMM_SELF, basis, battery).get(), state);
    const std::vector<double> mine = apply_sectors(battery, state, kernels);
    ASSERT_LT(relative_difference(mine, all, norm(all)), 1e-13);

    for (const TermName term : all_terms()) {
      if (!carried_terms(Carrier::parity_kernel).has(term) || term == "thermal photons") {
        continue;
      }
      const BatteryParameters alone = testing::with_only(battery, term);
      const std::vector<double> expected = testing::apply_terms(basis, alone, {term}, state);
      const std::vector<double> found = apply_sectors(alone, state, kernels);
      ASSERT_LT(relative_difference(found, expected, norm(expected)), 1e-13) << "term " << term;
    }
  }
}

TEST(ParitySector, ARecurrenceAddsWhatItIsToldTo) {
  Random random(21);
  for (const kernels::KernelSet& kernels : kernels::available()) {
    const BatteryParameters battery = testing::random_battery(random, 5);
    SCOPED_TRACE(testing::describe(battery));
    const ParitySector sector(battery, Parity::odd, kernels);
    const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
    SectorState x(sector.size());
    SectorState y(sector.size());
    SectorState Lx(sector.size());
    sector.gather(testing::random_numbers(random, basis.size()).data(), x.data());
    sector.gather(testing::random_numbers(random, basis.size()).data(), y.data());
    const std::vector<double> before(y.data(), y.data() + y.size());
    sector.apply(x.data(), Lx.data(), {});
    sector.apply(x.data(), y.data(), {0.7, -0.3, 1.9});
    for (std::int64_t e = 0; e < sector.size(); ++e) {
      ASSERT_NEAR(y.data()[e], 0.7 * Lx.data()[e] - 0.3 * x.data()[e] + 1.9 * before[e], 1e-12);
    }
  }
}

TEST(ParitySector, ObservationsAreThoseOfTheFullState) {
  Random random(22);
  for (int set = 0; set < 100; ++set) {
    BatteryParameters battery = testing::random_model(random, 6, false);
    battery.ising_x = 0;
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
    const std::vector<double> state = testing::random_numbers(random, basis.size());
    const ObservationLayout layout(basis, battery);
    std::vector<double> expected(layout.size(), 0.0);
    for_each_observation(basis, battery,
                         [&](std::int64_t position, std::int64_t element, double weight) {
                           expected[position] += weight * state[element];
                         });
    std::vector<double> found(layout.size(), 0.0);
    std::int64_t unknowns = 0;
    for (const Parity parity : {Parity::even, Parity::odd}) {
      const ParitySector sector(battery, parity);
      unknowns += sector.unknowns();
      SectorState x(sector.size());
      sector.gather(state.data(), x.data());
      std::vector<double> own(sector.observed().size());
      sector.observe(x.data(), own.data());
      for (std::size_t o = 0; o < own.size(); ++o) {
        found[sector.observed()[o]] += own[o];
      }
    }
    EXPECT_EQ(unknowns, basis.size());
    EXPECT_LT(relative_difference(found, expected, 1.0), 1e-11);
  }
}

TEST(ParitySector, TheFirstStateIsThatOfTheFullBasis) {
  Random random(23);
  for (int set = 0; set < 50; ++set) {
    const BatteryParameters battery = testing::random_battery(random, 4);
    SCOPED_TRACE(testing::describe(battery));
    const ChargerState charger = charger_state(battery.charger, battery.m, battery.fock_dim);
    const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
    std::vector<double> found(basis.size(), 0.0);
    for (const Parity parity : {Parity::even, Parity::odd}) {
      const ParitySector sector(battery, parity);
      SectorState x(sector.size());
      sector.set_pure_state(charger.amplitudes, x.data());
      sector.scatter(x.data(), found.data());
    }
    for (std::int64_t e = 0; e < basis.size(); ++e) {
      const Element p = basis.element(e);
      const bool start = p.block == 0 && p.i == 0 && p.k == 0;
      ASSERT_EQ(found[e], start ? charger.amplitudes[p.n] * charger.amplitudes[p.l] : 0.0);
    }
  }
}

}  // namespace
}  // namespace qbsweep
