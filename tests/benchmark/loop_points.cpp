// loop_points SWEEP.yaml: computes the points of a sweep one after the other in one plain loop,
// with no scheduling and no archive, and prints the seconds that the loop took. What `qbsweep run`
// is held against (scheduling.py).
#include <mpi.h>

#include <chrono>
#include <cstdio>
#include <exception>

#include "qbsweep/dynamics/charging_run.hpp"
#include "qbsweep/scheduler/point_estimates.hpp"
#include "qbsweep/support/petsc.hpp"

namespace qbsweep {
namespace {

/// \return the sum of the largest energies, so that there is something to compare
double compute_points(const Sweep& sweep) {
  double sum = 0.0;
  for (std::int64_t index = 0; index < sweep.size(); ++index) {
    const SweepPoint point = sweep.point(index);
    sum += charging_run(MPI_COMM_SELF, point.battery, charging_settings(sweep, point))
               .figures.battery_energy_max;
  }
  return sum;
}

void run(int argc, char** argv, const char* path) {
  using Clock = std::chrono::steady_clock;
  const petsc::Session petsc(&argc, &argv);
  const Sweep sweep = Sweep::from_file(path);
  const Clock::time_point start = Clock::now();
  const double sum = compute_points(sweep);
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  std::printf("%lld points, %.3f s, sum of battery_energy_max %.12g\n",
              static_cast<long long>(sweep.size()), seconds, sum);
}

}  // namespace
}  // namespace qbsweep

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: loop_points SWEEP.yaml\n", stderr);
    return 1;
  }
  MPI_Init(&argc, &argv);
  int code = 0;
  try {
    qbsweep::run(argc, argv, argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "loop_points: %s\n", error.what());
    code = 1;
  }
  MPI_Finalize();
  return code;
}
