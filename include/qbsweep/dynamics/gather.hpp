#pragma once
// A distributed vector as plain numbers.
#include <vector>

#include "qbsweep/support/petsc.hpp"

namespace qbsweep {

/// All entries, on every rank. Collective.
inline std::vector<double> gather_everywhere(Vec distributed) {
  const char* const doing = "gather a vector";
  petsc::Scatter scatter;
  petsc::Vector everywhere;
  petsc::check(VecScatterCreateToAll(distributed, scatter.out(), everywhere.out()), doing);
  petsc::check(
      VecScatterBegin(scatter.get(), distributed, everywhere.get(), INSERT_VALUES, SCATTER_FORWARD),
      doing);
  petsc::check(
      VecScatterEnd(scatter.get(), distributed, everywhere.get(), INSERT_VALUES, SCATTER_FORWARD),
      doing);
  PetscInt size = 0;
  petsc::check(VecGetSize(everywhere.get(), &size), doing);
  const double* numbers = nullptr;
  petsc::check(VecGetArrayRead(everywhere.get(), &numbers), doing);
  std::vector<double> copy(numbers, numbers + size);
  petsc::check(VecRestoreArrayRead(everywhere.get(), &numbers), doing);
  return copy;
}

}  // namespace qbsweep
