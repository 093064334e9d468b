// A real pure state of j = N/2 as the initial state of every operator, against the definition of
// the rotated basis on the 2^N space.
//
// What would be caught: phases of the rotation that are lost, conjugated or counted from the wrong
// end, X and Y exchanged, an adjoint element without its sign.
#include <gtest/gtest.h>

#include <vector>

#include "full_space.hpp"
#include "qbsweep/operators/assembled_operator.hpp"
#include "qbsweep/operators/parity_sector.hpp"
#include "qbsweep/operators/pure_state.hpp"
#include "qbsweep/operators/tavis_cummings_sector.hpp"

namespace qbsweep {
namespace {

/// Amplitudes [i][n] of j = N/2, those with n + i above `most_excitations` zero.
std::vector<double> random_amplitudes(testing::Random& random, const BatteryParameters& battery,
                                      int most_excitations) {
  std::vector<double> amplitudes =
      testing::random_numbers(random, std::int64_t{battery.N + 1} * battery.fock_dim);
  double norm = 0;
  for (std::size_t p = 0; p < amplitudes.size(); ++p) {
    if (static_cast<int>(p) / battery.fock_dim + static_cast<int>(p) % battery.fock_dim >
        most_excitations) {
      amplitudes[p] = 0;
    }
    norm += amplitudes[p] * amplitudes[p];
  }
  for (double& amplitude : amplitudes) {
    amplitude /= std::sqrt(norm);
  }
  return amplitudes;
}

std::vector<double> assembled_start(const BatteryParameters& battery,
                                    const std::vector<double>& amplitudes) {
  const AssembledOperator whole(battery);
  std::vector<double> state(static_cast<std::size_t>(whole.size()), 7.0);
  whole.set_pure_state(amplitudes, state.data());
  return state;
}

BatteryParameters random_noisy_battery(testing::Random& random) {
  BatteryParameters battery = testing::random_battery(random, 4);
  battery.gamma_down = 0.1;
  return battery;
}

TEST(PureStart, IsTheStateOfThe2NSpace) {
  testing::Random random(411);
  for (int set = 0; set < 8; ++set) {
    BatteryParameters battery = random_noisy_battery(random);
    battery.fock_dim = 3;
    SCOPED_TRACE(testing::describe(battery));
    const testing::FullSpace space(battery.N, battery.fock_dim, spin_blocks(battery.N, true));
    const std::vector<double> amplitudes = random_amplitudes(random, battery, 1000);
    const Eigen::VectorXcd psi =
        space.copies(0)[0] * Eigen::Map<const Eigen::VectorXd>(
                                 amplitudes.data(), static_cast<Eigen::Index>(amplitudes.size()));
    const std::vector<double> expected = space.project(psi * psi.adjoint());
    const std::vector<double> found = assembled_start(battery, amplitudes);
    for (std::size_t e = 0; e < expected.size(); ++e) {
      ASSERT_NEAR(found[e], expected[e], 1e-13) << e;
    }
  }
}

TEST(PureStart, IsSplitAmongTheSectors) {
  testing::Random random(412);
  for (int set = 0; set < 20; ++set) {
    const BatteryParameters battery = random_noisy_battery(random);
    SCOPED_TRACE(testing::describe(battery));
    const int highest = battery.fock_dim - 1;
    const std::vector<double> amplitudes = random_amplitudes(random, battery, highest);
    const std::vector<double> expected = assembled_start(battery, amplitudes);
    std::vector<double> by_parity(expected.size(), 0.0);
    std::vector<double> by_excitations(expected.size(), 0.0);
    const auto put = [&](const Sector& sector, std::vector<double>& full) {
      SectorState x(sector.size());
      std::fill_n(x.data(), x.size(), 7.0);
      sector.set_pure_state(amplitudes, x.data());
      sector.scatter(x.data(), full.data());
    };
    put(ParitySector(battery, Parity::even), by_parity);
    put(ParitySector(battery, Parity::odd), by_parity);
    for (int k = 0; k <= highest; ++k) {
      put(TavisCummingsSector(battery, k, highest, false), by_excitations);
    }
    for (std::size_t e = 0; e < expected.size(); ++e) {
      ASSERT_NEAR(by_parity[e], expected[e], 1e-15) << e;
      ASSERT_NEAR(by_excitations[e], expected[e], 1e-15) << e;
    }
  }
}

TEST(PureStart, IsTheSquareOfTheStateVector) {
  testing::Random random(413);
  BatteryParameters battery;
  battery.N = 5;
  battery.fock_dim = 4;
  const std::vector<double> amplitudes = random_amplitudes(random, battery, 1000);
  const std::vector<double> expected = assembled_start(battery, amplitudes);
  const PureStateOperator vector(battery);
  std::vector<double> psi(static_cast<std::size_t>(vector.size()), 7.0);
  vector.set_pure_state(amplitudes, psi.data());
  const StateBasis basis(battery.N, battery.fock_dim, false);
  const double* const u = psi.data();
  const double* const v = u + psi.size() / 2;
  for (std::int64_t e = 0; e < basis.size(); ++e) {
    const Element element = basis.element(e);
    const int p = element.i * battery.fock_dim + element.n;
    const int q = element.k * battery.fock_dim + element.l;
    ASSERT_NEAR(u[p] * u[q] + v[p] * v[q] + v[p] * u[q] - u[p] * v[q], expected[e], 1e-15);
  }
}

}  // namespace
}  // namespace qbsweep
