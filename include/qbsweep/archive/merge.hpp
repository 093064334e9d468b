#pragma once
/// \file
/// One archive of what several of the same sweep hold.

#include <cstdint>
#include <string>
#include <vector>

namespace qbsweep {

/// A point of a part that is marked done and damaged, and where on the grid it lies.
struct DamagedPoint {
  std::string part;
  std::string where;
};

/// How far an archive is.
struct MergedPoints {
  std::int64_t total = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  std::vector<DamagedPoint> damaged = {};  ///< left out

  [[nodiscard]] std::int64_t pending() const { return total - done - failed; }
};

/// Makes the archive `path` of the whole sweep from `parts`: archives of shards, of the whole
/// sweep, half done, or being written, which are read as they are. A point that is done in any of
/// them is done, unless its checksum tells that it is damaged there; one that is failed in some and
/// done in none is failed, and its line in the log of failures is taken over. What the others were
/// started (`attempts`) counts as before, so that a run resumes the new archive as any
/// other.
///
/// An archive that is at `path` already is one of the parts, whose points stay: it is replaced
/// where the others add to it, and left as it is where they do not.
///
/// Written under a temporary name, synced and renamed, so that `path` is there whole or not at all.
/// Takes some bytes for each point and some megabytes of results at a time. Not collective.
///
/// \param parts  at least one; the sweep file that is kept is that of the first
/// \throws InputError if what is at `path` already is no archive or that of a shard, a part is no
///         archive or is given twice, parts belong to different sweeps, or a point is done in two
///         of them with different numbers (but for wall_seconds and attempts); EnvironmentError,
///         also where a run is writing `path`. Nothing is left behind, and nothing changed.
MergedPoints merge_archives(const std::string& path, const std::vector<std::string>& parts);

}  // namespace qbsweep
