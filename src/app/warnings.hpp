#pragma once
/// \file
/// What users of an archive must know of its numbers.

#include <string>
#include <vector>

#include "qbsweep/archive/archive.hpp"

namespace qbsweep {

/// One line for each kind of number that is not what it seems, at whichever points that are done:
/// results that truncation spoils, maxima that the window cuts off, steady states that are not the
/// only one. It says how many points there are, which is the worst, and what to do.
[[nodiscard]] std::vector<std::string> warnings_of(const ArchiveReader& archive);

/// Prints them to the standard error.
void print_warnings(const ArchiveReader& archive);

}  // namespace qbsweep
