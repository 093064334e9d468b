#include "sweep_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "identity.hpp"
#include "overrides.hpp"
#include "qbsweep/config/sweep_file_keys.hpp"
#include "settings_reader.hpp"
#include "value_reader.hpp"
#include "yaml_document.hpp"

namespace qbsweep {
namespace {

/// What is accepted for a key of the top level.
std::string accepted_for(const std::string& key) {
  return accepted_text(key_info(top_level_keys(), key));
}

/// `key` of the root; made if it is missing or empty, with `kind`, refused if it is something else.
YamlNode& section(YamlNode& root, const std::string& key, YamlNode::Kind kind) {
  YamlNode* node = root.find(key);
  if (node == nullptr) {
    YamlNode empty;
    empty.place = root.place;
    root.set(key, std::move(empty));
    node = root.find(key);
  }
  if (node->is_null()) {
    node->kind = kind;
  }
  if (node->kind != kind) {
    refuse(node->place, key, node->found(), accepted_for(key));
  }
  return *node;
}

std::string points_text(double points) {
  return points < 1e15 ? fmt::format("{:.0f} points", points)
                       : fmt::format("more than 1e15 points");
}

}  // namespace

Sweep SweepReader::read(const std::string& text, const std::string& origin,
                        const std::vector<std::string>& overrides, SweepEdition edition) {
  SweepReader reader(text, origin, overrides, edition);
  return std::move(reader.sweep_);
}

SweepReader::SweepReader(const std::string& text, const std::string& origin,
                         const std::vector<std::string>& overrides, SweepEdition edition)
    : root_(parse_yaml(text, origin)), origin_(origin) {
  sweep_.text_ = text;
  sweep_.overrides_ = overrides;
  sweep_.edition_ = edition;
  require_sections();
  for (const std::string& override : overrides) {
    apply_override(root_, override);
  }
  read_name();
  read_parameters();
  read_axes();
  read_settings();
  read_observables();
  read_ranks_per_point();
  fill_defaults();
  size_observables();
  read_schedule();
  refuse_idle_axes();
  refuse_idle_parameters();
  sweep_.has_ground_states_ = occurs(parameter_id("initial_state"), "ground_state");
  sweep_.identity_ =
      identity_of(fixed_, sweep_.axes_, sweep_.charging_, sweep_.steady_state_, sweep_.observables_,
                  sweep_.schedule_, sweep_.storage_, sweep_.observable_sizes_);
  sweep_.resolver_ = std::make_shared<const PointResolver>(
      fixed_, sweep_.axes_, sweep_.charging_, sweep_.steady_state_.has_value(), sweep_.schedule_);
  check_every_point();
}

/// Leaves `parameters` and the sections with settings that are there as maps and `axes` as a list
/// of maps.
void SweepReader::require_sections() {
  require_map(root_, "", names_of(top_level_keys()),
              "a map with name, parameters, axes, charging and steady_state");
  section(root_, "parameters", YamlNode::Kind::map);
  const YamlNode& axes = section(root_, "axes", YamlNode::Kind::list);
  for (std::size_t i = 0; i < axes.items.size(); ++i) {
    if (!axes.items[i].is_map()) {
      refuse(axes.items[i].place, fmt::format("axes[{}]", i), axes.items[i].found(),
             "{name: ..., values: [...]}");
    }
  }
  for (const SettingsSection* settings : settings_sections()) {
    if (root_.find(settings->name) != nullptr) {
      section(root_, settings->name, YamlNode::Kind::map);
    }
  }
}

/// Each of the sections says by being there that its part is to be computed.
void SweepReader::read_settings() {
  const YamlNode* charging = root_.find(charging_section().name);
  const YamlNode* steady_state = root_.find(steady_state_section().name);
  if (charging == nullptr && steady_state == nullptr) {
    refuse(root_.place, "", "neither charging nor steady_state",
           "one of these sections or both, also empty ones: what is to be computed");
  }
  if (charging != nullptr) {
    sweep_.charging_ = read_charging(*charging);
  }
  if (steady_state != nullptr) {
    sweep_.steady_state_ = read_steady_state(*steady_state);
  }
  read_storage_section();
}

void SweepReader::read_name() {
  const std::string accepted = accepted_for("name");
  const YamlNode& name = require_entry(root_, "", "name", accepted);
  const auto allowed = [](unsigned char c) {
    return (c < 0x80 && std::isalnum(c) != 0) || c == '_' || c == '-';
  };
  // It becomes the name of files, which have up to 255 letters with all that is added.
  constexpr std::size_t longest = 200;
  if (!name.is_scalar() || name.text.empty() || name.text.size() > longest ||
      !std::all_of(name.text.begin(), name.text.end(), allowed)) {
    refuse(name.place, "name", name.found(), accepted);
  }
  sweep_.name_ = name.text;
  const YamlNode* description = root_.find("description");
  if (description != nullptr) {
    if (!description->is_scalar() && !description->is_null()) {
      refuse(description->place, "description", description->found(), accepted_for("description"));
    }
    sweep_.description_ = description->text;
  }
}

void SweepReader::read_ranks_per_point() {
  const KeyInfo& key = key_info(top_level_keys(), "ranks_per_point");
  if (const YamlNode* ranks = root_.find(key.name)) {
    const ParameterValue value = read_value(key.rule.value(), *ranks, key.name);
    const auto* const number = std::get_if<std::int64_t>(&value);
    sweep_.ranks_per_point_ = number != nullptr ? *number : 0;
  }
}

void SweepReader::read_parameters() {
  const YamlNode& parameters = *root_.find("parameters");
  std::vector<std::string> names;
  for (const ParameterInfo& info : model_parameters()) {
    names.emplace_back(info.name);
  }
  require_map(parameters, "parameters", names, accepted_for("parameters"));
  for (const auto& [name, place, node] : parameters.entries) {
    const ParameterInfo& info = *find_parameter(name);
    const std::string key = dotted("parameters", name);
    fixed_.emplace_back(info.id, read_value(info.rule, node, key));
    note(info.id, {key, place});
  }
}

void SweepReader::read_axes() {
  const YamlNode& axes = *root_.find("axes");
  std::vector<AxisPlan> plans;
  double points = 1;
  for (const YamlNode& node : axes.items) {
    AxisPlan plan = plan_axis(node, plans.size(), sweep_.edition_);
    for (const AxisPlan& earlier : plans) {
      if (earlier.name == plan.name) {
        refuse(plan.place, plan.key, "a second axis of this name", "every axis once");
      }
    }
    for (const ParameterId id : plan.parameters) {
      note(id, {plan.key, plan.place});
    }
    points *= plan.size;
    plans.push_back(std::move(plan));
  }
  // Nothing is made before it is known to fit.
  if (!(points <= largest_grid)) {
    refuse(axes.place, "axes", points_text(points),
           fmt::format("at most {:.0f} points on the grid", largest_grid));
  }
  for (const AxisPlan& plan : plans) {
    if (plan.size > largest_axis) {
      refuse(plan.place, plan.key, fmt::format("{:.0f} values", plan.size),
             fmt::format("at most {:.0f} values on an axis", largest_axis));
    }
  }
  for (const AxisPlan& plan : plans) {
    sweep_.axes_.push_back(plan.make());
    sweep_.size_ *= sweep_.axes_.back().size();
  }
}

/// Notes that a parameter has a value; refuses a second one, and one beside its either/or partner.
void SweepReader::note(ParameterId id, const Given& given) {
  const ParameterInfo& info = parameter_info(id);
  if (const auto& earlier = given_[static_cast<std::size_t>(id)]) {
    refuse(given.place, given.key,
           fmt::format("{} again (also at {}, {})", info.name, earlier->place.text(), earlier->key),
           "a parameter or an axis, once");
  }
  if (info.has_partner()) {
    if (const auto& partner = given_[static_cast<std::size_t>(parameter_id(info.partner))]) {
      refuse(given.place, given.key,
             fmt::format("{} beside {} (at {}, {})", info.name, info.partner, partner->place.text(),
                         partner->key),
             pair_text(info));
    }
  }
  given_[static_cast<std::size_t>(id)] = given;
}

const std::optional<ParameterValue>& SweepReader::default_of(const ParameterInfo& info) const {
  return sweep_.edition_ == SweepEdition::format_3 && info.original_default ? info.original_default
                                                                            : info.default_value;
}

bool SweepReader::occurs(ParameterId id, const std::string& word) const {
  for (const auto& [fixed, value] : fixed_) {
    if (fixed == id) {
      return to_text(value) == word;
    }
  }
  for (const Axis& axis : sweep_.axes_) {
    for (const AxisParameter& parameter : axis.parameters) {
      if (parameter.name == parameter_info(id).name) {
        return std::any_of(parameter.values.begin(), parameter.values.end(),
                           [&](const ParameterValue& value) { return to_text(value) == word; });
      }
    }
  }
  const auto& otherwise = default_of(parameter_info(id));
  return otherwise && to_text(*otherwise) == word;
}

bool SweepReader::starts_with_charger() const {
  return sweep_.charging_ && occurs(parameter_id("initial_state"), "charged_cavity");
}

void SweepReader::fill_defaults() {
  const bool needs_m = starts_with_charger() || occurs(parameter_id("fock_dim"), "paper");
  const Place& place = root_.find("parameters")->place;
  const auto is_given = [&](ParameterId id) {
    return given_[static_cast<std::size_t>(id)].has_value();
  };
  for (const ParameterInfo& info : model_parameters()) {
    if (is_given(info.id) || (info.has_partner() && is_given(parameter_id(info.partner)))) {
      continue;
    }
    const std::string name(info.name);
    if (const auto& otherwise = default_of(info)) {
      for (const auto& [other, word] : info.only_with) {
        if (!word.empty() && occurs(parameter_id(other), std::string(word))) {
          refuse(place, dotted("parameters", name),
                 fmt::format("nothing beside {}: {}", other, word),
                 fmt::format("{}, or an axis {}", accepted_text(info.rule), name));
        }
      }
      fixed_.emplace_back(info.id, *otherwise);
      if (otherwise != info.default_value) {
        sweep_.overrides_.push_back(fmt::format("{}={}", name, to_text(*otherwise)));
      }
      given_[static_cast<std::size_t>(info.id)] = {dotted("parameters", name), place};
    } else if (info.only_with_charger && !needs_m) {
      continue;
    } else if (info.has_partner()) {
      refuse(place, dotted("parameters", name),
             fmt::format("neither {} nor {}", name, info.partner), pair_text(info));
    } else {
      refuse(place, dotted("parameters", name), "nothing",
             fmt::format("{}, or an axis {}", accepted_text(info.rule), name));
    }
  }
}

}  // namespace qbsweep
