#pragma once
/// \file
/// A checksum behind the end of a file that is not written any more. HDF5 does not look there.

#include <string>

namespace qbsweep {

enum class Seal {
  none,
  sound,
  broken  ///< the file is not what was sealed
};

/// Reads the file and appends the checksum of it. \throws EnvironmentError
void seal_file(const std::string& path);

/// Reads the whole file. A file without a seal is `none`, and so is one whose seal itself is gone.
/// \throws EnvironmentError
[[nodiscard]] Seal check_seal(const std::string& path);

}  // namespace qbsweep
