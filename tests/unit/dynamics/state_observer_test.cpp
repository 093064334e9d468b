// Observations of a state and their exact time derivatives.
#include "qbsweep/dynamics/state_observer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "assembled_action.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

petsc::Vector vector_of(const std::vector<double>& numbers) {
  petsc::Vector vector;
  const auto size = static_cast<PetscInt>(numbers.size());
  petsc::check(VecCreateSeq(PETSC_COMM_SELF, size, vector.out()), "make a vector");
  double* values = nullptr;
  petsc::check(VecGetArrayWrite(vector.get(), &values), "fill a vector");
  std::copy(numbers.begin(), numbers.end(), values);
  petsc::check(VecRestoreArrayWrite(vector.get(), &values), "fill a vector");
  return vector;
}

// The derivatives are those of the master equation: observing R' = L R in place of R shifts them by
// one.
TEST(StateObserver, DerivativesAreThoseOfTheMasterEquation) {
  testing::Random random(51);
  for (int set = 0; set < 10; ++set) {
    const BatteryParameters battery = testing::random_battery(random, 4);
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
    const petsc::Matrix L = assemble_liouvillian(MPI_COMM_SELF, basis, battery);
    StateObserver observer(basis, battery, L.get());

    std::vector<double> R = testing::random_numbers(random, basis.size());
    Observation observation;
    observer.observe(vector_of(R).get(), observation);
    for (std::size_t derivative = 0; derivative < observation.size(); ++derivative) {
      std::vector<double> expected(static_cast<std::size_t>(observer.layout().size()), 0.0);
      for_each_observation(basis, battery,
                           [&](std::int64_t position, std::int64_t element, double weight) {
                             expected[position] += weight * R[element];
                           });
      ASSERT_EQ(observation[derivative].size(), expected.size());
      for (std::size_t o = 0; o < expected.size(); ++o) {
        const double scale = std::max(1.0, std::abs(expected[o]));
        ASSERT_NEAR(observation[derivative][o], expected[o], 1e-11 * scale) << derivative;
      }
      R = testing::multiply(L.get(), R);
    }
  }
}

}  // namespace
}  // namespace qbsweep
