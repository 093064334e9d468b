#pragma once
/// \file
/// The reference pages of docs/, made from the tables that the program itself goes by.

#include <string>

namespace qbsweep::reference {

/// docs/sweep-file.md: from the tables that sweep files are read and checked by.
[[nodiscard]] std::string sweep_file_page();

/// docs/archive.md: from the tables that archives are written by.
[[nodiscard]] std::string archive_page();

}  // namespace qbsweep::reference
