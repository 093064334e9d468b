#pragma once
/// \file
/// The little Markdown that the reference pages are made of.

#include <string>
#include <string_view>
#include <vector>

namespace qbsweep::reference {

/// `text` in code quotes.
[[nodiscard]] std::string code(std::string_view text);

/// A table of `rows`, each of as many cells as `head`. Characters that Markdown would take for its
/// own are escaped in the cells, but for code quotes.
[[nodiscard]] std::string table(const std::vector<std::string>& head,
                                const std::vector<std::vector<std::string>>& rows);

/// The first line of a page that is made by this program.
inline constexpr const char* made_by_notice =
    "<!-- Made by qbsweep_reference (src/tools) from the tables of the code: change them, then "
    "`cmake --build build --target docs`. -->\n";

}  // namespace qbsweep::reference
