// The plain path on the matrix-free Liouvillian against the same on the assembled one. Both take
// the same steps, so they differ by rounding alone.
//
// What would be caught: derivatives of observations that are not those of the state, a step control
// that depends on how the Liouvillian is held, a matrix asked for where there is none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <petscsys.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "assembled_action.hpp"
#include "charging_paths.hpp"
#include "qbsweep/dynamics/state_observer.hpp"
#include "qbsweep/dynamics/ts_charging.hpp"
#include "qbsweep/operators/matrix_free.hpp"
#include "qbsweep/support/error.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using ::testing::DoubleNear;
using ::testing::Pointwise;

constexpr testing::ChargingPath matrix_free_path = {"plain_matrix_free",
                                                    LiouvillianKind::matrix_free, Propagator::ts};

TEST(TsMatrixFree, IsTheRunOfTheAssembledLiouvillian) {
  testing::Random random(71);
  for (int set = 0; set < 20; ++set) {
    BatteryParameters battery = testing::random_battery(random, 4);
    battery.interaction = set % 2 == 0 ? Interaction::dicke : Interaction::tavis_cummings;
    SCOPED_TRACE(testing::describe(battery));
    int steps = 0;
    const auto charging_on = [&](const testing::ChargingPath& path) {
      steps = -1;  // the first call is before the first step
      return ts_charging(MPI_COMM_SELF, battery, testing::settings_on(path, 4, 40, 1e-7), {},
                         [&](double, Vec) { ++steps; });
    };
    const ChargingResult assembled = charging_on(testing::plain_path);
    const int assembled_steps = steps;
    const ChargingResult matrix_free = charging_on(matrix_free_path);

    EXPECT_EQ(steps, assembled_steps);
    // Every observation applies the Liouvillian twice.
    EXPECT_EQ(matrix_free.diagnostics.operator_applications,
              assembled.diagnostics.operator_applications + 2 * (steps + std::int64_t{1}));
    EXPECT_EQ(matrix_free.diagnostics.unknowns, assembled.diagnostics.unknowns);
    EXPECT_EQ(matrix_free.diagnostics.reductions.bits(), assembled.diagnostics.reductions.bits());
    const double rounding = 1e-10 * battery.N * battery.omega_0;
    const auto expect_close = [&](const std::vector<double>& a, const std::vector<double>& b) {
      EXPECT_THAT(a, Pointwise(DoubleNear(rounding), b));
    };
    expect_close(matrix_free.trajectory.of("battery_energy"),
                 assembled.trajectory.of("battery_energy"));
    expect_close(matrix_free.trajectory.of("photon_number"),
                 assembled.trajectory.of("photon_number"));
    expect_close(matrix_free.trajectory.of("total_energy"),
                 assembled.trajectory.of("total_energy"));
    for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
      expect_close(matrix_free.trajectory.ergotropy[d], assembled.trajectory.ergotropy[d]);
      EXPECT_NEAR(matrix_free.figures.ergotropy_max[d], assembled.figures.ergotropy_max[d],
                  rounding);
    }
    if (HasFailure()) {
      return;
    }
  }
}

TEST(TsMatrixFree, ObservesTheSameDerivatives) {
  testing::Random random(72);
  for (int set = 0; set < 20; ++set) {
    const BatteryParameters battery = testing::random_battery(random, 4);
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
    const petsc::Matrix assembled = assemble_liouvillian(MPI_COMM_SELF, basis, battery);
    const petsc::Matrix matrix_free = matrix_free_liouvillian(MPI_COMM_SELF, basis, battery);
    StateObserver of_products(basis, battery, assembled.get());
    StateObserver of_applications(basis, battery, matrix_free.get());

    petsc::Vector state;
    petsc::check(MatCreateVecs(assembled.get(), state.out(), nullptr), "make a state");
    const std::vector<double> numbers = testing::random_numbers(random, basis.size());
    double* values = nullptr;
    petsc::check(VecGetArrayWrite(state.get(), &values), "fill a state");
    std::copy(numbers.begin(), numbers.end(), values);
    petsc::check(VecRestoreArrayWrite(state.get(), &values), "fill a state");

    Observation expected;
    Observation found;
    of_products.observe(state.get(), expected);
    of_applications.observe(state.get(), found);
    for (std::size_t derivative = 0; derivative < expected.size(); ++derivative) {
      double scale = 1.0;
      for (const double number : expected[derivative]) {
        scale = std::max(scale, std::abs(number));
      }
      EXPECT_THAT(found[derivative], Pointwise(DoubleNear(1e-12 * scale), expected[derivative]))
          << derivative;
    }
    EXPECT_EQ(of_products.applications(), 0);
    EXPECT_EQ(of_applications.applications(), 2);
  }
}

std::string error_of(const BatteryParameters& battery, const char* ts_type) {
  std::string message;
  PetscOptionsSetValue(nullptr, "-ts_type", ts_type);
  try {
    static_cast<void>(
        charging_run(MPI_COMM_SELF, battery, testing::settings_on(matrix_free_path, 1, 0, 1e-4)));
  } catch (const InputError& error) {
    message = error.what();
  }
  PetscOptionsClearValue(nullptr, "-ts_type");
  return message;
}

TEST(TsMatrixFree, TypesThatNeedAMatrixAreRefused) {
  BatteryParameters battery;
  battery.g = 0.5;
  battery.kappa = 0.1;
  battery.fock_dim = 3;
  for (const char* const type : {"bdf", "cn", "rosw", "arkimex", "beuler"}) {
    EXPECT_EQ(
        error_of(battery, type),
        "-ts_type " + std::string(type) +
            " needs the Liouvillian as a matrix: accepted are rk, euler, ssp and glee, or any "
            "type with --operator assembled");
  }
  for (const char* const type : {"rk", "euler", "ssp", "glee"}) {
    EXPECT_EQ(error_of(battery, type), "") << type;
  }
}

}  // namespace
}  // namespace qbsweep
