// The state vector of a charging run without noise against the state psi psi^dag in the full basis.
//
// What would be caught: a wrong sign of an energy or of the interaction, a missing counter-rotating
// term, a vector whose observations are those of its conjugate.
#include "qbsweep/operators/pure_state.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "assembled_action.hpp"
#include "qbsweep/model/charger_state.hpp"
#include "qbsweep/model/observations.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

BatteryParameters random_closed_battery(testing::Random& random) {
  BatteryParameters battery = testing::random_battery(random, 6);
  battery.kappa = battery.gamma_down = battery.gamma_phi = 0;
  return battery;
}

StateBasis basis_of(const BatteryParameters& battery) {
  return {battery.N, battery.fock_dim, false};
}

/// phi psi^dag + psi phi^dag in real storage, of phi = phi_u + i phi_v and the like.
std::vector<double> outer_product(const BatteryParameters& battery, const std::vector<double>& phi,
                                  const std::vector<double>& psi) {
  const StateBasis basis = basis_of(battery);
  const std::size_t half = psi.size() / 2;
  std::vector<double> state(static_cast<std::size_t>(basis.size()));
  for (std::int64_t e = 0; e < basis.size(); ++e) {
    const Element element = basis.element(e);
    const std::size_t p = element.i * battery.fock_dim + element.n;
    const std::size_t q = element.k * battery.fock_dim + element.l;
    const auto real_and_imaginary = [&](const std::vector<double>& a,
                                        const std::vector<double>& b) {
      return a[p] * b[q] + a[half + p] * b[half + q] + a[half + p] * b[q] - a[p] * b[half + q];
    };
    state[e] = real_and_imaginary(phi, psi) + real_and_imaginary(psi, phi);
  }
  return state;
}

TEST(PureState, MovesAsItsProjectorDoes) {
  testing::Random random(42);
  for (int set = 0; set < 60; ++set) {
    const BatteryParameters battery = random_closed_battery(random);
    SCOPED_TRACE(testing::describe(battery));
    const PureStateOperator H(battery, testing::uniform(random, -5, 5));
    ASSERT_EQ(H.size(), 2 * (battery.N + 1) * battery.fock_dim);
    const std::vector<double> psi = testing::random_numbers(random, H.size());
    std::vector<double> rate(psi.size(), nan);
    H.apply(psi.data(), rate.data(), {});
    const std::vector<double> found = outer_product(battery, rate, psi);

    std::vector<double> state = outer_product(battery, psi, psi);  // twice the projector
    std::for_each(state.begin(), state.end(), [](double& element) { element /= 2; });
    const petsc::Matrix L = assemble_liouvillian(MPI_COMM_SELF, basis_of(battery), battery);
    const std::vector<double> expected = testing::multiply(L.get(), state);
    for (std::size_t e = 0; e < found.size(); ++e) {
      ASSERT_NEAR(found[e], expected[e], 1e-11) << "at " << e;
    }
  }
}

TEST(PureState, WeighsTheTermsOfARecurrence) {
  testing::Random random(43);
  for (int set = 0; set < 10; ++set) {
    const BatteryParameters battery = random_closed_battery(random);
    SCOPED_TRACE(testing::describe(battery));
    const PureStateOperator H(battery, 1.5);
    const std::vector<double> x = testing::random_numbers(random, H.size());
    const std::vector<double> before = testing::random_numbers(random, H.size());
    std::vector<double> once(x.size(), nan);
    H.apply(x.data(), once.data(), {});
    std::vector<double> y = before;
    H.apply(x.data(), y.data(), {0.7, -1.3, 0.4});
    for (std::size_t e = 0; e < y.size(); ++e) {
      ASSERT_NEAR(y[e], 0.7 * once[e] - 1.3 * x[e] + 0.4 * before[e], 1e-12);
    }
  }
}

TEST(PureState, ShowsWhatItsProjectorShows) {
  testing::Random random(44);
  for (int set = 0; set < 60; ++set) {
    const BatteryParameters battery = random_closed_battery(random);
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis = basis_of(battery);
    const PureStateOperator H(battery);
    const std::vector<double> psi = testing::random_numbers(random, H.size());
    const std::vector<double> state = outer_product(battery, psi, psi);
    std::vector<double> expected(static_cast<std::size_t>(ObservationLayout(basis, battery).size()),
                                 0.0);
    for_each_observation(basis, battery,
                         [&](std::int64_t position, std::int64_t element, double weight) {
                           expected[position] += weight * state[element] / 2;
                         });
    std::vector<double> seen(H.observed().size(), nan);
    H.observe(psi.data(), seen.data());
    std::vector<double> found(expected.size(), nan);
    pure_state_observations(battery, ObservationLayout(basis, battery), seen, found);
    for (std::size_t o = 0; o < found.size(); ++o) {
      ASSERT_NEAR(found[o], expected[o], 1e-11) << "observation " << o;
    }
  }
}

TEST(PureState, StartsAsTheFullStateDoes) {
  testing::Random random(45);
  for (int set = 0; set < 20; ++set) {
    const BatteryParameters battery = random_closed_battery(random);
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis = basis_of(battery);
    const std::vector<double> a =
        charger_state(battery.charger, battery.m, battery.fock_dim).amplitudes;
    const PureStateOperator H(battery);
    std::vector<double> psi(static_cast<std::size_t>(H.size()), nan);
    H.set_pure_state(a, psi.data());
    const std::vector<double> state = outer_product(battery, psi, psi);
    for (std::int64_t e = 0; e < basis.size(); ++e) {
      const Element p = basis.element(e);
      ASSERT_EQ(state[e], p.i == 0 && p.k == 0 ? 2 * (a[p.n] * a[p.l]) : 0.0);
    }
  }
}

}  // namespace
}  // namespace qbsweep
