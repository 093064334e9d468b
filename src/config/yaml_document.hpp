#pragma once
/// \file
/// Reading YAML that nobody vouched for.

#include <string>

#include "yaml_node.hpp"

namespace qbsweep {

/// Sweep files are small; anything longer is a mistake.
inline constexpr std::size_t largest_file = std::size_t{1} << 20;

/// The one document in `text`. Lines are counted from 1 if `origin` is a file, and are not told if
/// it is an argument (`count_lines` false). An empty document is a null node. \throws InputError
/// for what is not YAML or not UTF-8, and for what a sweep file has no use for and
///         which could be used to blow it up: anchors, aliases, tags, several documents, deep
///         nesting, keys given twice
[[nodiscard]] YamlNode parse_yaml(const std::string& text, const std::string& origin,
                                  bool count_lines = true);

}  // namespace qbsweep
