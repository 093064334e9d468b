#pragma once
/// \file
/// Holding the slots of an archive against their checksums.

#include <string>

#include "hdf5_handle.hpp"
#include "qbsweep/archive/checked_slots.hpp"
#include "qbsweep/config/sweep.hpp"

namespace qbsweep {

/// Reads every number of every point that is marked done, some megabytes at a time. The archive may
/// be written meanwhile. \throws InputError or EnvironmentError if it cannot be read
[[nodiscard]] CheckedSlots check_slots(const hdf5::File& file, const std::string& path,
                                       const Sweep& sweep, std::int32_t version);

}  // namespace qbsweep
