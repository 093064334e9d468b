#pragma once
/// \file
/// Which points took earlier runs of a sweep down, and what is known of how.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "qbsweep/archive/crash_log.hpp"
#include "qbsweep/archive/machine_note.hpp"
#include "qbsweep/parallel/mpi.hpp"
#include "qbsweep/scheduler/point_queue.hpp"
#include "qbsweep/support/host.hpp"

namespace qbsweep {

/// A point that was under way in as many deaths of the job as it takes to suspect it.
struct DeadlyPoint {
  PendingPoint point;
  std::int32_t deaths = 0;
  double memory_bytes = 0.0;  ///< that it is estimated to need
};

/// What is taken out of the sweep, and what is tried again.
struct Verdict {
  std::vector<PointFailure> given_up;
  std::vector<DeadlyPoint> tried_again;
};

/// The machines of all ranks, each once, on the master; empty on the others. Collective.
[[nodiscard]] std::vector<OomKills> gather_hosts(const Communicator& comm);

/// The deaths of the runs of one archive since one ended by itself. The master's.
class EarlierDeaths {
 public:
  /// Reads what they left beside the archive.
  /// \param hosts  of this run, as gather_hosts() gives them now
  EarlierDeaths(const std::string& archive_path, std::vector<OomKills> hosts);

  /// Decides which of the points it was. Those that a crash was noted for; without any note the one
  /// that needs most memory, for points that were merely under way at the same time should not be
  /// lost with it. So every start of the sweep gets further, and none computes a point that is
  /// known to kill.
  [[nodiscard]] Verdict judge(std::vector<DeadlyPoint> suspected) const;

  /// What this run notes when it begins: what an earlier one noted of a machine stays, so that the
  /// kernel's count is over all the deaths.
  [[nodiscard]] MachineNote note_of_this_run() const;

 private:
  [[nodiscard]] std::string cause(const DeadlyPoint& point) const;
  [[nodiscard]] std::int64_t oom_kills_meanwhile() const;

  std::map<std::int64_t, std::vector<Crash>> crashes_;
  std::vector<OomKills> hosts_;
  std::vector<OomKills> hosts_before_;
};

}  // namespace qbsweep
