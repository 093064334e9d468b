#pragma once
/// \file
/// Files of the system, whose reasons become exceptions.

#include <ctime>
#include <string>

#include "qbsweep/support/error.hpp"
#include "qbsweep/support/file_descriptor.hpp"

namespace qbsweep {

/// The system's words for an errno.
[[nodiscard]] std::string system_reason(int error);

/// \throws EnvironmentError "cannot <verb> <path>: <the system's words for `error`>"
[[noreturn]] void fail_system(const char* verb, const std::string& path, int error);

/// Opens `path`. \throws EnvironmentError
[[nodiscard]] FileDescriptor open_file(const std::string& path, int flags);
/// The folder that holds `path`.
[[nodiscard]] std::string folder_of(const std::string& path);

/// Has the disk take what was written to the file. \throws EnvironmentError
void sync_file(const FileDescriptor& file, const std::string& path);

/// The same for the names in the folder of `path`.
void sync_folder_of(const std::string& path);

/// Adds a line to the file, which is made if it is not there, in one write. A line that a kill cut
/// off before it costs no other. \throws EnvironmentError if it cannot be written as a whole
void append_line(const std::string& path, const std::string& line);

/// Puts a file with this text in the place of the one of that name, as a whole and on disk.
/// \throws EnvironmentError, and the earlier file is still there
void replace_file(const std::string& path, const std::string& text);

/// \throws EnvironmentError if it is there and cannot be removed
void remove_if_there(const std::string& path);

/// A time as in 2024-05-17T08:30:00Z, and the time now.
[[nodiscard]] std::string utc_text(std::time_t time);
[[nodiscard]] std::string utc_now();

}  // namespace qbsweep
