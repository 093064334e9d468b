#include "qbsweep/operators/matrix_free.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "qbsweep/operators/parity_sector.hpp"
#include "qbsweep/operators/sector_state.hpp"
#include "qbsweep/parallel/mpi.hpp"
#include "qbsweep/support/petsc_shell.hpp"

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

}  // namespace

petsc::Matrix matrix_free_liouvillian(MPI_Comm comm, const StateBasis& basis,
                                      const BatteryParameters& battery) {
  const int ranks = Communicator::size_of(comm);
  if (ranks > 1) {
    throw EnvironmentError(fmt::format(
        "the matrix-free Liouvillian is on {} ranks, and can only be applied by one: give "
        "--operator assembled",
        ranks));
  }
  return petsc::make_shell(comm, basis.size(), std::make_unique<ParityHalves>(battery),
                           "set up the matrix-free Liouvillian");
}

}  // namespace qbsweep
