// measure_points SWEEP.yaml [predict]: for each point of a sweep, in one process and one after the
// other, what `plan` predicts and what computing it took, in processor time, as one line of JSON
// (measure_plan.py draws the points); with `predict` the prediction alone. The prediction is
// printed before anything is computed: a point that is killed leaves it. Short points are computed
// several times, and the shortest counts.
#include <fmt/format.h>
#include <mpi.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>

#include "qbsweep/dynamics/charging_estimate.hpp"
#include "qbsweep/dynamics/charging_run.hpp"
#include "qbsweep/scheduler/point_estimates.hpp"
#include "qbsweep/spectrum/steady_estimate.hpp"
#include "qbsweep/spectrum/steady_state.hpp"
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
    const ChargingDiagnostics done =
        charging_run(MPI_COMM_SELF, point.battery, charging_settings(sweep, point)).diagnostics;
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

/// So that the first point does not pay for what is set up once.
void warm_up() {
  BatteryParameters battery;
  battery.g = battery.kappa = battery.gamma_down = 0.1;
  battery.fock_dim = 6;
  (void)charging_run(MPI_COMM_SELF, battery, {.t_max = 1.0});
  (void)steady_state(MPI_COMM_SELF, battery, {});
}

void predict(const Sweep& sweep, std::int64_t index) {
  const double before = processor_seconds();
  const PointEstimate estimate = estimate_point(sweep, index);
  fmt::print(R"({{"predicting": {:.3g}, "predicted": {:.6g}, "predicted_bytes": {:.6g})",
             processor_seconds() - before, estimate.seconds, estimate.memory_bytes);
  const SweepPoint point = sweep.point(index);
  if (sweep.charging()) {
    const ChargingEstimate charge =
        estimate_charging(point.battery, charging_settings(sweep, point));
    fmt::print(R"(, "predicted_charge_levels": {}, "predicted_charge_applications": {:.6g})",
               charge.fock_dim, charge.operator_applications);
  }
  if (sweep.steady_state()) {
    const SteadyEstimate steady =
        estimate_steady_point(point.battery, steady_settings(sweep, point));
    fmt::print(R"(, "predicted_steady_levels": {}, "predicted_steady_method": {})", steady.fock_dim,
               static_cast<int>(steady.method));
  }
}

void measure(const Sweep& sweep, std::int64_t index) {
  constexpr double short_seconds = 0.2;
  constexpr int most_times = 3;
  double seconds = 0;
  double sum = 0;
  std::string text;
  for (int time = 0; time < most_times && sum < short_seconds; ++time) {
    const double start = processor_seconds();
    try {
      text = compute(sweep, sweep.point(index));
    } catch (const std::exception& error) {
      text = fmt::format(R"(, "failed": "{}")", one_line(error.what()));
    }
    const double took = processor_seconds() - start;
    seconds = time == 0 ? took : std::min(seconds, took);
    sum += took;
  }
  fmt::print(R"(, "actual": {:.6g}, "bytes": {:.6g}{})", seconds, peak_bytes(), text);
}

void run(int argc, char** argv, const char* path, bool compute_too) {
  const petsc::Session petsc(&argc, &argv);
  const Sweep sweep = Sweep::from_file(path);
  if (compute_too) {
    warm_up();
  }
  for (std::int64_t index = 0; index < sweep.size(); ++index) {
    predict(sweep, index);
    std::fflush(stdout);
    if (compute_too) {
      measure(sweep, index);
    }
    fmt::print("}}\n");
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace qbsweep

int main(int argc, char** argv) {
  const bool predict_only = argc == 3 && std::strcmp(argv[2], "predict") == 0;
  if (argc != 2 && !predict_only) {
    std::fputs("usage: measure_points SWEEP.yaml [predict]\n", stderr);
    return 1;
  }
  MPI_Init(&argc, &argv);
  int code = 0;
  try {
    qbsweep::run(argc, argv, argv[1], !predict_only);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "measure_points: %s\n", error.what());
    code = 1;
  }
  MPI_Finalize();
  return code;
}
