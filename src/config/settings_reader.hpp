#pragma once
/// \file
/// Reads the sections `charging` and `steady_state` of a sweep file by the tables of
/// sweep_file_keys.hpp.

#include "qbsweep/config/sweep.hpp"
#include "yaml_node.hpp"

namespace qbsweep {

/// \throws InputError
[[nodiscard]] ChargingSection read_charging(const YamlNode& node);
[[nodiscard]] StorageSettings read_storage(const YamlNode& node);
[[nodiscard]] SteadyStateSection read_steady_state(const YamlNode& node);

}  // namespace qbsweep
