#pragma once
// Matrix-vector products with the assembled Liouvillian, on plain vectors.
#include <petscmat.h>

#include <algorithm>
#include <initializer_list>
#include <span>
#include <vector>

#include "qbsweep/operators/assembled.hpp"

namespace qbsweep::testing {

/// Not for several ranks.
inline std::vector<double> multiply(Mat matrix, const std::vector<double>& numbers) {
  const char* const doing = "multiply by a matrix";
  petsc::Vector in;
  petsc::Vector out;
  petsc::check(MatCreateVecs(matrix, in.out(), out.out()), doing);
  double* values = nullptr;
  petsc::check(VecGetArrayWrite(in.get(), &values), doing);
  std::copy(numbers.begin(), numbers.end(), values);
  petsc::check(VecRestoreArrayWrite(in.get(), &values), doing);
  petsc::check(MatMult(matrix, in.get(), out.get()), doing);
  PetscInt size = 0;
  petsc::check(VecGetLocalSize(out.get(), &size), doing);
  const double* product = nullptr;
  petsc::check(VecGetArrayRead(out.get(), &product), doing);
  std::vector<double> result(product, product + size);
  petsc::check(VecRestoreArrayRead(out.get(), &product), doing);
  return result;
}

/// The sum of `terms`, assembled on this rank alone, applied to a state.
inline std::vector<double> apply_terms(const StateBasis& basis, const BatteryParameters& battery,
                                       std::initializer_list<TermName> terms,
                                       const std::vector<double>& state) {
  const petsc::Matrix L = assemble_liouvillian(MPI_COMM_SELF, basis, battery, Terms(terms));
  return multiply(L.get(), state);
}

}  // namespace qbsweep::testing
