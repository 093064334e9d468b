#pragma once
/// \file
/// The keys of a sweep file besides the parameters: those of its top level, of an axis, and of the
/// sections that say what is computed. Reading, checking, messages and docs/sweep-file.md all
/// follow from these tables.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "qbsweep/config/parameter_table.hpp"

namespace qbsweep {

/// The most points of a grid, and values on one axis.
inline constexpr double largest_grid = 1e8;
inline constexpr double largest_axis = 1e6;

struct KeyInfo {
  std::string name;
  std::string meaning;  ///< in Markdown
  /// What its value must be; nothing for what is no single value, of which `form` tells.
  std::optional<ValueRule> rule = std::nullopt;
  std::string form = {};        ///< what messages say is accepted, if there is no rule
  std::string if_missing = {};  ///< what follows if it is not given; empty: it must be
};

/// What is accepted, as messages put it.
[[nodiscard]] std::string accepted_text(const KeyInfo& key);

using KeyTable = std::vector<KeyInfo>;
[[nodiscard]] std::vector<std::string> names_of(const KeyTable& keys);

/// The key of this name, which must be there.
[[nodiscard]] const KeyInfo& key_info(const KeyTable& keys, std::string_view name);

/// A section with settings, which may be empty.
struct SettingsSection {
  std::string name;
  KeyTable keys;
  std::string form;  ///< what messages say is accepted
};

[[nodiscard]] const KeyTable& top_level_keys();
[[nodiscard]] const KeyTable& axis_keys();
[[nodiscard]] const SettingsSection& charging_section();
[[nodiscard]] const SettingsSection& steady_state_section();
[[nodiscard]] const SettingsSection& storage_section();

/// All of them, in the order in which messages name them.
[[nodiscard]] std::array<const SettingsSection*, 3> settings_sections();

}  // namespace qbsweep
