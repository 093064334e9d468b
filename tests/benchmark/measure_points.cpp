// measure_points SWEEP.yaml: for each point of a sweep, in one process and one after the other,
// what `plan` predicts and what computing it took, in processor time, as one line of JSON
// (measure_plan.py draws the points). The prediction is printed before anything is computed: a
// point that is killed leaves it.
#include <fmt/format.h>
#include <mpi.h>
#include <sys/resource.h>

#include <cstdio>
#include <exception>
#include <string>

#include "point_estimates.hpp"
#include "qbsweep/solvers/charge.hpp"
#include "qbsweep/support/petsc.hpp"

namespace qbsweep {
namespace {

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return 1024.0 * static_cast<double>(usage.ru_maxrss);
}

/// What was computed, as members of a JSON object.
std::string compute(const Sweep& sweep, const SweepPoint& point) {
  std::string text;
  if (sweep.charging()) {
    const ChargeDiagnostics done =
        charge(MPI_COMM_SELF, point.battery, charge_settings(sweep, point)).diagnostics;
    text += fmt::format(R"(, "charge_levels": {}, "charge_applications": {})", done.fock_dim,
                        done.operator_applications);
  }
  if (sweep.steady_state()) {
    const SteadyStateResult done =
        steady_state(MPI_COMM_SELF, point.battery, steady_settings(sweep, point));
    text += fmt::format(
        R"(, "steady_levels": {}, "steady_applications": {}, "steady_method": {}, "multiplicity": {})",
        done.fock_dim, done.operator_applications, static_cast<int>(done.method),
        done.multiplicity);
  }
  return text;
}

void run(int argc, char** argv, const char* path) {
  const petsc::Session petsc(&argc, &argv);
  const Sweep sweep = Sweep::from_file(path);
  for (std::int64_t index = 0; index < sweep.size(); ++index) {
    const double before = processor_seconds();
    const PointEstimate estimate = estimate_point(sweep, index);
    fmt::print(R"({{"predicting": {:.3g}, "predicted": {:.6g}, "predicted_bytes": {:.6g})",
               processor_seconds() - before, estimate.seconds, estimate.memory_bytes);
    std::fflush(stdout);
    const double start = processor_seconds();
    std::string text;
    try {
      text = compute(sweep, sweep.point(index));
    } catch (const std::exception& error) {
      text = fmt::format(R"(, "failed": "{}")", one_line(error.what()));
    }
    fmt::print(R"(, "actual": {:.6g}, "bytes": {:.6g}{}}})"
               "\n",
               processor_seconds() - start, peak_bytes(), text);
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace qbsweep

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: measure_points SWEEP.yaml\n", stderr);
    return 1;
  }
  MPI_Init(&argc, &argv);
  int code = 0;
  try {
    qbsweep::run(argc, argv, argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "measure_points: %s\n", error.what());
    code = 1;
  }
  MPI_Finalize();
  return code;
}
