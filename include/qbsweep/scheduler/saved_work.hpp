#pragma once
/// \file
/// How far a point was when its checkpoint was saved.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace qbsweep {

struct SavedWork {
  double fraction = 0;  ///< of the point's work
  double seconds = 0;   ///< that it took, in all runs
};

/// Adds it to the numbers of a checkpoint, beside those of the computation.
void add_work(const SavedWork& work, std::map<std::string, std::vector<double>>& numbers);

/// None of it where the numbers do not tell.
[[nodiscard]] SavedWork work_of(const std::map<std::string, std::vector<double>>& numbers);

/// Of each point of an archive that has a checkpoint; 0 where it cannot be used.
/// \param identity  what the checkpoints must belong to, or the begin of it: see
///                  checkpoint_identity()
/// \throws EnvironmentError
[[nodiscard]] std::map<std::int64_t, SavedWork> saved_work(const std::string& archive_path,
                                                           const std::string& identity);

/// "15 %"; "0.02 %" where it is that little.
[[nodiscard]] std::string percent_text(double fraction);

/// What the checkpoint of a point belongs to, where that of the whole run is `identity`.
[[nodiscard]] std::string checkpoint_identity(std::int64_t point, const std::string& identity);

}  // namespace qbsweep
