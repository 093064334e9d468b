#pragma once
/// \file
/// What can be saved of an archive that cannot be opened.

#include <cstdint>
#include <optional>
#include <string>

#include "qbsweep/config/shard.hpp"
#include "qbsweep/config/sweep.hpp"

namespace qbsweep {

/// Puts a sound archive in the place of one whose metadata are damaged. A new one of the same sweep
/// has its datasets at the same places in the file; the bytes that lie there in the damaged one are
/// taken over, and the checksums of the points tell what of that is whole. The damaged file is kept
/// under its name and .damaged. Not collective.
///
/// \return how many points are whole; with 0 nothing was changed: the file is no archive of this
///         sweep, or of another version of the program, or there is nothing left of it
/// \throws EnvironmentError
[[nodiscard]] std::int64_t rescue_archive(const std::string& name, const Sweep& sweep,
                                          const std::optional<Shard>& shard);

}  // namespace qbsweep
