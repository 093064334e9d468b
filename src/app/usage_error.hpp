#pragma once
/// \file
/// What a command line that CLI11 does not accept is refused with.

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace qbsweep {

/// "found WHAT; accepted: ..." for the error that `app` ended its parsing with.
[[nodiscard]] std::string usage_error(const CLI::App& app, const CLI::ParseError& error);

/// "found TEXT; accepted: CHOICES", with the choice that may have been meant.
[[nodiscard]] std::string found_instead(const std::string& text,
                                        const std::vector<std::string>& choices);

}  // namespace qbsweep
