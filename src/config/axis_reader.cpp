#include "axis_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>

#include "axis_values.hpp"
#include "qbsweep/config/sweep_file_keys.hpp"
#include "qbsweep/support/choices.hpp"
#include "value_reader.hpp"

namespace qbsweep {
namespace {

struct Form {
  const char* key;
  ValuesPlan (*plan)(const ParameterInfo&, const YamlNode&, const std::string&, SweepEdition);
};
constexpr Form forms[] = {{"values", plan_list},
                          {"range", plan_range},
                          {"linspace", plan_linspace},
                          {"logspace", plan_logspace}};

const std::string form_names = "exactly one of values, range, linspace or logspace";

std::vector<std::string> parameter_names() {
  std::vector<std::string> names;
  for (const ParameterInfo& info : model_parameters()) {
    names.emplace_back(info.name);
  }
  return names;
}

/// The first position that repeats an earlier one, and that earlier one.
std::optional<std::pair<std::size_t, std::size_t>> find_repetition(
    const std::vector<std::string>& texts) {
  std::unordered_map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto [first, is_new] = seen.emplace(texts[i], i);
    if (!is_new) {
      return std::pair(i, first->second);
    }
  }
  return std::nullopt;
}

void refuse_repetition(const Place& place, const std::string& key,
                       const std::vector<ParameterValue>& values) {
  // Values in order are all different, which is quickly seen of a million of them.
  const auto in_order = [&values](const auto& not_in_order) {
    return std::adjacent_find(values.begin(), values.end(), not_in_order) == values.end();
  };
  if (in_order(std::greater_equal<>()) || in_order(std::less_equal<>())) {
    return;
  }
  std::vector<std::string> texts(values.size());
  std::transform(values.begin(), values.end(), texts.begin(), to_text);
  if (const auto repetition = find_repetition(texts)) {
    refuse(place, key, shown(texts[repetition->first]) + " twice", "every value once");
  }
}

AxisPlan plan_single(const YamlNode& node, const std::string& name, const std::string& key,
                     SweepEdition edition) {
  const ParameterInfo* info = find_parameter(name);
  if (info == nullptr) {
    refuse(node.find("name")->place, dotted(key, "name"), "no parameter of this name",
           choices_and_guess(name, parameter_names()) + "; a name of your own needs labels");
  }
  const Form* form = nullptr;
  for (const Form& candidate : forms) {
    if (node.find(candidate.key) != nullptr) {
      if (form != nullptr) {
        refuse(node.find(candidate.key)->place, key,
               fmt::format("both {} and {}", form->key, candidate.key), form_names);
      }
      form = &candidate;
    }
  }
  if (form == nullptr) {
    refuse(node.place, key, "no values", form_names);
  }
  const YamlNode& written = *node.find(form->key);
  const std::string values_key = dotted(key, form->key);
  const ValuesPlan values = form->plan(*info, written, values_key, edition);
  const auto make = [name, values_key, place = written.place, make_values = values.make] {
    Axis axis{name, {{name, make_values()}}, {}};
    refuse_repetition(place, values_key, axis.parameters.front().values);
    return axis;
  };
  return {name, key, node.place, {info->id}, values.size, make};
}

std::vector<std::string> read_labels(const YamlNode& axis, const std::string& axis_key) {
  const std::string key = dotted(axis_key, "labels");
  const std::string accepted = key_info(axis_keys(), "labels").form;
  const YamlNode& node = require_entry(axis, axis_key, "labels", accepted);
  require_list(node, key, accepted);
  std::vector<std::string> labels;
  for (const YamlNode& item : node.items) {
    const std::string item_key = fmt::format("{}[{}]", key, labels.size());
    if (!item.is_scalar() || item.text.empty() || shown(item.text) != item.text) {
      refuse(item.place, item_key, item.found(), "a short text on one line");
    }
    labels.push_back(item.text);
  }
  if (const auto repetition = find_repetition(labels)) {
    const std::size_t i = repetition->first;
    refuse(node.items[i].place, fmt::format("{}[{}]", key, i), labels[i] + " twice",
           "every label once");
  }
  return labels;
}

/// Two positions that mean the same would be computed twice.
void refuse_equal_positions(const Axis& axis, const Place& place, const std::string& key) {
  std::vector<std::string> texts(axis.labels.size());
  for (const AxisParameter& parameter : axis.parameters) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      texts[i] += to_text(parameter.values[i]) + " ";
    }
  }
  if (const auto repetition = find_repetition(texts)) {
    refuse(place, key,
           fmt::format("the same values at {} and at {}", axis.labels[repetition->second],
                       axis.labels[repetition->first]),
           "every combination of values once");
  }
}

bool is_identifier(const std::string& name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

AxisPlan plan_zipped(const YamlNode& node, const std::string& name, const std::string& key,
                     SweepEdition edition) {
  const Place& name_place = node.find("name")->place;
  const std::string name_key = dotted(key, "name");
  if (!is_identifier(name)) {
    refuse(name_place, name_key, shown(name), "a letter, then letters, digits and _");
  }
  if (find_parameter(name) != nullptr || is_reserved_name(name)) {
    refuse(name_place, name_key, name,
           find_parameter(name) != nullptr
               ? "a name that is not a parameter's, for an axis with labels"
               : "a name that the archive does not use itself");
  }
  for (const char* form : {"range", "linspace", "logspace"}) {
    if (const YamlNode* given = node.find(form)) {
      refuse(given->place, dotted(key, form), "beside labels",
             "values: {parameter: [...], ...} for an axis with labels");
    }
  }
  const std::vector<std::string> labels = read_labels(node, key);

  const std::string values_key = dotted(key, "values");
  const std::string what = "{parameter: [...], ...} for an axis with labels";
  const YamlNode& values = require_entry(node, key, "values", what);
  std::vector<std::string> accepted_names = parameter_names();
  for (const auto& [parameter, place, list] : values.entries) {
    if (const ParameterInfo* info = find_parameter(parameter); info && info->of_schedule) {
      accepted_names.push_back(parameter);
    }
  }
  require_map(values, values_key, accepted_names, what);
  if (values.entries.empty()) {
    refuse(values.place, values_key, "an empty map", what);
  }
  std::vector<ParameterId> ids;
  for (const auto& [parameter, place, list] : values.entries) {
    const std::string list_key = dotted(values_key, parameter);
    const std::string accepted = fmt::format("{} values, one for each label", labels.size());
    require_list(list, list_key, accepted);
    if (list.items.size() != labels.size()) {
      refuse(list.place, list_key, fmt::format("{} values", list.items.size()), accepted);
    }
    ids.push_back(find_parameter(parameter)->id);
  }
  const auto make = [name, labels, &values, values_key, edition] {
    Axis axis{name, {}, labels};
    for (const auto& [parameter, place, list] : values.entries) {
      const ValuesPlan plan =
          plan_list(*find_parameter(parameter), list, dotted(values_key, parameter), edition);
      axis.parameters.push_back({parameter, plan.make()});
    }
    refuse_equal_positions(axis, values.place, values_key);
    return axis;
  };
  return {name, key, node.place, ids, static_cast<double>(labels.size()), make};
}

}  // namespace

bool is_zipped_axis(const YamlNode& node) {
  const YamlNode* values = node.find("values");
  return node.find("labels") != nullptr || (values != nullptr && values->is_map());
}

AxisPlan plan_axis(const YamlNode& node, std::size_t position, SweepEdition edition) {
  const std::string unnamed = fmt::format("axes[{}]", position);
  require_map(node, unnamed, names_of(axis_keys()), "{name: ..., values: [...]}");
  const std::string accepted = key_info(axis_keys(), "name").form;
  const YamlNode& name = require_entry(node, unnamed, "name", accepted);
  if (!name.is_scalar()) {
    refuse(name.place, dotted(unnamed, "name"), name.found(), accepted);
  }
  const std::string key = "axes." + shown(name.text);
  return is_zipped_axis(node) ? plan_zipped(node, name.text, key, edition)
                              : plan_single(node, name.text, key, edition);
}

}  // namespace qbsweep
