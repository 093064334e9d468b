#pragma once
/// \file
/// The layout of an archive in a file that has not got its name yet.

#include <optional>
#include <string>

#include "file_in_creation.hpp"
#include "qbsweep/config/shard.hpp"
#include "qbsweep/config/sweep.hpp"

namespace qbsweep {

/// Fills `file` with the archive of `sweep`: every slot pending, every number NaN. Closed on
/// return.
/// \param path   the final name, for messages
/// \param shard  as in create_archive
/// \throws EnvironmentError
void write_layout(const FileInCreation& file, const std::string& path, const Sweep& sweep,
                  const std::optional<Shard>& shard);

}  // namespace qbsweep
