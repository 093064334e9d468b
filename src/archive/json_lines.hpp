#pragma once
/// \file
/// Files with one JSON object a line, beside an archive.

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qbsweep {

/// The text of a JSON object with `"checksum"` as its last member: the CRC-32 of all that stands
/// before the comma in front of it.
[[nodiscard]] std::string with_checksum(const std::string& object);

/// Whether `line` has its checksum, or none, as those of earlier versions.
[[nodiscard]] bool has_right_checksum(std::string_view line);

/// Calls visit(object, its line) for every line; none if there is no such file. Lines that are no
/// JSON object, as a kill may leave them, or do not go with their checksum are passed over.
/// \return the numbers of these lines, from 1
/// \throws EnvironmentError if the file is there and cannot be read
std::vector<std::int64_t> for_each_json_line(
    const std::string& path,
    const std::function<void(const nlohmann::json& entry, const std::string& line)>& visit);

/// The whole number of that name in an object; none where there is something else, or nothing.
[[nodiscard]] std::optional<std::int64_t> whole_number(const nlohmann::json& entry,
                                                       const char* name);

/// The text of that name in an object; "" likewise.
[[nodiscard]] std::string text_of(const nlohmann::json& entry, const char* name);

}  // namespace qbsweep
