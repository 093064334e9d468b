// The matrix-free Liouvillian against the assembled one, as PETSc matrices.
#include "qbsweep/operators/matrix_free.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "assembled_action.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using testing::Random;

/// Relative to the norm of the assembled product.
void expect_same_product(const BatteryParameters& battery, const std::vector<double>& state,
                         const Terms& terms) {
  const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
  const petsc::Matrix assembled = assemble_liouvillian(MPI_COMM_SELF, basis, battery, terms);
  const petsc::Matrix matrix_free = matrix_free_liouvillian(MPI_COMM_SELF, basis, battery);
  const std::vector<double> expected = testing::multiply(assembled.get(), state);
  const std::vector<double> found = testing::multiply(matrix_free.get(), state);
  ASSERT_EQ(found.size(), expected.size());
  double norm = 0;
  double largest = 0;
  for (std::size_t e = 0; e < found.size(); ++e) {
    norm = std::hypot(norm, expected[e]);
    largest = std::max(largest, std::abs(found[e] - expected[e]));
  }
  EXPECT_LE(largest, 1e-13 * norm + 1e-290);
}

TEST(MatrixFreeLiouvillian, EveryTermAndAllOfThemEqualTheAssembledMatrix) {
  Random random(31);
  for (int set = 0; set < 220 && !::testing::Test::HasFailure(); ++set) {
    BatteryParameters battery = testing::random_model(random, 6, false);
    battery.ising_x = 0;
    if (set % 20 < 2) {
      battery.N = testing::uniform_int(random, 1, 3);
      battery.fock_dim = testing::uniform_int(random, 14, 37);  // several registers a row
    }
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
    const std::vector<double> state = testing::random_numbers(random, basis.size());
    expect_same_product(battery, state, Terms::all());
    for (const TermName term : all_terms()) {
      if (!carried_terms(Carrier::parity_kernel).has(term) || term == "thermal photons") {
        continue;
      }
      SCOPED_TRACE("term " + std::string(term));
      expect_same_product(testing::with_only(battery, term), state, Terms{term});
    }
  }
}

// A MatMult that adds to what its result held before, or that leaves padding of the last product in
// its own memory, would be right the first time only.
TEST(MatrixFreeLiouvillian, ProductsDoNotDependOnThoseBefore) {
  Random random(32);
  BatteryParameters battery = testing::random_battery(random, 4);
  battery.fock_dim = 7;
  const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
  const petsc::Matrix L = matrix_free_liouvillian(MPI_COMM_SELF, basis, battery);
  const std::vector<double> state = testing::random_numbers(random, basis.size());
  const std::vector<double> first = testing::multiply(L.get(), state);
  static_cast<void>(testing::multiply(L.get(), first));
  EXPECT_EQ(testing::multiply(L.get(), state), first);
}

// What the matrix works on lives as long as any duplicate of it, and no longer (the address
// sanitizer sees either mistake).
TEST(MatrixFreeLiouvillian, DuplicatesOutliveTheirOriginal) {
  Random random(33);
  const BatteryParameters battery = testing::random_battery(random, 3);
  const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
  const std::vector<double> state = testing::random_numbers(random, basis.size());
  std::vector<double> product;
  petsc::Matrix duplicate;
  {
    const petsc::Matrix L = matrix_free_liouvillian(MPI_COMM_SELF, basis, battery);
    product = testing::multiply(L.get(), state);
    petsc::check(MatDuplicate(L.get(), MAT_COPY_VALUES, duplicate.out()), "copy a matrix");
  }
  EXPECT_EQ(testing::multiply(duplicate.get(), state), product);
}

TEST(MatrixFreeLiouvillian, RefusesMoreUnknownsThanPetscCounts) {
  if (sizeof(PetscInt) > 4) {
    GTEST_SKIP() << "this PETSc has 64-bit indices, which count further than any machine stores";
  }
  BatteryParameters battery;
  battery.N = 40;
  battery.gamma_phi = 0.1;
  battery.fock_dim = 500;
  const StateBasis basis(battery.N, battery.fock_dim, true);
  EXPECT_THROW(static_cast<void>(matrix_free_liouvillian(MPI_COMM_SELF, basis, battery)),
               EnvironmentError);
}

}  // namespace
}  // namespace qbsweep
