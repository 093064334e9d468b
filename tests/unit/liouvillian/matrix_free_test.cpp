// The matrix-free Liouvillian against the assembled one, as PETSc matrices.
#include "qbsweep/liouvillian/matrix_free.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "assembled_action.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

using testing::Random;

/// A rate or frequency that leaves nothing in a sum, but is there.
constexpr double unseen = 1e-300;

/// `battery` with one term of the master equation alone, on the same basis.
BatteryParameters with_only(Term term, BatteryParameters battery) {
  const double local_noise = has_local_noise(battery) ? unseen : 0.0;
  if (term != Term::coupling) battery.g = 0;
  if (term != Term::free_evolution) battery.omega_0 = battery.omega_c = unseen;
  if (term != Term::cavity_loss) battery.kappa = 0;
  if (term != Term::atomic_decay) battery.gamma_down = local_noise;
  if (term != Term::dephasing) battery.gamma_phi = local_noise;
  return battery;
}

/// Relative to the norm of the assembled product.
void expect_same_product(const BatteryParameters& battery, const std::vector<double>& state,
                         std::span<const Term> terms) {
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
    BatteryParameters battery = testing::random_battery(random, 6);
    battery.interaction = set % 2 == 0 ? Interaction::dicke : Interaction::tavis_cummings;
    if (set % 20 < 2) {
      battery.N = testing::uniform_int(random, 1, 3);
      battery.fock_dim = testing::uniform_int(random, 14, 37);  // several registers a row
    }
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
    const std::vector<double> state = testing::random_numbers(random, basis.size());
    expect_same_product(battery, state, all_terms);
    for (const Term& term : all_terms) {
      SCOPED_TRACE("term " + std::to_string(static_cast<int>(term)));
      expect_same_product(with_only(term, battery), state, {&term, 1});
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
