#pragma once
/// \file
/// Who writes an archive: OUT.h5.lock beside it, a JSON object that the run keeps there as long as
/// it lasts, and whose time of modification it renews while it is alive.
///
///     {"beat_seconds": 5.0, "done_before": 412, "host": "node3", "machine": "<boot> pid:[...]",
///      "pid": 4711, "process_started": 123456, "ranks": 8, "slurm_job": "17",
///      "started": "2024-05-17T08:30:00Z"}

#include <cstdint>
#include <optional>
#include <string>

namespace qbsweep {

/// What a run says of itself.
struct RunRecord {
  std::string host;     ///< its name, for people
  std::string machine;  ///< where its process number means something: this boot, this container
  std::int64_t pid = 0;
  std::int64_t process_started = 0;  ///< in clock ticks since the boot: process numbers come again
  std::string slurm_job;             ///< empty without one
  int ranks = 1;
  std::int64_t started = 0;                 ///< in seconds since 1970
  double beat_seconds = 0;                  ///< how often it gives a sign of life
  std::optional<std::int64_t> done_before;  ///< points done when it began; unset until it knows
};

/// A run of `ranks` ranks whose first process is this one, started now.
[[nodiscard]] RunRecord record_of_this_process(int ranks, double beat_seconds);

/// "process 4711 on node3 (Slurm job 17), started 2024-05-17T08:30:00Z".
[[nodiscard]] std::string describe(const RunRecord& run);

/// The record as a line of JSON, and back; nothing if `text` is no record as a whole.
[[nodiscard]] std::string to_json(const RunRecord& run);
[[nodiscard]] std::optional<RunRecord> run_record_from_json(const std::string& text);

/// What is known of a run's first process.
enum class ProcessState : std::int8_t {
  alive,
  gone,    ///< it was on this machine and is not any more
  unknown  ///< it is or was on another machine
};
[[nodiscard]] ProcessState process_state(const RunRecord& run);

/// The lock file of an archive: beside the file that `archive_path` leads to.
[[nodiscard]] std::string lock_path(const std::string& archive_path);

/// The run that writes an archive, or the last one if it died.
struct SightedRun {
  RunRecord record;
  bool alive = false;
  double silent_seconds = 0;  ///< since its last sign of life, by the clocks of both machines
};

/// Looks for a run without waiting for one: one on another machine is taken for dead when its last
/// sign of life is older than three beats. Nothing if no run left a record.
/// \throws EnvironmentError if the file is there and cannot be read
[[nodiscard]] std::optional<SightedRun> look_for_run(const std::string& archive_path);

}  // namespace qbsweep
