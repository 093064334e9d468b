#include "settings_reader.hpp"

#include <algorithm>

#include <optional>
#include <string>

#include "qbsweep/config/sweep_file_keys.hpp"
#include "value_reader.hpp"

namespace qbsweep {
namespace {

void require_keys(const YamlNode& node, const SettingsSection& section) {
  require_map(node, section.name, names_of(section.keys), section.form);
}

/// The value of a key, if it is given.
std::optional<ParameterValue> read_key(const YamlNode& node, const SettingsSection& section,
                                       const std::string& name) {
  const KeyInfo& key = key_info(section.keys, name);
  const YamlNode* value = node.find(name);
  return value == nullptr
             ? std::nullopt
             : std::optional(read_value(key.rule.value(), *value, dotted(section.name, name)));
}

}  // namespace

ChargingSection read_charging(const YamlNode& node) {
  const SettingsSection& section = charging_section();
  require_keys(node, section);
  ChargingSection settings;
  if (const auto t_max = read_key(node, section, "t_max")) {
    settings.t_max = std::get<double>(*t_max);
  }
  if (const auto samples = read_key(node, section, "samples")) {
    // The word "0" asks for no trajectory.
    const auto* const number = std::get_if<std::int64_t>(&*samples);
    settings.samples = number != nullptr ? *number : 0;
  }
  if (const auto tolerance = read_key(node, section, "tolerance")) {
    settings.tolerance = std::get<double>(*tolerance);
  }
  return settings;
}

StorageSettings read_storage(const YamlNode& node) {
  const SettingsSection& section = storage_section();
  require_keys(node, section);
  StorageSettings settings;
  if (const auto duration = read_key(node, section, "duration")) {
    settings.duration = std::get<double>(*duration);
  } else {
    refuse(node.place, dotted(section.name, "duration"), "nothing",
           accepted_text(key_info(section.keys, "duration")));
  }
  if (const auto samples = read_key(node, section, "samples")) {
    settings.samples = std::get<std::int64_t>(*samples);
  }
  if (const auto after = read_key(node, section, "after")) {
    settings.after = static_cast<StorageAfter>(
        std::ranges::find(storage_after_words, std::get<std::string>(*after)) -
        storage_after_words.begin());
  }
  return settings;
}

SteadyStateSection read_steady_state(const YamlNode& node) {
  const SettingsSection& section = steady_state_section();
  require_keys(node, section);
  SteadyStateSection settings;
  if (const auto method = read_key(node, section, "method")) {
    settings.method = std::ranges::find(steady_method_table, std::get<std::string>(*method),
                                        &SteadyMethodInfo::word)
                          ->method;
  }
  if (const auto gap = read_key(node, section, "gap")) {
    settings.gap = std::get<std::string>(*gap) == "true";
  }
  if (const auto tolerance = read_key(node, section, "tolerance")) {
    settings.tolerance = std::get<double>(*tolerance);
  }
  return settings;
}

}  // namespace qbsweep
