// The main of every test executable: MPI, PETSc and SLEPc are up, and the failures of every rank
// count and are printed with their rank.
#include <gtest/gtest.h>
#include <mpi.h>

#include <cstdio>
#include <optional>

#include "qbsweep/support/petsc.hpp"

namespace {

class RankedFailures : public testing::EmptyTestEventListener {
 public:
  explicit RankedFailures(int rank) : rank_(rank) {}
  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (result.failed()) {
      std::fprintf(stderr, "[rank %d] %s:%d: %s\n", rank_,
                   result.file_name() != nullptr ? result.file_name() : "?", result.line_number(),
                   result.message());
    }
  }

 private:
  int rank_;
};

}  // namespace

int main(int argc, char** argv) {
  int provided = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &provided);
  testing::InitGoogleTest(&argc, argv);
  std::optional<qbsweep::petsc::Session> petsc(std::in_place, &argc, &argv);
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);

  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  if (rank != 0) {
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new RankedFailures(rank));
  }
  int failed = RUN_ALL_TESTS();
  MPI_Allreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  petsc.reset();
  MPI_Finalize();
  return failed;
}
