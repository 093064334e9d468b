#pragma once
/// \file
/// How a sweep file is refused: one line with place, key, what was found and what is accepted.

#include <memory>
#include <string>

namespace qbsweep {

/// Where something stands: a line of a file, or an argument of the command line (line 0).
struct Place {
  std::shared_ptr<const std::string> origin;
  int line = 0;

  /// "fig4.yaml:12" or "--set kappa=-1".
  [[nodiscard]] std::string text() const;
};

/// Throws InputError("PLACE: KEY: found FOUND; accepted: ACCEPTED"); an empty key is left out.
[[noreturn]] void refuse(const Place& place, const std::string& key, const std::string& found,
                         const std::string& accepted);

/// `text` as it may stand in a message: one line without control characters, not too long.
[[nodiscard]] std::string shown(const std::string& text);

/// `path` and `key` joined by a dot; `key` alone if the path is empty.
[[nodiscard]] std::string dotted(const std::string& path, const std::string& key);

}  // namespace qbsweep
