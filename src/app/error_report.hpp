#pragma once
/// \file
/// The one line that tells what went wrong.

#include <string>

#include "qbsweep/support/error.hpp"

namespace qbsweep {

/// Whether this process is the one of its job that speaks.
[[nodiscard]] bool is_first_rank();

/// Prints `message` as a warning, on the first rank of the job only.
void warn(const std::string& message);

/// Prints `message` as an error, on the first rank of the job only.
void report_error(const std::string& message);

/// Prints the message of the exception that is being handled, on the first rank of the job only.
/// \return the exit code that it means
[[nodiscard]] ExitCode report_exception();

}  // namespace qbsweep
