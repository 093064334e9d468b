// States on other numbers of levels against what the full basis says of them.
//
// What would be caught: an element that is lost or moved to another place, padding that is not
// zero, populations of other levels or counted twice, a cut by the column alone.
#include "qbsweep/operators/change_levels.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "qbsweep/model/state_basis.hpp"
#include "qbsweep/operators/parity_sector.hpp"
#include "qbsweep/operators/sector_state.hpp"
#include "qbsweep/operators/tavis_cummings_sector.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using testing::Random;
using testing::uniform_int;

SectorState unset(const Sector& sector) {
  SectorState state(sector.size());
  std::fill_n(state.data(), state.size(), std::numeric_limits<double>::quiet_NaN());
  return state;
}

StateBasis basis_of(const BatteryParameters& battery) {
  return {battery.N, battery.fock_dim, has_local_noise(battery)};
}

/// `full` on other Fock levels.
std::vector<double> on_fock_levels(const std::vector<double>& full, const StateBasis& from,
                                   const StateBasis& to) {
  std::vector<double> result(static_cast<std::size_t>(to.size()), 0.0);
  for (std::int64_t index = 0; index < to.size(); ++index) {
    const Element e = to.element(index);
    if (std::max(e.n, e.l) < from.fock_dim()) {
      result[index] = full[from.index(e)];
    }
  }
  return result;
}

/// The state of `from` that `full` has, given the levels of `to`, is what `to` picks out of
/// `expected` by itself.
void expect_changed(const Sector& from, const std::vector<double>& full, const Sector& to,
                    const std::vector<double>& expected) {
  SectorState x = unset(from);
  from.gather(full.data(), x.data());
  SectorState found = unset(to);
  change_levels(from, x.data(), to, found.data());
  SectorState right = unset(to);
  to.gather(expected.data(), right.data());
  for (std::int64_t e = 0; e < to.size(); ++e) {
    ASSERT_NEAR(found.data()[e], right.data()[e], 4e-16) << "at " << e;
  }
}

TEST(ChangeLevels, MovesParitySectors) {
  Random random(201);
  for (int set = 0; set < 100; ++set) {
    BatteryParameters battery = testing::random_battery(random, 5);
    battery.fock_dim = uniform_int(random, 2, set % 5 == 0 ? 40 : 9);
    BatteryParameters other = battery;
    other.fock_dim = uniform_int(random, 2, set % 5 == 0 ? 40 : 9);
    const Parity parity = uniform_int(random, 0, 1) == 0 ? Parity::even : Parity::odd;
    SCOPED_TRACE(testing::describe(battery) + " to " + std::to_string(other.fock_dim));
    const StateBasis basis = basis_of(battery);
    const std::vector<double> full = testing::random_numbers(random, basis.size());
    expect_changed(ParitySector(battery, parity), full, ParitySector(other, parity),
                   on_fock_levels(full, basis, basis_of(other)));
  }
}

TEST(ChangeLevels, MovesTavisCummingsSectors) {
  Random random(202);
  for (int set = 0; set < 100; ++set) {
    BatteryParameters battery = testing::random_battery(random, 6);
    battery.interaction = Interaction::tavis_cummings;
    battery.fock_dim = uniform_int(random, 2, set % 5 == 0 ? 30 : 9);
    const int k = uniform_int(random, 0, battery.N);
    const int excitations = uniform_int(random, 0, battery.fock_dim - 1);
    const int others = uniform_int(random, 0, battery.fock_dim - 1);
    const bool real_state = uniform_int(random, 0, 1) == 0;
    SCOPED_TRACE(testing::describe(battery) + " k " + std::to_string(k) + ", " +
                 std::to_string(excitations) + " to " + std::to_string(others));
    const StateBasis basis = basis_of(battery);
    std::vector<double> full = testing::random_numbers(random, basis.size());
    const TavisCummingsSector from(battery, k, excitations, real_state);
    // What `from` does not have is not there afterwards.
    SectorState x = unset(from);
    from.gather(full.data(), x.data());
    std::vector<double> kept(full.size(), 0.0);
    from.scatter(x.data(), kept.data());
    expect_changed(from, full, TavisCummingsSector(battery, k, others, real_state), kept);
  }
}

/// Populations by the full basis, of photons or of excitations.
std::vector<double> populations_of(const std::vector<double>& full, const StateBasis& basis,
                                   bool of_excitations, int levels) {
  std::vector<double> populations(static_cast<std::size_t>(levels), 0.0);
  for (std::int64_t index = 0; index < basis.size(); ++index) {
    const Element e = basis.element(index);
    const int atoms = excited_atoms(basis.N(), basis.blocks()[e.block], e.i);
    const int level = e.n + (of_excitations ? atoms : 0);
    if (e.i == e.k && e.n == e.l && level < levels) {
      populations[level] += full[index];
    }
  }
  return populations;
}

TEST(ChangeLevels, Populations) {
  Random random(203);
  for (int set = 0; set < 60; ++set) {
    BatteryParameters battery = testing::random_battery(random, 5);
    const bool excitations = battery.interaction == Interaction::tavis_cummings;
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis = basis_of(battery);
    const std::vector<double> full = testing::random_numbers(random, basis.size());
    std::vector<double> found(static_cast<std::size_t>(battery.fock_dim), 0.0);
    const auto add = [&](const Sector& sector) {
      SectorState x = unset(sector);
      sector.gather(full.data(), x.data());
      sector.add_populations(x.data(), found);
    };
    if (excitations) {
      for (int k = 0; k <= std::min(battery.N, battery.fock_dim - 1); ++k) {
        add(TavisCummingsSector(battery, k, battery.fock_dim - 1, false));
      }
    } else {
      add(ParitySector(battery, Parity::even));
      add(ParitySector(battery, Parity::odd));
    }
    const std::vector<double> expected = populations_of(full, basis, excitations, battery.fock_dim);
    for (std::size_t n = 0; n < found.size(); ++n) {
      EXPECT_NEAR(found[n], expected[n], 1e-13) << "level " << n;
    }
  }
}

}  // namespace
}  // namespace qbsweep
