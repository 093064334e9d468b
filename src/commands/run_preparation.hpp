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

#include "qbsweep/archive/archive_lock.hpp"
#include "qbsweep/commands/commands.hpp"
#include "qbsweep/support/mpi.hpp"
#include "qbsweep/sweep/point_queue.hpp"
#include "qbsweep/sweep/sweep.hpp"

namespace qbsweep {

/// What is to be done, the same on every rank but where it says otherwise.
struct RunPreparation {
  std::optional<Sweep> sweep;
  std::string archive_path;
  /// How often points that are still to be computed were started before; left out where never.
  std::map<std::int64_t, std::int32_t> attempts;

  // On the master only:
  std::unique_ptr<ArchiveLock> lock;   ///< keeps other runs away until it is destroyed
  std::vector<std::int64_t> given_up;  ///< took the job down too often: to be marked failed
  std::vector<std::int64_t> retried;   ///< failed in an earlier run: to be marked pending
  std::vector<PendingPoint> pending;   ///< points to be computed, with their costs
  std::vector<PendingPoint> suspects;  ///< those that were under way when an earlier job died
  std::int64_t done_before = 0;
};

/// A point that was under way this often when the job died is not tried again by itself.
inline constexpr std::int32_t attempts_before_giving_up = 2;

/// Reads the sweep file and makes or opens the archive, all on the master, and tells every rank.
/// Collective on `comm`, on which it throws the same on every rank.
/// \throws InputError, also where the largest points do not fit into the memory of a node, and
///         EnvironmentError
[[nodiscard]] RunPreparation prepare_run(const Communicator& comm, const RunOptions& options);

}  // namespace qbsweep
