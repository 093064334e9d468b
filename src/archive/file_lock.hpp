#pragma once
/// \file
/// Files that belong to one process at a time.

#include <string>

namespace qbsweep {

/// What the kernel says to the wish for a lock.
enum class Locking {
  taken,
  held_by_another,
  not_known  ///< the file system knows no locks
};

/// Locks the whole file for this descriptor, until it is closed. A lock of the open file, not of
/// the process: others may open and close the same file meanwhile.
[[nodiscard]] Locking try_to_lock(int descriptor);

/// Whether `path` still names the file that was opened.
[[nodiscard]] bool is_same_file(int descriptor, const std::string& path);

/// Checks that the folder of `target` takes new files.
/// \throws EnvironmentError "cannot <verb> <target>: ..."
void check_folder_of(const std::string& target, const char* verb);

}  // namespace qbsweep
