#include "overrides.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "axis_reader.hpp"
#include "qbsweep/config/parameter_table.hpp"
#include "qbsweep/config/sweep_file_keys.hpp"
#include "qbsweep/model/control.hpp"
#include "qbsweep/support/choices.hpp"
#include "value_reader.hpp"
#include "yaml_document.hpp"

namespace qbsweep {
namespace {

std::vector<std::string> accepted_keys() {
  std::vector<std::string> keys;
  for (const ParameterInfo& info : model_parameters()) {
    keys.emplace_back(info.name);
  }
  for (const SettingsSection* section : settings_sections()) {
    for (const KeyInfo& setting : section->keys) {
      keys.push_back(dotted(section->name, setting.name));
    }
  }
  for (const ControlInfo& control : sweep_file_controls()) {
    keys.push_back(dotted("schedule", std::string(control.name)));
  }
  keys.emplace_back("observables");
  keys.emplace_back("photon_levels");
  keys.emplace_back("name");
  keys.emplace_back("ranks_per_point");
  return keys;
}

/// Those of all shapes, as in "coupling.rise".
std::vector<std::string> shape_numbers() {
  std::vector<std::string> names;
  for (const ParameterInfo& info : parameter_table()) {
    if (info.of_schedule) {
      names.emplace_back(info.name);
    }
  }
  return names;
}

bool is_axis_of(const YamlNode& axis, const ParameterInfo& info) {
  const YamlNode* name = axis.find("name");
  return name != nullptr && name->is_scalar() && name->text == info.name;
}

void refuse_zipped(const YamlNode& axes, const std::string& key, const Place& place) {
  for (const YamlNode& axis : axes.items) {
    const YamlNode* name = axis.find("name");
    const YamlNode* values = axis.find("values");
    if (!is_zipped_axis(axis) || name == nullptr) {
      continue;
    }
    const bool holds_key = values != nullptr && values->is_map() && values->find(key) != nullptr;
    if (name->text == key || holds_key) {
      refuse(place, key,
             name->text == key ? "an axis with labels"
                               : "a parameter of the axis " + shown(name->text) + " with labels",
             "what is not part of an axis with labels; change that in the file");
    }
  }
}

void set_parameter(YamlNode& root, const ParameterInfo& info, YamlNode value) {
  const std::string name(info.name);
  YamlNode& parameters = *root.find("parameters");
  auto& axes = root.find("axes")->items;
  const auto replaced = [&](const YamlNode& axis) {
    return is_axis_of(axis, info) ||
           (info.has_partner() && is_axis_of(axis, parameter_info(parameter_id(info.partner))));
  };
  if (info.has_partner()) {
    parameters.erase(std::string(info.partner));
  }
  if (!value.is_list()) {
    std::erase_if(axes, replaced);
    parameters.set(name, std::move(value));
    return;
  }
  parameters.erase(name);
  YamlNode axis;
  axis.kind = YamlNode::Kind::map;
  axis.place = value.place;
  YamlNode axis_name;
  axis_name.kind = YamlNode::Kind::scalar;
  axis_name.place = value.place;
  axis_name.text = name;
  axis.set("name", std::move(axis_name));
  axis.set("values", std::move(value));
  const auto present = std::find_if(axes.begin(), axes.end(), replaced);
  if (present == axes.end()) {
    axes.push_back(std::move(axis));
  } else {
    *present = std::move(axis);
  }
}

/// `key` is "control.number": into the section `schedule`, or an axis.
void set_shape_number(YamlNode& root, const ParameterInfo& info, YamlNode value) {
  const std::string name(info.name);
  const std::size_t dot = name.find('.');
  YamlNode* const schedule = root.find("schedule");
  YamlNode* const control = schedule != nullptr ? schedule->find(name.substr(0, dot)) : nullptr;
  if (control == nullptr || !control->is_map()) {
    refuse(value.place, name, "a number of a control that the schedule does not have",
           "one of a control in the section schedule");
  }
  if (value.is_list()) {
    control->erase(name.substr(dot + 1));
    set_parameter(root, info, std::move(value));
    return;
  }
  std::erase_if(root.find("axes")->items,
                [&](const YamlNode& axis) { return is_axis_of(axis, info); });
  control->set(name.substr(dot + 1), std::move(value));
}

/// `key` is "section.key". A section that the file does not have is made, as by writing it there.
void set_setting(YamlNode& root, const std::string& key, YamlNode value) {
  const std::size_t dot = key.find('.');
  const std::string name = key.substr(0, dot);
  if (root.find(name) == nullptr) {
    YamlNode section;
    section.kind = YamlNode::Kind::map;
    section.place = value.place;
    root.set(name, std::move(section));
  }
  root.find(name)->set(key.substr(dot + 1), std::move(value));
}

}  // namespace

void apply_override(YamlNode& root, const std::string& text) {
  const std::string origin = "--set " + shown(text);
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    refuse({std::make_shared<const std::string>(origin)}, "", "no key=value", "key=value");
  }
  std::string key = text.substr(0, equals);
  // A number of a shape by its place in the file: schedule.coupling.rise.
  constexpr std::string_view section = "schedule.";
  if (key.starts_with(section) && find_parameter(key.substr(section.size())) != nullptr &&
      find_parameter(key.substr(section.size()))->of_schedule) {
    key.erase(0, section.size());
  }
  YamlNode value = parse_yaml(text.substr(equals + 1), origin, false);
  const ParameterInfo* info = find_parameter(key);
  refuse_zipped(*root.find("axes"), key, value.place);
  if (info != nullptr && info->has_partner()) {
    refuse_zipped(*root.find("axes"), std::string(info->partner), value.place);
  }
  if (key.starts_with("schedule.") && value.is_map()) {
    set_setting(root, key, std::move(value));
    return;
  }
  if (info != nullptr && info->of_schedule && !value.is_null() && !value.is_map()) {
    set_shape_number(root, *info, std::move(value));
    return;
  }
  const auto keys = accepted_keys();
  if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
    refuse(value.place, shown(key), "an unknown key",
           choices_and_guess(key, keys, shape_numbers()));
  }
  if (key.starts_with(section)) {
    refuse(value.place, key, value.found(), "{shape: ..., ...}");
  }
  const bool takes_list = info != nullptr || key == "observables";
  if (value.is_null() || value.is_map() || (value.is_list() && !takes_list)) {
    refuse(value.place, shown(key), value.found(),
           info != nullptr ? "a value, or a list of values as in N=[1,2,3]" : "a value");
  }
  if (info != nullptr) {
    set_parameter(root, *info, std::move(value));
    return;
  }
  if (key.find('.') == std::string::npos) {
    root.set(key, std::move(value));
  } else {
    set_setting(root, key, std::move(value));
  }
}

}  // namespace qbsweep
