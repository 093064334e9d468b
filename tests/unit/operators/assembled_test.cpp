// The assembled matrix: the sum of its terms, counted exactly before it is filled.
#include <gtest/gtest.h>
#include <petscmat.h>

#include "assembled_action.hpp"
#include "random_batteries.hpp"

namespace qbsweep {
namespace {

// Catches a term that is left out, overwrites another one's entry (INSERT_VALUES after merging) or
// is counted differently than it is filled.
TEST(AssembledLiouvillian, IsTheSumOfItsTerms) {
  testing::Random random(21);
  for (int set = 0; set < 20; ++set) {
    const BatteryParameters battery = testing::random_battery(random, 4);
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
    const std::vector<double> R = testing::random_numbers(random, basis.size());
    const petsc::Matrix L = assemble_liouvillian(MPI_COMM_SELF, basis, battery);
    const std::vector<double> whole = testing::multiply(L.get(), R);
    std::vector<double> sum(whole.size(), 0.0);
    for (const TermName term : all_terms()) {
      const std::vector<double> part = testing::apply_terms(basis, battery, {term}, R);
      for (std::size_t e = 0; e < sum.size(); ++e) {
        sum[e] += part[e];
      }
    }
    for (std::size_t e = 0; e < sum.size(); ++e) {
      ASSERT_NEAR(whole[e], sum[e], 1e-12);
    }
  }
}

// Catches a size that wraps around instead of being refused, before anything is allocated for it.
TEST(AssembledLiouvillian, RefusesMoreUnknownsThanPetscCounts) {
  if (sizeof(PetscInt) > 4) {
    GTEST_SKIP() << "this PETSc has 64-bit indices, which count further than any machine stores";
  }
  BatteryParameters battery;
  battery.N = 40;
  battery.gamma_phi = 0.1;
  battery.fock_dim = 500;
  const StateBasis basis(battery.N, battery.fock_dim, true);
  ASSERT_EQ(basis.size(), 3'085'250'000);
  try {
    static_cast<void>(assemble_liouvillian(MPI_COMM_SELF, basis, battery));
    FAIL() << "was not refused";
  } catch (const EnvironmentError& error) {
    EXPECT_STREQ(error.what(),
                 "the number of unknowns is 3085250000, more than the 32-bit indices of this PETSc "
                 "can count (2147483647): use a PETSc configured --with-64-bit-indices");
  }
}

TEST(AssembledLiouvillian, AllocatesExactlyAndWithinTheEstimate) {
  testing::Random random(22);
  for (int set = 0; set < 60; ++set) {
    BatteryParameters battery = testing::random_battery(random, 6);
    battery.g = set % 7 == 0 ? 0.0 : battery.g;
    SCOPED_TRACE(testing::describe(battery));
    const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
    const petsc::Matrix L = assemble_liouvillian(MPI_COMM_SELF, basis, battery);
    MatInfo info;
    petsc::check(MatGetInfo(L.get(), MAT_GLOBAL_SUM, &info), "ask for the size of a matrix");
    EXPECT_EQ(info.nz_unneeded, 0);
    EXPECT_EQ(info.mallocs, 0);
    const auto estimate = static_cast<double>(estimate_liouvillian_entries(battery));
    EXPECT_LE(info.nz_used, estimate);
    EXPECT_GE(info.nz_used, estimate / 4);  // a plan that is far off would refuse what fits
  }
}

// Implicit integrators shift the diagonal, so it must be stored also where it is zero.
TEST(AssembledLiouvillian, StoresTheWholeDiagonal) {
  BatteryParameters battery;  // no coupling, no noise: only the free rotation is left
  const StateBasis basis(1, 2, false);
  const petsc::Matrix L = assemble_liouvillian(MPI_COMM_SELF, basis, battery);
  PetscBool missing = PETSC_TRUE;
  petsc::check(MatMissingDiagonal(L.get(), &missing, nullptr), "look at a diagonal");
  EXPECT_FALSE(missing);
}

}  // namespace
}  // namespace qbsweep
