#pragma once
/// \file
/// Opening the file of an archive on one process.

#include <string>

#include "hdf5_handle.hpp"

namespace qbsweep {

/// Without locks: readers come while a sweep writes, and to folders where nobody may lock.
/// \throws InputError if the file is damaged
[[nodiscard]] hdf5::File open_for_reading(const std::string& path);

}  // namespace qbsweep
