#pragma once
/// \file
/// What happens before any rank computes: the sweep file is read, the memory checked, the archive
/// made or found.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "qbsweep/app/commands.hpp"
#include "qbsweep/archive/archive_lock.hpp"
#include "qbsweep/archive/machine_note.hpp"
#include "qbsweep/config/sweep.hpp"
#include "qbsweep/parallel/mpi.hpp"
#include "qbsweep/scheduler/group_plan.hpp"
#include "qbsweep/scheduler/point_queue.hpp"
#include "qbsweep/scheduler/saved_work.hpp"

namespace qbsweep {

/// What is to be done, the same on every rank but where it says otherwise.
struct RunPreparation {
  std::optional<Sweep> sweep;
  std::string archive_path;
  std::string fingerprint;  ///< of the archive's sweep, as the archive has it
  /// How often points that are still to be computed were started before; left out where never.
  std::map<std::int64_t, std::int32_t> attempts;
  /// What was saved of points that have a checkpoint, done or not.
  std::map<std::int64_t, SavedWork> saved;
  /// Points to be computed, with their costs, by the ranks that compute each; on the master only,
  /// the others have the numbers of ranks.
  std::vector<StagePlan> stages;

  // On the master only:
  bool resumed = false;                    ///< whether the archive was there
  std::vector<double> saved_fractions;     ///< of the points that are resumed
  std::unique_ptr<ArchiveLock> lock;       ///< keeps other runs away until it is destroyed
  std::vector<PointFailure> given_up;      ///< took the job down too often: to be marked failed
  std::vector<std::int64_t> still_failed;  ///< given up earlier, and left alone this time
  std::vector<std::int64_t> retried;       ///< failed in an earlier run: to be marked pending
  std::vector<std::int64_t> damaged;       ///< to be marked pending
  std::vector<std::int64_t> unmarked;      ///< found whole: to be marked done
  std::int64_t points = 0;                 ///< of the shard, or of the sweep
  std::int64_t done_before = 0;            ///< of these
  MachineNote note;                        ///< to be written when the run begins
};

/// A point that was under way this often when the job died may be given up (EarlierDeaths). It is
/// tried again by a run that has nothing else to do.
inline constexpr std::int32_t attempts_before_giving_up = 2;

/// Reads the sweep file and makes or opens the archive, all on the master, and tells every rank.
/// Collective on `comm`, on which it throws the same on every rank.
/// \throws InputError, also where the largest points do not fit into the memory of a node, and
///         EnvironmentError
[[nodiscard]] RunPreparation prepare_run(const Communicator& comm, const RunOptions& options);

}  // namespace qbsweep
