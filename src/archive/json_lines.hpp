#pragma once
/// \file
/// Files with one JSON object a line, beside an archive.

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace qbsweep {

/// Calls visit(object, its line) for every line; none if there is no such file. Lines that are no
/// JSON object, as a kill may leave them, are passed over.
/// \throws EnvironmentError if the file is there and cannot be read
void for_each_json_line(
    const std::string& path,
    const std::function<void(const nlohmann::json& entry, const std::string& line)>& visit);

/// The whole number of that name in an object; none where there is something else, or nothing.
[[nodiscard]] std::optional<std::int64_t> whole_number(const nlohmann::json& entry,
                                                       const char* name);

/// The text of that name in an object; "" likewise.
[[nodiscard]] std::string text_of(const nlohmann::json& entry, const char* name);

}  // namespace qbsweep
