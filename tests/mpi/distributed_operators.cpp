// Operators that ranks share against the same operators on one rank, to the last bit.
//
// What would be caught: ghosts that are stale after an application, elements that nobody or two
// ranks own, a neighbour that is not read, an order of operations that depends on the number of
// ranks.
#include <gtest/gtest.h>
#include <mpi.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "few_files.hpp"
#include "operators/kernels/kernels.hpp"
#include "qbsweep/model/charger_state.hpp"
#include "qbsweep/operators/change_levels.hpp"
#include "qbsweep/operators/charging_operators.hpp"
#include "qbsweep/operators/parity_sector.hpp"
#include "qbsweep/operators/sector_state.hpp"
#include "qbsweep/operators/stored_size.hpp"
#include "qbsweep/operators/tavis_cummings_sector.hpp"
#include "qbsweep/parallel/mpi.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using testing::Random;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// All numbers of all ranks, in the order of the ranks.
std::vector<std::int64_t> gathered(MPI_Comm comm, std::int64_t mine) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(Communicator::size_of(comm)));
  MPI_Allgather(&mine, 1, MPI_INT64_T, numbers.data(), 1, MPI_INT64_T, comm);
  return numbers;
}

std::vector<double> summed(MPI_Comm comm, std::vector<double> numbers) {
  MPI_Allreduce(MPI_IN_PLACE, numbers.data(), static_cast<int>(numbers.size()), MPI_DOUBLE, MPI_SUM,
                comm);
  return numbers;
}

/// Whether it holds on all ranks, so that all leave a test together. Says why on those where not.
bool holds_everywhere(MPI_Comm comm, const ::testing::AssertionResult& result) {
  EXPECT_TRUE(result);
  int holds = result ? 1 : 0;
  MPI_Allreduce(MPI_IN_PLACE, &holds, 1, MPI_INT, MPI_MIN, comm);
  return holds != 0;
}

/// Every element of the whole vector is owned by one rank, which keeps it.
void expect_division(MPI_Comm comm, const Slab& slab, const Slab& whole) {
  EXPECT_EQ(slab.whole, whole.whole);
  EXPECT_LE(0, slab.own_begin);
  EXPECT_LE(slab.own_begin, slab.own_end);
  EXPECT_LE(slab.own_end, slab.size);
  EXPECT_LE(slab.begin + slab.size, slab.whole);
  const std::vector<std::int64_t> begins = gathered(comm, slab.begin + slab.own_begin);
  const std::vector<std::int64_t> ends = gathered(comm, slab.begin + slab.own_end);
  std::int64_t next = 0;
  for (std::size_t rank = 0; rank < begins.size(); ++rank) {
    if (begins[rank] < ends[rank]) {
      EXPECT_EQ(begins[rank], next);
      next = ends[rank];
    }
  }
  EXPECT_EQ(next, slab.whole);
}

/// What is kept, ghosts included, and zeros behind it.
::testing::AssertionResult is_part_of(const SectorState& part, const Slab& slab,
                                      const SectorState& whole) {
  for (std::int64_t e = 0; e < part.size(); ++e) {
    const double expected = e < slab.size ? whole.data()[slab.begin + e] : 0.0;
    if (!(part.data()[e] == expected)) {
      return ::testing::AssertionFailure()
             << "element " << e << " of " << slab.size << ", of which " << slab.own_begin << " to "
             << slab.own_end << " are own: " << part.data()[e] << " is not " << expected;
    }
  }
  return ::testing::AssertionSuccess();
}

SectorState unset(std::int64_t size) {
  SectorState state(size);
  std::fill_n(state.data(), size, nan);
  return state;
}

/// `state` with all its elements unset, but its padding zero.
SectorState unset_like(const SectorState& state) {
  SectorState other(state.size());
  std::transform(state.data(), state.data() + state.size(), other.data(),
                 [](double element) { return element == 0 ? 0.0 : nan; });
  return other;
}

void expect_observations(const Sector& shared, const SectorState& x, const Sector& whole,
                         const SectorState& all) {
  EXPECT_EQ(shared.observed(), whole.observed());
  std::vector<double> found(shared.observed().size());
  std::vector<double> expected(found.size());
  shared.observe(x.data(), found.data());
  whole.observe(all.data(), expected.data());
  found = summed(shared.comm(), found);
  for (std::size_t o = 0; o < found.size(); ++o) {
    EXPECT_NEAR(found[o], expected[o], 1e-10) << "observation " << o;
  }
}

/// Compares all that a sector can do on all ranks with what it does on one.
void expect_same(const Sector& shared, const Sector& whole, const BatteryParameters& battery,
                 Random& random) {
  const Slab slab = shared.slab();
  expect_division(shared.comm(), slab, whole.slab());
  EXPECT_GE(shared.size(), slab.size);
  EXPECT_EQ(shared.unknowns(), whole.unknowns());

  const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
  const std::vector<double> state = testing::random_numbers(random, basis.size());
  SectorState x = unset(shared.size());
  SectorState all_x = unset(whole.size());
  shared.gather(state.data(), x.data());
  whole.gather(state.data(), all_x.data());
  if (!holds_everywhere(shared.comm(), is_part_of(x, slab, all_x))) {
    return;
  }

  expect_observations(shared, x, whole, all_x);

  SectorState y = unset_like(x);
  SectorState all_y = unset_like(all_x);
  const std::vector<Recurrence> recurrences = {
      {}, {0.7, -0.3, 0.9}, {0.2, 0.1, -0.5}, {0.3, 0.4, 0.0}, {-0.4, 0.0, 0.6}};
  for (const Recurrence& weights : recurrences) {
    shared.apply(x.data(), y.data(), weights);
    whole.apply(all_x.data(), all_y.data(), weights);
    if (!holds_everywhere(shared.comm(), is_part_of(y, slab, all_y))) {
      return;
    }
    std::swap(x, y);
    std::swap(all_x, all_y);
  }

  std::vector<double> expected(state.size(), 0.0);
  std::vector<double> found(state.size(), 0.0);
  whole.scatter(all_x.data(), expected.data());
  shared.scatter(x.data(), found.data());
  EXPECT_EQ(summed(shared.comm(), found), expected);

  const std::vector<double> amplitudes = testing::random_numbers(
      random, std::int64_t{testing::uniform_int(random, 1, battery.N + 1)} * battery.fock_dim);
  shared.set_pure_state(amplitudes, x.data());
  whole.set_pure_state(amplitudes, all_x.data());
  EXPECT_TRUE(is_part_of(x, slab, all_x));
}

TEST(DistributedOperators, ParitySectorsAreTheSameOnAnyNumberOfRanks) {
  const Communicator group(MPI_COMM_WORLD);
  Random random(70);
  for (int set = 0; set < 120; ++set) {
    BatteryParameters battery = testing::random_battery(random, 5);
    if (set % 5 == 0) {
      battery.fock_dim = testing::uniform_int(random, 14, 50);  // several registers a row
      battery.N = testing::uniform_int(random, 1, 3);
    } else if (set % 5 == 1) {
      battery.fock_dim = testing::uniform_int(random, 1, 5);  // fewer chunks than ranks
      battery.m = 0;
    }
    const Parity parity = testing::uniform_int(random, 0, 1) == 0 ? Parity::even : Parity::odd;
    SCOPED_TRACE(testing::describe(battery) + (parity == Parity::odd ? " odd" : " even"));
    for (const kernels::KernelSet& kernels : kernels::available()) {
      for (const Transport transport : {Transport::shared_memory, Transport::messages}) {
        SCOPED_TRACE(std::string(kernels.name) +
                     (transport == Transport::messages ? " messages" : " shared memory"));
        expect_same(ParitySector(battery, parity, kernels, group.get(), transport),
                    ParitySector(battery, parity, kernels), battery, random);
      }
    }
  }
}

// Rank 1 as if on another machine: it exchanges by messages, the others through their memory.
TEST(DistributedOperators, MachinesMayDifferWithinAGroup) {
  const Communicator group(MPI_COMM_WORLD);
  Random random(74);
  for (int set = 0; set < 40; ++set) {
    BatteryParameters battery = testing::random_battery(random, 4);
    battery.fock_dim = testing::uniform_int(random, 2, 30);
    SCOPED_TRACE(testing::describe(battery));
    const auto shared = [&] {
      const testing::FewFiles limit(group.rank() == 1);
      return std::make_unique<ParitySector>(battery, Parity::odd, group.get());
    }();
    expect_same(*shared, ParitySector(battery, Parity::odd), battery, random);
  }
}

// Nothing but the exchange itself keeps the ranks in step: one that is ahead may not overwrite what
// another one has still to read.
TEST(DistributedOperators, RanksMayRunAheadOfEachOther) {
  const Communicator group(MPI_COMM_WORLD);
  Random random(75);
  for (int set = 0; set < 60; ++set) {
    BatteryParameters battery = testing::random_battery(random, 3);
    battery.fock_dim = testing::uniform_int(random, 2, 20);  // some ranks with one or two chunks
    SCOPED_TRACE(testing::describe(battery));
    const ParitySector shared(battery, Parity::even, group.get());
    const ParitySector whole(battery, Parity::even);
    const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
    const std::vector<double> state = testing::random_numbers(random, basis.size());
    SectorState x(shared.size());
    SectorState y(shared.size());
    SectorState all_x(whole.size());
    SectorState all_y(whole.size());
    shared.gather(state.data(), x.data());
    whole.gather(state.data(), all_x.data());
    for (int application = 0; application < 100; ++application) {
      const Recurrence weights = {0.02, 0.3, -0.4};
      shared.apply(x.data(), y.data(), weights);
      whole.apply(all_x.data(), all_y.data(), weights);
      std::swap(x, y);
      std::swap(all_x, all_y);
    }
    if (!holds_everywhere(group.get(), is_part_of(x, shared.slab(), all_x))) {
      return;
    }
  }
}

// They share what they exchange through.
TEST(DistributedOperators, BothHalvesMayBeAppliedInTurns) {
  const Communicator group(MPI_COMM_WORLD);
  Random random(73);
  for (int set = 0; set < 40; ++set) {
    const BatteryParameters battery = testing::random_battery(random, 5);
    SCOPED_TRACE(testing::describe(battery));
    const ParitySector even(battery, Parity::even, group.get());
    const std::unique_ptr<ParitySector> odd = even.other_half();
    for (int turn = 0; turn < 2; ++turn) {
      expect_same(even, ParitySector(battery, Parity::even), battery, random);
      expect_same(*odd, ParitySector(battery, Parity::odd), battery, random);
    }
  }
}

/// A state that changes its levels does so on all ranks as on one.
void expect_same_change(const Sector& shared_from, const Sector& shared_to, const Sector& from,
                        const Sector& to, const BatteryParameters& battery, Random& random) {
  const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
  const std::vector<double> state = testing::random_numbers(random, basis.size());
  SectorState x = unset(shared_from.size());
  SectorState all_x = unset(from.size());
  shared_from.gather(state.data(), x.data());
  from.gather(state.data(), all_x.data());
  SectorState y = unset(shared_to.size());
  SectorState all_y = unset(to.size());
  change_levels(shared_from, x.data(), shared_to, y.data());
  change_levels(from, all_x.data(), to, all_y.data());
  EXPECT_TRUE(is_part_of(y, shared_to.slab(), all_y));
  std::vector<double> found(static_cast<std::size_t>(shared_from.levels()), 0.0);
  std::vector<double> expected(found.size(), 0.0);
  shared_from.add_populations(x.data(), found);
  from.add_populations(all_x.data(), expected);
  found = summed(shared_from.comm(), found);
  for (std::size_t n = 0; n < found.size(); ++n) {
    EXPECT_NEAR(found[n], expected[n], 1e-12) << "level " << n;
  }
}

TEST(DistributedOperators, LevelsChangeAsOnOneRank) {
  const Communicator group(MPI_COMM_WORLD);
  Random random(76);
  for (int set = 0; set < 80; ++set) {
    BatteryParameters battery = testing::random_battery(random, 4);
    battery.fock_dim = testing::uniform_int(random, 2, 30);
    BatteryParameters other = battery;
    other.fock_dim = testing::uniform_int(random, 2, 30);
    SCOPED_TRACE(testing::describe(battery) + " to " + std::to_string(other.fock_dim));
    if (battery.interaction == Interaction::dicke) {
      expect_same_change(ParitySector(battery, Parity::even, group.get()),
                         ParitySector(other, Parity::even, group.get()),
                         ParitySector(battery, Parity::even), ParitySector(other, Parity::even),
                         battery, random);
    } else {
      const int k = testing::uniform_int(random, 0, battery.N);
      const int cut = testing::uniform_int(random, 0, battery.fock_dim - 1);
      const int whole = battery.fock_dim - 1;
      const bool widen = testing::uniform_int(random, 0, 1) == 0;
      const int from = widen ? cut : whole;
      const int to = widen ? whole : cut;
      expect_same_change(TavisCummingsSector(battery, k, from, false, group.get()),
                         TavisCummingsSector(battery, k, to, false, group.get()),
                         TavisCummingsSector(battery, k, from, false),
                         TavisCummingsSector(battery, k, to, false), battery, random);
    }
  }
}

TEST(DistributedOperators, TavisCummingsSectorsAreTheSameOnAnyNumberOfRanks) {
  const Communicator group(MPI_COMM_WORLD);
  Random random(71);
  for (int set = 0; set < 200; ++set) {
    BatteryParameters battery = testing::random_battery(random, set % 4 == 0 ? 10 : 5);
    battery.interaction = Interaction::tavis_cummings;
    if (set % 4 == 1) {
      battery.fock_dim = testing::uniform_int(random, 14, 37);  // several tiles a strip
    }
    const int k =
        set % 3 == 0 ? 0 : testing::uniform_int(random, 0, std::min(battery.N, battery.fock_dim));
    const int most =
        set % 2 == 0 ? battery.fock_dim - 1 : testing::uniform_int(random, 0, battery.fock_dim - 1);
    const bool real_state = testing::uniform_int(random, 0, 1) == 0;
    SCOPED_TRACE(testing::describe(battery) + " k=" + std::to_string(k) +
                 " most=" + std::to_string(most) + (real_state ? " real" : " complex"));
    for (const kernels::KernelSet& kernels : kernels::available()) {
      SCOPED_TRACE(kernels.name);
      expect_same(TavisCummingsSector(battery, k, most, real_state, kernels, group.get()),
                  TavisCummingsSector(battery, k, most, real_state, kernels), battery, random);
    }
  }
}

// What `plan` and the choice of ranks reckon with is what the rank that keeps most keeps.
TEST(DistributedOperators, TheirSizeIsKnownWithoutThem) {
  const Communicator group(MPI_COMM_WORLD);
  Random random(72);
  for (int set = 0; set < 60; ++set) {
    const BatteryParameters battery = testing::random_battery(random, 8);
    SCOPED_TRACE(testing::describe(battery));
    const ChargingOperators operators = matrix_free_operators(battery, group.get());
    const StoredSize size = matrix_free_size(battery, group.size());
    double doubles = 0;
    double largest = 0;
    for (const auto& part : operators.parts) {
      const std::vector<std::int64_t> kept = gathered(group.get(), part->slab().size);
      const auto most = static_cast<double>(*std::max_element(kept.begin(), kept.end()));
      doubles += most;
      largest = std::max(largest, most);
    }
    EXPECT_EQ(size.doubles, doubles);
    EXPECT_EQ(size.largest_part, largest);
  }
}

TEST(DistributedOperators, AStateVectorIsNotShared) {
  const Communicator group(MPI_COMM_WORLD);
  BatteryParameters battery;
  battery.kappa = battery.gamma_down = battery.gamma_phi = 0;
  const ChargingOperators operators = matrix_free_operators(battery, group.get());
  ASSERT_EQ(operators.parts.size(), 1U);
  const MatrixFreeOperator& part = *operators.parts.front();
  EXPECT_EQ(part.comm(), MPI_COMM_SELF);
  EXPECT_EQ(part.slab().own_end, part.slab().whole);
  EXPECT_EQ(part.size(), part.slab().whole);
}

TEST(DistributedOperators, ParitySectorsAreSharedEvenly) {
  const Communicator group(MPI_COMM_WORLD);
  BatteryParameters battery;
  battery.N = 2;
  battery.fock_dim = 48;
  const ParitySector sector(battery, Parity::even, group.get());
  const Slab slab = sector.slab();
  const std::int64_t row = slab.whole / battery.fock_dim;
  const std::int64_t rank = group.rank();
  const std::int64_t first = 24 * rank / group.size();
  const std::int64_t end = 24 * (rank + 1) / group.size();
  EXPECT_EQ(slab.begin + slab.own_begin, 2 * first * row);
  EXPECT_EQ(slab.begin + slab.own_end, 2 * end * row);
  EXPECT_EQ(slab.size - (slab.own_end - slab.own_begin),
            ((first > 0 ? 1 : 0) + (end < 24 ? 1 : 0)) * row);
}

}  // namespace
}  // namespace qbsweep
