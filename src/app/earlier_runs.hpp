#pragma once
/// \file
/// What earlier runs left in an archive: whether this sweep may continue it, and what is done.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "qbsweep/app/commands.hpp"
#include "qbsweep/archive/archive.hpp"
#include "qbsweep/config/sweep.hpp"
#include "qbsweep/scheduler/saved_work.hpp"

namespace qbsweep {

/// What the archive knows of every point, if it is there.
struct EarlierRuns {
  bool resumed = false;
  std::string fingerprint;
  CheckedSlots slots;
  std::map<std::int64_t, SavedWork> saved;  // of those with a checkpoint
};

/// Opens the archive, if it is there, and gives `sweep` the defaults that it was made with. An
/// archive that is damaged beyond its points is replaced by what is whole of it. Not collective.
/// \throws InputError for an archive of another sweep or shard, EnvironmentError
[[nodiscard]] EarlierRuns read_earlier_runs(Sweep& sweep, const RunOptions& options,
                                            const std::string& archive_path);

/// Warns of damaged points: a line for each of the first, and how many more there are.
void tell_of_damage(const Sweep& sweep, const std::vector<std::int64_t>& damaged,
                    const std::string& archive_path);

/// What the saved state of a point depends on besides the point.
[[nodiscard]] std::string state_meaning(const std::string& fingerprint, const RunOptions& options);

/// Refuses an archive that read_earlier_runs() would refuse, or a folder in which none can be made;
/// nothing where none is named. Not collective. \throws InputError, EnvironmentError
void check_archive(const Sweep& sweep, const RunOptions& options);

}  // namespace qbsweep
