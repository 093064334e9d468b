#pragma once
/// \file
/// Operators of one process as PETSc's shells.

#include <cstdint>
#include <memory>
#include <utility>

#include "qbsweep/support/petsc.hpp"

namespace qbsweep::petsc {

/// Calls work(from, to) with the numbers of both vectors, for the callbacks of shells. What it
/// throws comes out of the petsc::check() around the call of PETSc.
template <typename Work>
PetscErrorCode apply_to_numbers(Vec from, Vec to, Work&& work) {
  PetscFunctionBegin;
  const PetscScalar* numbers = nullptr;
  PetscScalar* result = nullptr;
  PetscCall(VecGetArrayRead(from, &numbers));
  PetscCall(VecGetArrayWrite(to, &result));
  const PetscErrorCode code = guarded([&] { std::forward<Work>(work)(numbers, result); });
  PetscCall(VecRestoreArrayWrite(to, &result));
  PetscCall(VecRestoreArrayRead(from, &numbers));
  PetscFunctionReturn(code);
}

namespace detail {
template <typename Operator>
PetscErrorCode multiply(Mat matrix, Vec from, Vec to) {
  PetscFunctionBegin;
  Operator* own = nullptr;
  PetscCall(MatShellGetContext(matrix, &own));
  PetscCall(apply_to_numbers(
      from, to, [own](const double* numbers, double* product) { own->apply(numbers, product); }));
  PetscFunctionReturn(0);
}

template <typename Operator>
PetscErrorCode destroy(void* own) {
  delete static_cast<Operator*>(own);
  return 0;
}
}  // namespace detail

/// A square MATSHELL with MatMult and MatCreateVecs, which applies own->apply(from, to) and owns
/// it; duplicates share it. `comm` has one process.
/// \throws EnvironmentError where the size passes PetscInt; LibraryError
template <typename Operator>
[[nodiscard]] Matrix make_shell(MPI_Comm comm, std::int64_t size, std::unique_ptr<Operator> own,
                                const char* doing) {
  const PetscInt rows = to_int(size, "the number of unknowns");
  Matrix shell;
  check(MatCreateShell(comm, rows, rows, rows, rows, own.get(), shell.out()), doing);
  check(MatShellSetContextDestroy(shell.get(), &detail::destroy<Operator>), doing);
  static_cast<void>(own.release());
  check(MatShellSetOperation(shell.get(), MATOP_MULT,
                             reinterpret_cast<void (*)()>(&detail::multiply<Operator>)),
        doing);
  return shell;
}

}  // namespace qbsweep::petsc
