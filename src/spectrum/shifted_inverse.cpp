#include "shifted_inverse.hpp"

#include <fmt/format.h>
#include <petscmat.h>

#include <utility>

#include "qbsweep/support/error.hpp"
#include "qbsweep/support/node_memory.hpp"

namespace qbsweep {
namespace {

using petsc::check;

constexpr double bytes_per_megabyte = 1e6;

using IndexSet = petsc::Owned<IS, ISDestroy>;

// MUMPS's own names for what is asked of it (its user's guide, "Control parameters").
constexpr PetscInt extra_workspace_percent = 14;  // ICNTL
constexpr PetscInt expected_megabytes = 17;       // INFOG, after the analysis: of all ranks
constexpr PetscInt used_megabytes = 19;           // INFOG, after the factorisation: of all ranks
constexpr PetscInt status = 1;                    // INFOG
constexpr PetscInt no_memory = -13;               // of the status
constexpr PetscInt workspace_too_small = -9;      // of the status

PetscInt mumps_info(Mat factor, PetscInt which) {
  PetscInt value = 0;
  check(MatMumpsGetInfog(factor, which, &value), "ask MUMPS what it did");
  return value;
}

}  // namespace

ShiftedInverse::ShiftedInverse(Mat L, double sigma, Watch watch)
    : sigma_(sigma), watch_(std::move(watch)) {
  petsc::Matrix shifted;
  check(MatDuplicate(L, MAT_COPY_VALUES, shifted.out()), "shift the Liouvillian");
  check(MatShift(shifted.get(), -sigma), "shift the Liouvillian");
  factorise(shifted.get());

  const char* const doing = "set up the inverse of the Liouvillian";
  PetscInt local = 0;
  check(MatGetLocalSize(L, &local, nullptr), doing);
  check(MatCreateShell(PetscObjectComm(reinterpret_cast<PetscObject>(L)), local, local,
                       PETSC_DETERMINE, PETSC_DETERMINE, this, shell_.out()),
        doing);
  check(MatShellSetOperation(shell_.get(), MATOP_MULT, reinterpret_cast<void (*)()>(&apply)),
        doing);
}

void ShiftedInverse::factorise(Mat shifted) {
  // Pivoting may fill in more than the analysis foresaw.
  for (const PetscInt extra : {40, 200, 1000}) {
    if (factorise(shifted, extra)) {
      return;
    }
  }
  throw EnvironmentError(
      "MUMPS could not factorise the Liouvillian: pivoting takes more than ten times the memory "
      "that was expected");
}

bool ShiftedInverse::factorise(Mat shifted, PetscInt extra_percent) {
  const char* const doing = "factorise the Liouvillian";
  factor_ = {};
  check(MatGetFactor(shifted, MATSOLVERMUMPS, MAT_FACTOR_LU, factor_.out()), doing);
  check(MatMumpsSetIcntl(factor_.get(), extra_workspace_percent, extra_percent), doing);
  IndexSet rows;
  IndexSet columns;
  check(MatGetOrdering(shifted, MATORDERINGEXTERNAL, rows.out(), columns.out()), doing);
  MatFactorInfo info;
  check(MatFactorInfoInitialize(&info), doing);
  check(MatLUFactorSymbolic(factor_.get(), shifted, rows.get(), columns.get(), &info), doing);
  const double expected =
      bytes_per_megabyte * static_cast<double>(mumps_info(factor_.get(), expected_megabytes));
  if (expected > available_memory_bytes()) {
    throw EnvironmentError(
        fmt::format("shift_invert needs {} of memory for the factors of the Liouvillian, of which "
                    "{} are available: method gmres or propagator needs less",
                    size_text(expected), size_text(available_memory_bytes())));
  }
  check(MatLUFactorNumeric(factor_.get(), shifted, &info), doing);
  const PetscInt code = mumps_info(factor_.get(), status);
  if (code == workspace_too_small) {
    return false;
  }
  if (code < 0) {
    throw EnvironmentError(fmt::format(
        "MUMPS could not factorise the Liouvillian: {}INFOG(1) = {}, INFOG(2) = {}",
        code == no_memory ? fmt::format("out of memory ({} are needed, and {} are available), ",
                                        size_text(expected), size_text(unclaimed_memory_bytes()))
                          : "",
        code, mumps_info(factor_.get(), 2)));
  }
  megabytes_ = static_cast<double>(mumps_info(factor_.get(), used_megabytes));
  return true;
}

PetscErrorCode ShiftedInverse::apply(Mat shell, Vec x, Vec y) {
  void* context = nullptr;
  PetscErrorCode code = MatShellGetContext(shell, &context);
  if (code != 0) {
    return code;
  }
  auto* const self = static_cast<ShiftedInverse*>(context);
  ++self->applications_;
  code = petsc::guarded([self] { look_in(self->watch_); });
  return code != 0 ? code : MatSolve(self->factor_.get(), x, y);
}

}  // namespace qbsweep
