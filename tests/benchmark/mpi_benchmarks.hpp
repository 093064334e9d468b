#pragma once
// The main() of Google Benchmark for what asks MPI for its ranks.
#include <benchmark/benchmark.h>
#include <mpi.h>

namespace qbsweep {

/// Runs the registered benchmarks; the exit code is 1 where an argument is not understood.
inline int run_mpi_benchmarks(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  benchmark::Initialize(&argc, argv);
  const bool understood = !benchmark::ReportUnrecognizedArguments(argc, argv);
  if (understood) {
    benchmark::RunSpecifiedBenchmarks();
  }
  MPI_Finalize();
  return understood ? 0 : 1;
}

}  // namespace qbsweep
