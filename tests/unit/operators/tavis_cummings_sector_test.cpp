// The excitation sectors of Tavis-Cummings against the assembled operator.
#include "qbsweep/operators/tavis_cummings_sector.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
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

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct SectorChoice {
  BatteryParameters battery;
  int k = 0;
  int max_excitations = 0;
  bool real_state = false;

  [[nodiscard]] StateBasis basis() const {
    return {battery.N, battery.fock_dim, has_local_noise(battery)};
  }
  [[nodiscard]] TavisCummingsSector sector(
      const kernels::KernelSet& kernels = kernels::best()) const {
    return {battery, k, max_excitations, real_state, kernels};
  }
};

std::string describe(const SectorChoice& choice) {
  return testing::describe(choice.battery) + " k=" + std::to_string(choice.k) +
         " max_excitations=" + std::to_string(choice.max_excitations) +
         (choice.real_state ? " real" : " complex");
}

/// Any sector of any battery. Some have strips of several tiles, some many blocks.
SectorChoice random_sector(Random& random) {
  SectorChoice choice;
  BatteryParameters& battery = choice.battery;
  battery = testing::random_battery(random, 6);
  battery.interaction = Interaction::tavis_cummings;
  battery.collective_down = testing::random_rate(random, 0.5);
  battery.collective_phi = testing::random_rate(random, 0.5);
  battery.ising_z = testing::random_rate(random, 1);
  const int size = testing::uniform_int(random, 0, 9);
  if (size == 0) {
    battery.N = testing::uniform_int(random, 1, 3);
    battery.fock_dim = testing::uniform_int(random, 14, 37);
  } else if (size == 1) {
    battery.N = testing::uniform_int(random, 8, 11);
    battery.fock_dim = testing::uniform_int(random, 3, 11);
  }
  choice.k =
      testing::uniform_int(random, 0, 2) == 0 ? 0 : testing::uniform_int(random, 0, battery.N);
  choice.max_excitations = testing::uniform_int(random, 0, 1) == 0
                               ? battery.fock_dim - 1
                               : testing::uniform_int(random, 0, battery.fock_dim - 1);
  choice.real_state = testing::uniform_int(random, 0, 1) == 0;
  if (choice.real_state) {
    battery.omega_c = battery.omega_0;
    battery.ising_z = 0;
  }
  return choice;
}

/// Random numbers on the elements of the sector and of its adjoint, zero elsewhere.
std::vector<double> random_state(Random& random, const SectorChoice& choice) {
  const StateBasis basis = choice.basis();
  std::vector<double> state(static_cast<std::size_t>(basis.size()), 0.0);
  Element p = basis.element(0);
  for (std::int64_t index = 0; index < basis.size(); ++index, basis.advance(p)) {
    const SpinBlock block = basis.blocks()[p.block];
    const int row = excited_atoms(basis.N(), block, p.i) + p.n;
    const int column = excited_atoms(basis.N(), block, p.k) + p.l;
    if (std::abs(row - column) == choice.k && std::max(row, column) <= choice.max_excitations) {
      const double sign = testing::uniform_int(random, 0, 1) == 0 ? 1 : -1;
      state[index] = sign * testing::uniform(random, 0.1, 1);
      if (choice.real_state) {
        const std::int64_t adjoint = basis.index({p.block, p.k, p.i, p.l, p.n});
        state[index] = adjoint < index ? state[adjoint] : state[index];
      }
    }
  }
  return state;
}

SectorState gathered(const TavisCummingsSector& sector, const std::vector<double>& state) {
  SectorState x(sector.size());
  std::fill_n(x.data(), x.size(), nan);
  sector.gather(state.data(), x.data());
  return x;
}

std::vector<double> scattered(const TavisCummingsSector& sector, const SectorState& x,
                              std::size_t size) {
  std::vector<double> state(size, 0.0);
  sector.scatter(x.data(), state.data());
  return state;
}

std::vector<double> applied(const SectorChoice& choice, const kernels::KernelSet& kernels,
                            const std::vector<double>& state) {
  const TavisCummingsSector sector = choice.sector(kernels);
  const SectorState x = gathered(sector, state);
  SectorState y(sector.size());
  std::fill_n(y.data(), y.size(), nan);
  sector.apply(x.data(), y.data(), {});
  return scattered(sector, y, state.size());
}

void expect_near(const std::vector<double>& found, const std::vector<double>& expected) {
  double scale = 1e-250;  // above what an unseen rate makes
  for (const double number : expected) {
    scale = std::max(scale, std::abs(number));
  }
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t e = 0; e < found.size(); ++e) {
    ASSERT_LE(std::abs(found[e] - expected[e]), 1e-13 * scale) << "at " << e;
  }
}

/// The battery in the frame that rotates at omega_c.
BatteryParameters rotating(BatteryParameters battery) {
  battery.omega_0 -= battery.omega_c;
  battery.omega_c = 0;
  return battery;
}

TEST(TavisCummingsSector, EveryTermAndAllOfThemEqualTheAssembledOperator) {
  Random random(30);
  for (int set = 0; set < 300; ++set) {
    const SectorChoice choice = random_sector(random);
    SCOPED_TRACE(describe(choice));
    const StateBasis basis = choice.basis();
    const std::vector<double> state = random_state(random, choice);
    const BatteryParameters battery = rotating(choice.battery);
    const std::vector<double> whole =
        testing::multiply(assemble_liouvillian(MPI_COMM_SELF, basis, battery).get(), state);
    for (const kernels::KernelSet& kernels : kernels::available()) {
      SCOPED_TRACE(kernels.name);
      ASSERT_NO_FATAL_FAILURE(expect_near(applied(choice, kernels, state), whole));
    }
    for (const TermName term : all_terms()) {
      if (!carried_terms(Carrier::tavis_cummings_kernel).has(term) || term == "thermal photons") {
        continue;
      }
      SCOPED_TRACE(::testing::Message() << "term " << term);
      const std::vector<double> part = testing::apply_terms(basis, battery, {term}, state);
      SectorChoice alone = choice;
      alone.battery = testing::with_only(choice.battery, term);
      for (const kernels::KernelSet& kernels : kernels::available()) {
        SCOPED_TRACE(kernels.name);
        ASSERT_NO_FATAL_FAILURE(expect_near(applied(alone, kernels, state), part));
      }
    }
  }
}

TEST(TavisCummingsSector, WeighsTheTermsOfARecurrence) {
  Random random(31);
  const Recurrence weights = {0.7, -1.3, 0.4};
  for (int set = 0; set < 40; ++set) {
    const SectorChoice choice = random_sector(random);
    SCOPED_TRACE(describe(choice));
    const std::vector<double> state = random_state(random, choice);
    const std::vector<double> before = random_state(random, choice);
    for (const kernels::KernelSet& kernels : kernels::available()) {
      SCOPED_TRACE(kernels.name);
      const TavisCummingsSector sector = choice.sector(kernels);
      const std::vector<double> L = applied(choice, kernels, state);
      const SectorState x = gathered(sector, state);
      SectorState y = gathered(sector, before);
      sector.apply(x.data(), y.data(), weights);
      std::vector<double> expected(state.size());
      for (std::size_t e = 0; e < state.size(); ++e) {
        expected[e] = weights.alpha * L[e] + weights.beta * state[e] + weights.gamma * before[e];
      }
      ASSERT_NO_FATAL_FAILURE(expect_near(scattered(sector, y, state.size()), expected));
    }
  }
}

TEST(TavisCummingsSector, CountsItsUnknownsAndKeepsThePaddingZero) {
  Random random(32);
  for (int set = 0; set < 60; ++set) {
    const SectorChoice choice = random_sector(random);
    SCOPED_TRACE(describe(choice));
    const std::vector<double> state = random_state(random, choice);
    for (const kernels::KernelSet& kernels : kernels::available()) {
      SCOPED_TRACE(kernels.name);
      const TavisCummingsSector sector = choice.sector(kernels);
      const SectorState first = gathered(sector, state);
      SectorState x = gathered(sector, state);
      SectorState y(sector.size());
      std::fill_n(y.data(), y.size(), nan);
      sector.apply(x.data(), y.data(), {});
      for (int repetition = 0; repetition < 4; ++repetition) {
        sector.apply(y.data(), x.data(), {0.5, 0.3, -0.2});
        std::swap(x, y);
      }
      std::int64_t unknowns = 0;
      for (std::int64_t e = 0; e < sector.size(); ++e) {
        unknowns += first.data()[e] != 0 ? 1 : 0;
        if (first.data()[e] == 0) {
          ASSERT_EQ(y.data()[e], 0.0) << "at " << e;
        }
      }
      EXPECT_EQ(unknowns, sector.unknowns());
    }
  }
}

/// The observations of a state in the full basis.
std::vector<double> observations(const SectorChoice& choice, const std::vector<double>& state) {
  const StateBasis basis = choice.basis();
  std::vector<double> sums(
      static_cast<std::size_t>(ObservationLayout(basis, choice.battery).size()), 0.0);
  for_each_observation(basis, choice.battery,
                       [&](std::int64_t position, std::int64_t element, double weight) {
                         sums[position] += weight * state[element];
                       });
  return sums;
}

void add_observations(const TavisCummingsSector& sector, const SectorState& x,
                      std::vector<double>& sums) {
  std::vector<double> own(sector.observed().size(), nan);
  sector.observe(x.data(), own.data());
  for (std::size_t o = 0; o < own.size(); ++o) {
    sums[sector.observed()[o]] += own[o];
  }
}

TEST(TavisCummingsSector, ObservesWhatTheFullStateShows) {
  Random random(33);
  for (int set = 0; set < 100; ++set) {
    const SectorChoice choice = random_sector(random);
    SCOPED_TRACE(describe(choice));
    const std::vector<double> state = random_state(random, choice);
    const std::vector<double> expected = observations(choice, state);
    for (const kernels::KernelSet& kernels : kernels::available()) {
      SCOPED_TRACE(kernels.name);
      const TavisCummingsSector sector = choice.sector(kernels);
      std::vector<double> found(expected.size(), 0.0);
      add_observations(sector, gathered(sector, state), found);
      ASSERT_NO_FATAL_FAILURE(expect_near(found, expected));
    }
  }
}

TEST(TavisCummingsSector, SectorsTogetherStartAndLookAsTheFullState) {
  Random random(34);
  for (int set = 0; set < 60; ++set) {
    SectorChoice choice = random_sector(random);
    choice.max_excitations = choice.battery.charger == Charger::fock
                                 ? static_cast<int>(choice.battery.m)
                                 : choice.battery.fock_dim - 1;
    SCOPED_TRACE(describe(choice));
    const StateBasis basis = choice.basis();
    const std::vector<double> a =
        charger_state(choice.battery.charger, choice.battery.m, choice.battery.fock_dim).amplitudes;
    std::vector<double> start(static_cast<std::size_t>(basis.size()), 0.0);
    for (int n = 0; n < basis.fock_dim(); ++n) {
      for (int l = 0; l < basis.fock_dim(); ++l) {
        start[basis.index({0, 0, 0, n, l})] = a[n] * a[l];
      }
    }
    std::vector<double> together(start.size(), 0.0);
    const std::vector<double> expected = observations(choice, start);
    std::vector<double> found(expected.size(), 0.0);
    for (choice.k = 0; choice.k < basis.fock_dim(); ++choice.k) {
      const TavisCummingsSector sector = choice.sector();
      SectorState x(sector.size());
      std::fill_n(x.data(), x.size(), nan);
      sector.set_pure_state(a, x.data());
      sector.scatter(x.data(), together.data());
      add_observations(sector, x, found);
    }
    EXPECT_EQ(together, start);
    ASSERT_NO_FATAL_FAILURE(expect_near(found, expected));
  }
}

// The first two derivatives of all sectors' observations along a charging run, against the full
// space.
TEST(TavisCummingsSector, SectorsTogetherMoveAsTheFullState) {
  Random random(35);
  for (int set = 0; set < 12; ++set) {
    SectorChoice choice = random_sector(random);
    choice.battery.N = testing::uniform_int(random, 1, 5);
    choice.max_excitations = choice.battery.fock_dim - 1;
    SCOPED_TRACE(describe(choice));
    const std::vector<double> first = testing::random_numbers(random, choice.basis().size());
    const petsc::Matrix L =
        assemble_liouvillian(MPI_COMM_SELF, choice.basis(), rotating(choice.battery));
    choice.real_state = false;
    // The full state without what lies above the excitation number that is kept.
    std::vector<double> state(first.size(), 0.0);
    std::vector<double> found;
    for (int k = 0; k <= choice.max_excitations; ++k) {
      SectorChoice part = choice;
      part.k = k;
      const TavisCummingsSector sector = part.sector();
      const SectorState x = gathered(sector, first);
      sector.scatter(x.data(), state.data());
    }
    const std::vector<double> expected =
        observations(choice, testing::multiply(L.get(), testing::multiply(L.get(), state)));
    found.assign(expected.size(), 0.0);
    for (int k = 0; k <= choice.battery.N; ++k) {  // those beyond N must not be needed
      SectorChoice part = choice;
      part.k = k;
      const TavisCummingsSector sector = part.sector();
      const SectorState x = gathered(sector, first);
      SectorState once(sector.size());
      SectorState twice(sector.size());
      sector.apply(x.data(), once.data(), {});
      sector.apply(once.data(), twice.data(), {});
      add_observations(sector, twice, found);
    }
    ASSERT_NO_FATAL_FAILURE(expect_near(found, expected));
  }
}

}  // namespace
}  // namespace qbsweep
