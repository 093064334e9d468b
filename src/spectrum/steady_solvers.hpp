#pragma once
/// \file
/// The registry of the solvers for a steady state. A new one is an entry here and in
/// steady_method_table (steady_method.hpp).

#include <mpi.h>

#include <span>

#include "qbsweep/model/steady_method.hpp"
#include "qbsweep/spectrum/steady_solution.hpp"

namespace qbsweep {

struct SteadySolver {
  SteadyMethod method;
  /// Bytes it needs for `battery` on its Fock levels.
  double (*bytes)(const BatteryParameters& battery);
  /// Whether it knows by itself, and better, when these are not there.
  bool sees_shortage;
  /// Seconds of one core.
  double (*seconds)(const BatteryParameters& battery);
  /// Collective on `comm`. \throws EnvironmentError, LibraryError
  SteadySolution (*solve)(MPI_Comm comm, const BatteryParameters& battery,
                          const SteadySearch& search);
};

/// Every solver; `automatic` is none of them.
[[nodiscard]] std::span<const SteadySolver> steady_solvers();

[[nodiscard]] const SteadySolver& steady_solver(SteadyMethod method);

}  // namespace qbsweep
