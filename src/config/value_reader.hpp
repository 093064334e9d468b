#pragma once
/// \file
/// From a node of the tree to a checked value.

#include <cstdint>
#include <string>
#include <vector>

#include "qbsweep/config/parameter_table.hpp"
#include "yaml_node.hpp"

namespace qbsweep {

/// The value of `node` under `rule`. Numbers are decimal and unquoted, whole numbers have no
/// decimal point, and -0 is 0. \throws InputError naming the place, `key`, what was found and what
/// is accepted
[[nodiscard]] ParameterValue read_value(const ValueRule& rule, const YamlNode& node,
                                        const std::string& key);

/// The same for rules of whole numbers without words.
[[nodiscard]] std::int64_t read_integer(const ValueRule& rule, const YamlNode& node,
                                        const std::string& key);

/// `real` as a value of a whole-number parameter if it is whole within rounding (1e-9).
[[nodiscard]] bool is_whole(double real);

/// Refuses `node` unless it is a map with none but `accepted` keys.
void require_map(const YamlNode& node, const std::string& key,
                 const std::vector<std::string>& accepted, const std::string& what);

/// Refuses `node` unless it is a list with at least one item.
void require_list(const YamlNode& node, const std::string& key, const std::string& what);

/// The value of `key` in `map`; refused if it is not there.
[[nodiscard]] const YamlNode& require_entry(const YamlNode& map, const std::string& path,
                                            const std::string& key, const std::string& accepted);

}  // namespace qbsweep
