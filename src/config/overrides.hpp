#pragma once
/// \file
/// What `--set key=value` changes in a sweep file.

#include <string>

#include "yaml_node.hpp"

namespace qbsweep {

/// Applies one `key=value` to the tree of a sweep file, in which `parameters` and the sections with
/// settings that are there are maps and `axes` is a list of maps. The key is `name`,
/// `charging.t_max`, `steady_state.gap` and their like (a section that is not there is made), or a
/// parameter: a value fixes it, a list makes it an axis (in the place of the one it has, or
/// innermost). Either way it takes the place of its either/or partner. \throws InputError
void apply_override(YamlNode& root, const std::string& text);

}  // namespace qbsweep
