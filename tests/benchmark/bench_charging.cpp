// What a charging run spends its time on: assembly, the products of the matrix. The battery
// is a Dicke battery with all noise, N atoms and N photons.
#include <benchmark/benchmark.h>
#include <mpi.h>
#include <petscmat.h>

#include <cstdio>
#include <exception>

#include "qbsweep/dynamics/charging_run.hpp"
#include "qbsweep/operators/assembled.hpp"
#include "qbsweep/support/petsc.hpp"

namespace qbsweep {
namespace {

BatteryParameters noisy_battery(int N) {
  BatteryParameters battery;
  battery.N = N;
  battery.g = 0.25;
  battery.kappa = 0.15;
  battery.gamma_down = 0.1;
  battery.gamma_phi = 0.1;
  battery.m = N;
  battery.fock_dim = paper_fock_dim(battery.m);
  return battery;
}

StateBasis basis_of(const BatteryParameters& battery) {
  return {battery.N, battery.fock_dim, has_local_noise(battery)};
}

double entries_of(Mat matrix) {
  MatInfo info;
  petsc::check(MatGetInfo(matrix, MAT_LOCAL, &info), "count the entries of a matrix");
  return info.nz_used;
}

void report_entries(benchmark::State& state, double entries) {
  state.counters["entries"] = entries;
  // Seconds for an entry; printed with their SI prefix.
  state.counters["per_entry"] = benchmark::Counter(
      entries, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void assemble(benchmark::State& state) {
  const BatteryParameters battery = noisy_battery(static_cast<int>(state.range(0)));
  const StateBasis basis = basis_of(battery);
  double entries = 0;
  while (state.KeepRunning()) {
    const petsc::Matrix matrix = assemble_liouvillian(MPI_COMM_SELF, basis, battery);
    entries = entries_of(matrix.get());
  }
  report_entries(state, entries);
}
BENCHMARK(assemble)->Arg(2)->Arg(4)->Arg(6)->Unit(benchmark::kMillisecond);

void apply(benchmark::State& state) {
  const BatteryParameters battery = noisy_battery(static_cast<int>(state.range(0)));
  const petsc::Matrix matrix = assemble_liouvillian(MPI_COMM_SELF, basis_of(battery), battery);
  petsc::Vector from;
  petsc::Vector to;
  petsc::check(MatCreateVecs(matrix.get(), from.out(), to.out()), "create vectors");
  petsc::check(VecSet(from.get(), 1.0), "fill a vector");
  while (state.KeepRunning()) {
    petsc::check(MatMult(matrix.get(), from.get(), to.get()), "multiply");
  }
  report_entries(state, entries_of(matrix.get()));
}
BENCHMARK(apply)->Arg(2)->Arg(4)->Arg(6)->Unit(benchmark::kMicrosecond);

void whole_charging(benchmark::State& state) {
  const BatteryParameters battery = noisy_battery(static_cast<int>(state.range(0)));
  ChargingSettings settings;
  settings.t_max = 10.0;
  double applications = 0;
  while (state.KeepRunning()) {
    const ChargingResult result = charging_run(MPI_COMM_SELF, battery, settings);
    applications = static_cast<double>(result.diagnostics.operator_applications);
  }
  state.counters["applications"] = applications;
}
BENCHMARK(whole_charging)->Arg(2)->Arg(4)->Arg(6)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace qbsweep

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  int code = 0;
  try {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
      code = 1;
    } else {
      const qbsweep::petsc::Session petsc(&argc, &argv);
      benchmark::RunSpecifiedBenchmarks();
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_charging: %s\n", error.what());
    code = 1;
  }
  MPI_Finalize();
  return code;
}
