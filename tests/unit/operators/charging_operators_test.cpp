// What a charging run is split into.
//
// What would be caught: a sector that is left out or stored although nothing starts in it, the
// wrong frame, bounds that do not hold for the parts.
#include "qbsweep/operators/charging_operators.hpp"

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdlib>
#include <numbers>
#include <vector>

#include "dense_matrix.hpp"
#include "qbsweep/model/charger_state.hpp"
#include "qbsweep/model/observations.hpp"
#include "qbsweep/operators/sector_state.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

StateBasis basis_of(const BatteryParameters& battery) {
  return {battery.N, battery.fock_dim, has_local_noise(battery)};
}

/// Counts numbers of the full state, element by element.
template <typename Condition>
std::int64_t count_elements(const StateBasis& basis, Condition&& condition) {
  std::int64_t count = 0;
  for (std::int64_t e = 0; e < basis.size(); ++e) {
    const Element element = basis.element(e);
    const SpinBlock block = basis.blocks()[element.block];
    const int row = excited_atoms(basis.N(), block, element.i) + element.n;
    const int column = excited_atoms(basis.N(), block, element.k) + element.l;
    const std::int64_t adjoint =
        basis.index({element.block, element.k, element.i, element.l, element.n});
    count += condition(row, column, e <= adjoint) ? 1 : 0;
  }
  return count;
}

struct Split {
  std::size_t parts;
  std::int64_t unknowns;
};

/// From the definition of the sectors, element by element.
Split expected_split(const BatteryParameters& battery) {
  const StateBasis basis = basis_of(battery);
  if (battery.kappa == 0 && !has_local_noise(battery)) {
    return {1, std::int64_t{2} * (battery.N + 1) * battery.fock_dim};
  }
  const bool fock = battery.charger == Charger::fock;
  if (battery.interaction == Interaction::dicke) {
    const auto even = [](int row, int column, bool) { return (row - column) % 2 == 0; };
    return fock ? Split{1, count_elements(basis, even)} : Split{2, basis.size()};
  }
  const int most = fock ? static_cast<int>(battery.m) : battery.fock_dim - 1;
  const int last = fock ? 0 : std::min(battery.N, most);
  const bool real = battery.omega_0 == battery.omega_c;
  return {static_cast<std::size_t>(last) + 1,
          count_elements(basis, [&](int row, int column, bool upper) {
            return std::max(row, column) <= most && std::abs(row - column) <= last &&
                   (!real || upper);
          })};
}

TEST(ChargingOperators, AreTheSectorsThatARunReaches) {
  testing::Random random(60);
  for (int set = 0; set < 200; ++set) {
    BatteryParameters battery = testing::random_battery(random, 5);
    if (set % 8 == 0) {
      battery.kappa = battery.gamma_down = battery.gamma_phi = 0;
    }
    SCOPED_TRACE(testing::describe(battery));
    const ChargingOperators operators = matrix_free_operators(battery);
    const Split expected = expected_split(battery);
    EXPECT_EQ(operators.parts.size(), expected.parts);
    EXPECT_EQ(operators.unknowns(), expected.unknowns);
    std::int64_t sum = 0;
    for (const auto& part : operators.parts) {
      sum += part->unknowns();
    }
    EXPECT_EQ(operators.unknowns(), sum);
    EXPECT_EQ(operators.reductions.bits(), exact_reductions(battery).bits());
  }
}

TEST(ChargingOperators, AreTheWholeMatrixWhereItIsAskedFor) {
  testing::Random random(61);
  for (int set = 0; set < 20; ++set) {
    const BatteryParameters battery = testing::random_battery(random, 4);
    SCOPED_TRACE(testing::describe(battery));
    const ChargingOperators operators = assembled_operators(battery);
    EXPECT_EQ(operators.parts.size(), 1U);
    EXPECT_EQ(operators.unknowns(), basis_of(battery).size());
    Reductions expected;
    if (!has_local_noise(battery)) {
      expected.add(Reduction::symmetric_subspace);
    }
    EXPECT_EQ(operators.reductions.bits(), expected.bits());
  }
}

/// Observations of a state that all parts make together.
std::vector<double> observe(const ChargingOperators& operators, const ObservationLayout& layout,
                            const std::vector<SectorState>& states) {
  std::vector<double> sums(static_cast<std::size_t>(layout.size()), 0.0);
  for (std::size_t p = 0; p < states.size(); ++p) {
    std::vector<double> own(operators.parts[p]->observed().size());
    operators.parts[p]->observe(states[p].data(), own.data());
    for (std::size_t o = 0; o < own.size(); ++o) {
      sums[operators.parts[p]->observed()[o]] += own[o];
    }
  }
  return sums;
}

// The initial state and its first derivatives, as all parts together show them: what is left out
// must not be seen. In the rotating frame coherences of rho_B turn; only what does not is compared.
TEST(ChargingOperators, TogetherShowWhatTheWholeStateShows) {
  testing::Random random(62);
  int compared = 0;
  for (int set = 0; set < 120; ++set) {
    const BatteryParameters battery = testing::random_battery(random, 4);
    SCOPED_TRACE(testing::describe(battery));
    const ChargingOperators operators = matrix_free_operators(battery);
    if (operators.reductions.has(Reduction::state_vector)) {
      continue;  // its observations are quadratic: pure_state_test.cpp
    }
    ++compared;
    const StateBasis basis = basis_of(battery);
    const ObservationLayout layout(basis, battery);
    const ChargingOperators whole = assembled_operators(battery);
    const std::vector<double> a =
        charger_state(battery.charger, battery.m, battery.fock_dim).amplitudes;
    const auto start = [&](const ChargingOperators& parts) {
      std::vector<SectorState> states;
      for (const auto& part : parts.parts) {
        states.emplace_back(part->size());
        part->set_pure_state(a, states.back().data());
      }
      return states;
    };
    std::vector<SectorState> split = start(operators);
    std::vector<SectorState> together = start(whole);
    std::vector<bool> turns(static_cast<std::size_t>(layout.size()), false);
    if (battery.interaction == Interaction::tavis_cummings) {
      std::size_t position = 0;
      for (const SpinBlock block : basis.blocks()) {
        for (int i = 0; i < block.dim(); ++i) {
          for (int k = 0; k < block.dim(); ++k) {
            turns[position++] = i != k;
          }
        }
      }
    }
    double scale = 1;
    for (int derivative = 0; derivative < 4; ++derivative) {
      const std::vector<double> found = observe(operators, layout, split);
      const std::vector<double> expected = observe(whole, layout, together);
      for (const double number : expected) {
        scale = std::max(scale, std::abs(number));
      }
      for (std::size_t o = 0; o < found.size(); ++o) {
        if (!turns[o] || derivative == 0) {
          ASSERT_NEAR(found[o], expected[o], 1e-12 * scale)
              << "derivative " << derivative << " observation " << o;
        }
      }
      for (auto* side : {&split, &together}) {
        const ChargingOperators& parts = side == &split ? operators : whole;
        for (std::size_t p = 0; p < side->size(); ++p) {
          SectorState next((*side)[p].size());
          parts.parts[p]->apply((*side)[p].data(), next.data(), {});
          (*side)[p] = std::move(next);
        }
      }
    }
  }
  EXPECT_GT(compared, 80);
}

/// One part as a matrix on the full basis, zero outside of its sector; a state vector's as it is.
Eigen::MatrixXd dense_part(const MatrixFreeOperator& part, std::int64_t full_size) {
  const auto* const sector = dynamic_cast<const Sector*>(&part);
  const std::int64_t size = sector != nullptr ? full_size : part.size();
  return testing::dense_matrix(size, [&](const std::vector<double>& state) {
    SectorState x(part.size());
    SectorState y(part.size());
    std::vector<double> product(state.size(), 0.0);
    if (sector != nullptr) {
      sector->gather(state.data(), x.data());
      part.apply(x.data(), y.data(), {});
      sector->scatter(y.data(), product.data());
    } else {
      std::copy(state.begin(), state.end(), x.data());
      part.apply(x.data(), y.data(), {});
      std::copy_n(y.data(), size, product.data());
    }
    return product;
  });
}

TEST(ChargingOperators, HaveTheirSpectrumWithinTheBounds) {
  testing::Random random(63);
  for (int set = 0; set < 60; ++set) {
    BatteryParameters battery = testing::random_battery(random, 2);
    battery.fock_dim = testing::uniform_int(random, 2, 5 - battery.N);
    battery.m = std::min(battery.m, battery.fock_dim - 1.0);
    if (set % 6 == 0) {
      battery.kappa = battery.gamma_down = battery.gamma_phi = 0;
    }
    battery.kappa *= 4;
    battery.gamma_phi *= 4;
    SCOPED_TRACE(testing::describe(battery));
    const ChargingOperators operators = matrix_free_operators(battery);
    for (const auto& part : operators.parts) {
      const Eigen::ComplexEigenSolver<Eigen::MatrixXcd> solver(
          dense_part(*part, basis_of(battery).size()).cast<std::complex<double>>(), false);
      ASSERT_EQ(solver.info(), Eigen::Success);
      for (const std::complex<double> value : solver.eigenvalues()) {
        for (int step = 0; step < 64; ++step) {
          const double angle = 2 * std::numbers::pi * step / 64;
          ASSERT_LE(std::real(std::polar(1.0, -angle) * value),
                    operators.values.support(angle) + 1e-6)
              << "eigenvalue " << value << " angle " << angle;
        }
      }
    }
  }
}

}  // namespace
}  // namespace qbsweep
