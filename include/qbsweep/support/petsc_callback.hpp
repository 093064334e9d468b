#pragma once
/// \file
/// Exceptions on their way through PETSc, whose C code they must not unwind.

#include <petscerror.h>

#include <exception>
#include <utility>

namespace qbsweep::petsc {

/// What a callback threw on this thread while PETSc was calling it. It waits here until the call of
/// PETSc has come back with an error, and then continues unchanged: petsc::check() sees to it.
class CallbackException {
 public:
  /// Inside a catch block: keeps what was caught.
  static void keep() noexcept { waiting() = std::current_exception(); }

  /// Throws what waits, if anything does.
  static void rethrow() {
    if (waiting()) {
      std::rethrow_exception(std::exchange(waiting(), {}));
    }
  }

 private:
  static std::exception_ptr& waiting() noexcept {
    thread_local std::exception_ptr exception;
    return exception;
  }
};

/// The body of a callback that PETSc calls (a shell's product, a monitor, a stopping test): does
/// `work` and returns the code for PETSc, an error where it throws.
template <typename Work>
[[nodiscard]] PetscErrorCode guarded(Work&& work) noexcept {
  try {
    std::forward<Work>(work)();
  } catch (...) {
    CallbackException::keep();
    return PETSC_ERR_USER;
  }
  return 0;
}

}  // namespace qbsweep::petsc
