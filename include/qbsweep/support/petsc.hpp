#pragma once
/// \file
/// PETSc and SLEPc with checked codes and owned objects.

#include <petscsys.h>
#include <petscts.h>
#include <slepceps.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "qbsweep/support/error.hpp"
#include "qbsweep/support/petsc_callback.hpp"

namespace qbsweep::petsc {

namespace detail {
/// PETSc's words for the error that is being unwound: the innermost message.
inline std::string& last_message() {
  thread_local std::string message;
  return message;
}
/// A PETSc error handler that keeps the first message and prints nothing.
inline PetscErrorCode keep_message(MPI_Comm, int, const char* function, const char*,
                                   PetscErrorCode code, PetscErrorType type, const char* message,
                                   void*) {
  if (type == PETSC_ERROR_INITIAL) {
    last_message() = message != nullptr ? message : "";
    // PETSc 3.18 mixes up its words where it finds no memory: the code is a line's number then.
    const std::string_view where = function != nullptr ? function : "";
    if (where.starts_with("PetscMalloc") || where.starts_with("PetscRealloc")) {
      last_message().clear();
      return PETSC_ERR_MEM;
    }
  }
  return code;
}
}  // namespace detail

/// Throws unless `code` is 0: what a callback of ours threw meanwhile (petsc_callback.hpp), else
/// LibraryError("PETSc", ...).
inline void check(PetscErrorCode code, const char* doing) {
  if (code != 0) {
    CallbackException::rethrow();
    const char* general = nullptr;
    PetscErrorMessage(code, &general, nullptr);
    std::string text = general != nullptr ? general : "";
    if (!detail::last_message().empty()) {
      text += " (" + std::exchange(detail::last_message(), {}) + ")";
    }
    throw LibraryError("PETSc", code, doing, text);
  }
}

/// Whether PETSc or SLEPc found no memory.
[[nodiscard]] inline bool is_out_of_memory(const LibraryError& error) {
  return error.source() == "PETSc" && error.code() == PETSC_ERR_MEM;
}

/// PETSc and SLEPc for the life of the program: initialises on MPI_COMM_WORLD, where MPI must be
/// up; errors come back as codes, and signals stay with the program. Collective.
class Session {
 public:
  Session(int* argc, char*** argv) {
    // To push and pop PETSc's handlers would reset those that the program has installed before.
    check(PetscOptionsSetValue(nullptr, "-no_signal_handler", "true"), "leave signals alone");
    check(SlepcInitialize(argc, argv, nullptr, nullptr), "start PETSc and SLEPc");
    check(PetscPushErrorHandler(&detail::keep_message, nullptr), "install an error handler");
  }
  ~Session() { SlepcFinalize(); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
};

/// `value` as a PetscInt.
/// \throws EnvironmentError if it does not fit: PETSc must then be built with 64-bit indices
inline PetscInt to_int(std::int64_t value, const char* what) {
  if (value > PETSC_MAX_INT) {
    throw EnvironmentError(
        std::string(what) + " is " + std::to_string(value) + ", more than the " +
        std::to_string(8 * sizeof(PetscInt)) + "-bit indices of this PETSc can count (" +
        std::to_string(PETSC_MAX_INT) + "): use a PETSc configured --with-64-bit-indices");
  }
  return static_cast<PetscInt>(value);
}

/// An owned PETSc object; Destroy is its XxxDestroy. The raw handle stays reachable by get().
template <typename Handle, PetscErrorCode (*Destroy)(Handle*)>
class Owned {
 public:
  Owned() = default;
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  Owned(Owned&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Owned() {
    if (handle_ != nullptr) {
      Destroy(&handle_);
    }
  }

  [[nodiscard]] Handle get() const noexcept { return handle_; }
  /// For the calls that create an object: XxxCreate(..., object.out()). The object must be empty.
  [[nodiscard]] Handle* out() noexcept { return &handle_; }

 private:
  Handle handle_ = nullptr;
};

using Matrix = Owned<Mat, MatDestroy>;
using Vector = Owned<Vec, VecDestroy>;
using Scatter = Owned<VecScatter, VecScatterDestroy>;
using Stepper = Owned<TS, TSDestroy>;
using LinearSolver = Owned<KSP, KSPDestroy>;
using EigenSolver = Owned<EPS, EPSDestroy>;

}  // namespace qbsweep::petsc
