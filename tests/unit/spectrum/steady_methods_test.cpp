// The matrix-free steady states, each method against the dense null vector, the reference table
// and closed forms.
//
// What would be caught: states that are not steady, traces that are not 1, slow modes left over in
// weak or strong damping, an arbitrary state where there are many, a failure without numbers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "dense_matrix.hpp"
#include "qbsweep/model/observations.hpp"
#include "qbsweep/spectrum/steady_gmres.hpp"
#include "qbsweep/spectrum/steady_propagator.hpp"
#include "qbsweep/support/error.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using ::testing::AllOf;
using ::testing::DoubleNear;
using ::testing::HasSubstr;
using ::testing::Pointwise;
using testing::Random;

constexpr double tolerance = 1e-9;

struct Method {
  std::string name;
  std::function<SteadySolution(const BatteryParameters&, double)> solve;
};

void PrintTo(const Method& method, std::ostream* out) {
  *out << method.name;
}

class SteadyMethods : public ::testing::TestWithParam<Method> {
 protected:
  static SteadySolution solve(const BatteryParameters& battery, double to = tolerance) {
    return GetParam().solve(battery, to);
  }
};

INSTANTIATE_TEST_SUITE_P(Both, SteadyMethods,
                         ::testing::Values(Method{"gmres",
                                                  [](const BatteryParameters& battery, double to) {
                                                    return steady_gmres(battery, {to});
                                                  }},
                                           Method{"propagator",
                                                  [](const BatteryParameters& battery, double to) {
                                                    return steady_propagator(battery, {to});
                                                  }}),
                         [](const auto& method) { return method.param.name; });

BatteryParameters noisy_dicke(int N) {
  BatteryParameters battery;
  battery.N = N;
  battery.g = 1;
  battery.kappa = 0.15;
  battery.gamma_down = 0.1;
  battery.gamma_phi = 0.5;
  battery.fock_dim = 4 * N + 1;
  return battery;
}

StateBasis basis_of(const BatteryParameters& battery) {
  return {battery.N, battery.fock_dim, has_local_noise(battery)};
}

struct Energies {
  double battery = 0.0;
  double photons = 0.0;
  double trace = 0.0;
};

Energies energies(const BatteryParameters& battery, const std::vector<double>& state) {
  const StateBasis basis = basis_of(battery);
  Energies sum;
  Element element;
  for (const double number : state) {
    if (element.i == element.k && element.n == element.l) {
      const SpinBlock block = basis.blocks()[element.block];
      sum.battery += battery.omega_0 * excited_atoms(battery.N, block, element.i) * number;
      sum.photons += element.n * number;
      sum.trace += number;
    }
    basis.advance(element);
  }
  return sum;
}

/// The null vector of the dense Liouvillian, of trace 1.
std::vector<double> dense_steady_state(const BatteryParameters& battery) {
  const StateBasis basis = basis_of(battery);
  Eigen::MatrixXd L = testing::dense_liouvillian(basis, battery);
  // One population's equation follows from the others; the trace takes its place.
  Eigen::VectorXd right = Eigen::VectorXd::Zero(L.rows());
  L.row(0).setZero();
  right[0] = 1;
  Element element;
  for (Eigen::Index column = 0; column < L.cols(); ++column) {
    if (element.i == element.k && element.n == element.l) {
      L(0, column) = 1;
    }
    basis.advance(element);
  }
  const Eigen::VectorXd state = L.partialPivLu().solve(right);
  return {state.begin(), state.end()};
}

TEST_P(SteadyMethods, HaveTheReferenceValues) {
  struct Reference {
    int N;
    double battery_energy, photons;
  };
  for (const Reference& reference :
       {Reference{2, 0.928269, 2.851590}, Reference{4, 1.824609, 4.280980},
        Reference{6, 2.692379, 4.840248}}) {
    const BatteryParameters battery = noisy_dicke(reference.N);
    const SteadySolution solution = solve(battery);
    ASSERT_EQ(solution.multiplicity, 1);
    EXPECT_LE(solution.error, tolerance);
    EXPECT_GT(solution.first_residual, tolerance);
    EXPECT_GT(solution.operator_applications, 0);
    const Energies found = energies(battery, solution.state);
    EXPECT_NEAR(found.battery, reference.battery_energy, 1e-6);
    EXPECT_NEAR(found.photons, reference.photons, 1e-6);
    EXPECT_NEAR(found.trace, 1, 1e-12);
  }
}

TEST_P(SteadyMethods, EqualTheDenseNullVector) {
  Random random(71);
  for (int set = 0; set < 10; ++set) {
    BatteryParameters battery = testing::random_battery(random, 3);
    battery.interaction = Interaction::dicke;
    battery.fock_dim = testing::uniform_int(random, 3, 7);
    battery.kappa += 0.1;
    SCOPED_TRACE(testing::describe(battery));
    const SteadySolution solution = solve(battery, 1e-11);
    ASSERT_EQ(solution.multiplicity, 1);
    EXPECT_THAT(solution.state, Pointwise(DoubleNear(1e-8), dense_steady_state(battery)));
  }
}

TEST_P(SteadyMethods, TheResidualIsThatOfTheAssembledLiouvillian) {
  const BatteryParameters battery = noisy_dicke(3);
  const SteadySolution solution = solve(battery, 1e-5);
  const petsc::Matrix L = assemble_liouvillian(MPI_COMM_SELF, basis_of(battery), battery);
  const std::vector<double> image = testing::multiply(L.get(), solution.state);
  const auto norm = [](const std::vector<double>& numbers) {
    return Eigen::Map<const Eigen::VectorXd>(numbers.data(),
                                             static_cast<Eigen::Index>(numbers.size()))
        .norm();
  };
  const double residual = norm(image) / norm(solution.state);
  EXPECT_LE(residual, 1e-5);
  EXPECT_NEAR(residual, solution.residual, 1e-2 * residual + 1e-13);
}

TEST_P(SteadyMethods, TavisCummingsEndsInTheVacuum) {
  Random random(72);
  for (int set = 0; set < 50; ++set) {
    BatteryParameters battery = testing::random_battery(random, 4);
    battery.interaction = Interaction::tavis_cummings;
    battery.kappa += testing::uniform(random, 0.01, 0.3);
    SCOPED_TRACE(testing::describe(battery));
    // A state is off by its residual over the gap, at most.
    const SteadySolution solution = solve(battery, 1e-12);
    ASSERT_EQ(solution.multiplicity, 1);
    const Energies found = energies(battery, solution.state);
    EXPECT_NEAR(found.battery, 0, 1e-10);
    EXPECT_NEAR(found.photons, 0, 1e-10);
    EXPECT_NEAR(solution.state[0], 1, 1e-10);
  }
}

TEST_P(SteadyMethods, HoldInEveryRegimeOfDamping) {
  struct Case {
    const char* name;
    double kappa, gamma_down, gamma_phi, omega_c, g;
  };
  for (const Case& c :
       {Case{"weak", 0.01, 0.01, 0.01, 1, 1}, Case{"weak, no dephasing", 0.01, 0.01, 0, 1, 1},
        Case{"cavity alone", 0.15, 0, 0, 1, 1}, Case{"cavity alone, weak", 0.01, 0, 0, 1, 0.6},
        Case{"cavity and dephasing", 0.15, 0, 0.5, 1, 1}, Case{"atoms alone", 0, 0.1, 0.5, 1, 1},
        Case{"strong", 5, 5, 5, 1, 1}, Case{"detuned", 0.15, 0.1, 0.5, 2.5, 1},
        Case{"weak coupling", 0.15, 0.1, 0.5, 1, 0.01}}) {
    SCOPED_TRACE(c.name);
    BatteryParameters battery = noisy_dicke(2);
    battery.fock_dim = 7;
    battery.kappa = c.kappa;
    battery.gamma_down = c.gamma_down;
    battery.gamma_phi = c.gamma_phi;
    battery.omega_c = c.omega_c;
    battery.g = c.g;
    const SteadySolution solution = solve(battery, 1e-11);
    ASSERT_EQ(solution.multiplicity, 1);
    EXPECT_THAT(solution.state, Pointwise(DoubleNear(1e-8), dense_steady_state(battery)));
  }
}

TEST_P(SteadyMethods, WithoutCouplingEverythingDecays) {
  BatteryParameters battery = noisy_dicke(3);
  battery.g = 0;
  const SteadySolution solution = solve(battery, 1e-12);
  ASSERT_EQ(solution.multiplicity, 1);
  EXPECT_NEAR(solution.state[0], 1, 1e-10);
}

TEST_P(SteadyMethods, GiveNoStateWhereThereAreSeveral) {
  for (const Interaction interaction : {Interaction::dicke, Interaction::tavis_cummings}) {
    for (const int fock_dim : {6, 14}) {  // of small ones the spectrum is found otherwise
      BatteryParameters battery = noisy_dicke(2);
      battery.interaction = interaction;
      battery.fock_dim = fock_dim;
      battery.kappa = battery.gamma_down = 0;  // both parities of n + i are conserved
      SCOPED_TRACE(testing::describe(battery));
      const SteadySolution solution = solve(battery);
      EXPECT_GT(solution.multiplicity, 1);
      EXPECT_TRUE(solution.state.empty());
      EXPECT_TRUE(std::isnan(solution.residual));
    }
  }
}

// By a thrown error, or by the error that is left.
TEST_P(SteadyMethods, SayHowFarTheyCameWhereTheyDoNotConverge) {
  try {
    EXPECT_GT(solve(noisy_dicke(3), 1e-25).error, 1e-25);
  } catch (const EnvironmentError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("did not converge"), HasSubstr("at first"),
                                    HasSubstr("at last"), HasSubstr("required")));
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
  }
}

TEST(SteadyGmres, RefusesABatteryWithoutNoise) {
  BatteryParameters battery = noisy_dicke(2);
  battery.kappa = battery.gamma_down = battery.gamma_phi = 0;
  EXPECT_THROW(static_cast<void>(steady_gmres(battery)), InputError);
}

TEST(SteadyGmres, ConvergesAtAnExceptionalPoint) {
  BatteryParameters battery = noisy_dicke(1);
  battery.interaction = Interaction::tavis_cummings;
  battery.gamma_phi = 0;
  battery.kappa = 0.5;
  battery.g = (battery.kappa - battery.gamma_down) / 4;
  const SteadySolution solution = steady_gmres(battery, {1e-12});
  ASSERT_EQ(solution.multiplicity, 1);
  EXPECT_NEAR(solution.state[0], 1, 1e-10);
}

TEST(SteadyGmres, NeedsNoLongBasis) {
  const BatteryParameters battery = noisy_dicke(4);
  const SteadySolution few = steady_gmres(battery, {1e-11}, 12);
  const SteadySolution many = steady_gmres(battery, {1e-11}, 200);
  EXPECT_GT(few.operator_applications, many.operator_applications);
  EXPECT_THAT(few.state, Pointwise(DoubleNear(1e-8), many.state));
}

TEST(SteadyPropagator, CountsTheSteadyStatesWithoutNoise) {
  BatteryParameters battery = noisy_dicke(2);
  battery.kappa = battery.gamma_down = battery.gamma_phi = 0;
  const SteadySolution solution = steady_propagator(battery, {tolerance});
  EXPECT_EQ(solution.multiplicity, 3 * battery.fock_dim);
  EXPECT_TRUE(solution.state.empty());
}

}  // namespace
}  // namespace qbsweep
