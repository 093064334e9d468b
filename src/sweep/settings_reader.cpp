#include "settings_reader.hpp"

#include "value_reader.hpp"

namespace qbsweep {
namespace {

const ValueRule t_max_rule = {.kind = ValueRule::Kind::real, .min = 0.0, .positive = true};
const ValueRule tolerance_rule = {.kind = ValueRule::Kind::real, .min = 1e-13, .max = 1e-2};
const ValueRule samples_rule = {
    .kind = ValueRule::Kind::integer, .min = 2, .max = 1e7, .words = {"0"}};

const ValueRule method_rule = {.kind = ValueRule::Kind::word,
                               .words = {steady_state_methods.begin(), steady_state_methods.end()}};
const ValueRule gap_rule = {.kind = ValueRule::Kind::word, .words = {"true", "false"}};
/// Rounding alone leaves some 1e-14 of ||L rho|| / ||rho||.
const ValueRule residual_rule = {.kind = ValueRule::Kind::real, .min = 1e-13, .max = 1e-2};

}  // namespace

const SettingsSection& charging_section() {
  static const SettingsSection section = {"charging",
                                          {"t_max", "samples", "tolerance"},
                                          "{t_max: ..., samples: ..., tolerance: ...}, also empty"};
  return section;
}

const SettingsSection& steady_state_section() {
  static const SettingsSection section = {"steady_state",
                                          {"method", "gap", "tolerance"},
                                          "{method: ..., gap: ..., tolerance: ...}, also empty"};
  return section;
}

std::array<const SettingsSection*, 2> settings_sections() {
  return {&charging_section(), &steady_state_section()};
}

ChargingSettings read_charging(const YamlNode& node) {
  const SettingsSection& section = charging_section();
  require_map(node, section.name, section.keys, section.accepted);
  ChargingSettings settings;
  if (const YamlNode* t_max = node.find("t_max")) {
    settings.t_max = read_real(t_max_rule, *t_max, "charging.t_max");
  }
  if (const YamlNode* samples = node.find("samples")) {
    const ParameterValue value = read_value(samples_rule, *samples, "charging.samples");
    // The word "0" asks for no trajectory.
    settings.samples =
        std::holds_alternative<std::int64_t>(value) ? std::get<std::int64_t>(value) : 0;
  }
  if (const YamlNode* tolerance = node.find("tolerance")) {
    settings.tolerance = read_real(tolerance_rule, *tolerance, "charging.tolerance");
  }
  return settings;
}

SteadyStateSection read_steady_state(const YamlNode& node) {
  const SettingsSection& section = steady_state_section();
  require_map(node, section.name, section.keys, section.accepted);
  SteadyStateSection settings;
  if (const YamlNode* method = node.find("method")) {
    settings.method =
        std::get<std::string>(read_value(method_rule, *method, "steady_state.method"));
  }
  if (const YamlNode* gap = node.find("gap")) {
    settings.gap = std::get<std::string>(read_value(gap_rule, *gap, "steady_state.gap")) == "true";
  }
  if (const YamlNode* tolerance = node.find("tolerance")) {
    settings.tolerance = read_real(residual_rule, *tolerance, "steady_state.tolerance");
  }
  return settings;
}

}  // namespace qbsweep
