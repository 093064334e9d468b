#pragma once
/// \file
/// The section `charging` of a sweep file.

#include <string>
#include <vector>

#include "qbsweep/sweep/sweep.hpp"
#include "yaml_node.hpp"

namespace qbsweep {

/// The keys of the section.
[[nodiscard]] const std::vector<std::string>& charging_keys();

/// \throws InputError
[[nodiscard]] ChargingSettings read_charging(const YamlNode& node);

}  // namespace qbsweep
