#pragma once
/// \file
/// The sections `charging` and `steady_state` of a sweep file, of which at least one is there.

#include <array>
#include <string>
#include <vector>

#include "qbsweep/sweep/sweep.hpp"
#include "yaml_node.hpp"

namespace qbsweep {

/// A section with settings: its name, its keys, and what messages say is accepted.
struct SettingsSection {
  std::string name;
  std::vector<std::string> keys;
  std::string accepted;
};

[[nodiscard]] const SettingsSection& charging_section();
[[nodiscard]] const SettingsSection& steady_state_section();

/// Both of them, in the order in which messages name them.
[[nodiscard]] std::array<const SettingsSection*, 2> settings_sections();

/// \throws InputError
[[nodiscard]] ChargingSettings read_charging(const YamlNode& node);
[[nodiscard]] SteadyStateSection read_steady_state(const YamlNode& node);

}  // namespace qbsweep
