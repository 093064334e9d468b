// The matrix-free Liouvillian is for one rank: on more, every rank says so.
#include "qbsweep/operators/matrix_free.hpp"

#include <gtest/gtest.h>

#include <string>

#include "qbsweep/parallel/mpi.hpp"

namespace qbsweep {
namespace {

TEST(MatrixFreeLiouvillian, SeveralRanksAreRefusedOnAll) {
  BatteryParameters battery;
  const StateBasis basis(battery.N, battery.fock_dim, false);
  const int ranks = Communicator::size_of(MPI_COMM_WORLD);
  std::string message;
  try {
    static_cast<void>(matrix_free_liouvillian(MPI_COMM_WORLD, basis, battery));
  } catch (const EnvironmentError& error) {
    message = error.what();
  }
  EXPECT_EQ(message, ranks == 1 ? ""
                                : "the matrix-free Liouvillian is on " + std::to_string(ranks) +
                                      " ranks, and can only be applied by one: give --operator "
                                      "assembled");
}

}  // namespace
}  // namespace qbsweep
