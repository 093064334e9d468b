#include "qbsweep/liouvillian/matrix_free.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <string>

#include "qbsweep/liouvillian/parity_sector.hpp"
#include "qbsweep/liouvillian/sector_state.hpp"
#include "qbsweep/support/mpi.hpp"

namespace qbsweep {
namespace {

/// What the shell works on.
class ParityHalves {
 public:
  explicit ParityHalves(const BatteryParameters& battery)
      : even_(battery, Parity::even),
        odd_(battery, Parity::odd),
        in_(std::max(even_.size(), odd_.size())),
        out_(in_.size()) {}

  /// to <- L from, in the full basis.
  void apply(const double* from, double* to) {
    for (const ParitySector* const sector : {&even_, &odd_}) {
      sector->gather(from, in_.data());
      sector->apply(in_.data(), out_.data(), {});
      sector->scatter(out_.data(), to);
    }
  }

 private:
  ParitySector even_;
  ParitySector odd_;
  SectorState in_;
  SectorState out_;
};

PetscErrorCode multiply(Mat matrix, Vec from, Vec to) {
  PetscFunctionBegin;
  ParityHalves* halves = nullptr;
  PetscCall(MatShellGetContext(matrix, &halves));
  const PetscScalar* numbers = nullptr;
  PetscScalar* product = nullptr;
  PetscCall(VecGetArrayRead(from, &numbers));
  PetscCall(VecGetArrayWrite(to, &product));
  std::string thrown;  // must not pass through PETSc
  try {
    halves->apply(numbers, product);
  } catch (const std::exception& error) {
    thrown = error.what();
  }
  PetscCall(VecRestoreArrayWrite(to, &product));
  PetscCall(VecRestoreArrayRead(from, &numbers));
  PetscCheck(thrown.empty(), PETSC_COMM_SELF, PETSC_ERR_LIB, "%s", thrown.c_str());
  PetscFunctionReturn(0);
}

PetscErrorCode destroy(void* halves) {
  delete static_cast<ParityHalves*>(halves);
  return 0;
}

}  // namespace

petsc::Matrix matrix_free_liouvillian(MPI_Comm comm, const StateBasis& basis,
                                      const BatteryParameters& battery) {
  using petsc::check;
  const char* const doing = "set up the matrix-free Liouvillian";
  const int ranks = Communicator::size_of(comm);
  if (ranks > 1) {
    throw EnvironmentError(fmt::format(
        "the matrix-free Liouvillian is on {} ranks, and can only be applied by one: give "
        "--operator assembled",
        ranks));
  }
  const PetscInt size = petsc::to_int(basis.size(), "the number of unknowns");

  auto halves = std::make_unique<ParityHalves>(battery);
  petsc::Matrix L;
  check(MatCreateShell(comm, size, size, size, size, halves.get(), L.out()), doing);
  // Duplicates of the matrix share the halves, and the last one deletes them.
  check(MatShellSetContextDestroy(L.get(), &destroy), doing);
  static_cast<void>(halves.release());
  check(MatShellSetOperation(L.get(), MATOP_MULT, reinterpret_cast<void (*)()>(&multiply)), doing);
  return L;
}

}  // namespace qbsweep
