#pragma once
/// \file
/// What the program can do, one function a command. Those that print throw InputError or
/// EnvironmentError for what they cannot do.

#include <optional>
#include <string>
#include <vector>

#include "qbsweep/config/shard.hpp"
#include "qbsweep/dynamics/charging_settings.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {

/// A sweep file and what is set on top of it.
struct SweepSource {
  std::string path;
  std::vector<std::string> overrides;  ///< "key=value", as --set gives them
};

/// The same on every rank, for each of them reads the command line.
struct RunOptions {
  SweepSource source;
  std::string archive_path;    ///< empty: NAME.h5 or NAME.shard-2-of-4.h5, in this folder
  std::optional<Shard> shard;  ///< the points to compute, if not all
  ChargingMethod method;
  /// The time there is, from now; none: no limit. Without --time-limit Slurm's, if it tells one.
  std::optional<double> seconds_until_limit;
  double seconds_between_checkpoints = 600;  ///< --checkpoint-every
  std::vector<std::string> petsc_options;    ///< what followed "--"; Propagator::ts asks for them
};

/// The exit code of `verify` and `export` where an archive holds something that is damaged.
inline constexpr ExitCode damage_found{4};

enum class ExportFormat { csv, table };

/// Computes the points of a sweep that its archive does not hold yet. Starts MPI and PETSc, so it
/// can be called once in a process; collective on the ranks that mpirun or srun started. Prints
/// what goes wrong by itself, while MPI is up, and returns the exit code that it means.
[[nodiscard]] ExitCode run_sweep(const RunOptions& options);

/// Prints what a sweep would take by `method`: points, unknowns, memory, time.
void print_plan(const SweepSource& source, const ChargingMethod& method);

/// Prints that a sweep file is acceptable, or throws InputError. Where an archive is named and is
/// there, run_sweep() with the same options must be able to resume it.
void print_validation(const RunOptions& options);

/// Prints how far an archive is, and what of the run that writes it.
void print_status(const std::string& archive_path);

/// The same every so many seconds, until no run writes the archive any more or a signal asks to
/// stop (StopSignal). On a terminal the screen is rewritten.
void watch_status(const std::string& archive_path, double seconds);

/// Makes the archive at `archive_path` of what is done in parts of a sweep, and prints how far it
/// is.
/// \return complete, some_points_failed, or stopped_early if points are missing
[[nodiscard]] ExitCode merge_parts(const std::string& archive_path,
                                   const std::vector<std::string>& parts);

/// Prints a row for every point of an archive; those that are damaged without their numbers.
/// \return complete, or damage_found
[[nodiscard]] ExitCode print_export(const std::string& archive_path, ExportFormat format);

/// Reads an archive from end to end and prints what is damaged in it, a line each, and a summary.
/// \return complete, or damage_found
[[nodiscard]] ExitCode verify_archive(const std::string& archive_path);

}  // namespace qbsweep
