// What is looked at besides, and what of it is stored.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>

#include "qbsweep/config/sweep_file_keys.hpp"
#include "settings_reader.hpp"
#include "sweep_reader.hpp"
#include "value_reader.hpp"

namespace qbsweep {

void SweepReader::read_observables() {
  const YamlNode* list = root_.find("observables");
  if (list == nullptr) {
    return;
  }
  const std::string accepted = accepted_text(key_info(top_level_keys(), "observables"));
  if (list->kind != YamlNode::Kind::list) {
    refuse(list->place, "observables", list->found(), accepted);
  }
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    const YamlNode& item = list->items[i];
    const std::string key = fmt::format("observables[{}]", i);
    const Observable* const observable = item.is_scalar() ? find_observable(item.text) : nullptr;
    if (observable == nullptr || observable->always) {
      refuse(item.place, key,
             observable == nullptr ? item.found() : item.text + ", which is always stored",
             accepted);
    }
    if (std::ranges::find(names, observable->name) != names.end()) {
      refuse(item.place, key, item.text + " again", "every observable once");
    }
    if (observable->since_begin && !sweep_.charging_) {
      refuse(item.place, key, item.text + ", which counts from the begin of a charging run",
             "the section charging beside it, or what a steady state has");
    }
    names.push_back(observable->name);
  }
  for (const Observable* const observable : sampled_observables(names)) {
    if (!observable->always) {
      sweep_.observables_.push_back(observable);
    }
  }
}

void SweepReader::read_storage_section() {
  const YamlNode* storage = root_.find(storage_section().name);
  if (storage == nullptr) {
    return;
  }
  if (!sweep_.charging_) {
    refuse(storage->place, storage_section().name, "no section charging beside it",
           "charging: {...}: what is stored was charged before");
  }
  sweep_.storage_ = read_storage(*storage);
}

std::optional<std::int64_t> SweepReader::largest(ParameterId id) const {
  std::optional<std::int64_t> largest = 0;
  const auto note = [&](const ParameterValue& value) {
    const auto* const integer = std::get_if<std::int64_t>(&value);
    if (integer == nullptr) {
      largest.reset();
    } else if (largest) {
      largest = std::max(*largest, *integer);
    }
  };
  for (const auto& [fixed, value] : fixed_) {
    if (fixed == id) {
      note(value);
    }
  }
  for (const Axis& axis : sweep_.axes_) {
    for (const AxisParameter& parameter : axis.parameters) {
      if (parameter.name == parameter_info(id).name) {
        std::ranges::for_each(parameter.values, note);
      }
    }
  }
  return largest;
}

void SweepReader::size_observables() {
  const auto asked_for = [&](ObservableExtent extent) {
    return std::ranges::any_of(sweep_.observables_, [&](const Observable* observable) {
      return observable->extent == extent;
    });
  };
  if (asked_for(ObservableExtent::battery_state)) {
    sweep_.observable_sizes_.battery_state =
        battery_state_size(static_cast<int>(largest(parameter_id("N")).value()));
  }
  const KeyInfo& key = key_info(top_level_keys(), "photon_levels");
  const YamlNode* const levels = root_.find(key.name);
  if (!asked_for(ObservableExtent::photons)) {
    if (levels != nullptr) {
      refuse(levels->place, key.name, "no photon_distribution among the observables",
             "the observable photon_distribution beside it");
    }
    return;
  }
  if (levels != nullptr) {
    sweep_.observable_sizes_.photons =
        std::get<std::int64_t>(read_value(key.rule.value(), *levels, key.name));
    return;
  }
  const std::optional<std::int64_t> fock_dim = largest(parameter_id("fock_dim"));
  if (!fock_dim) {
    refuse(root_.find("observables")->place, key.name,
           "nothing, and fock_dim is auto or paper at some point",
           accepted_text(key) + ": how many levels photon_distribution stores");
  }
  sweep_.observable_sizes_.photons = *fock_dim;
}

}  // namespace qbsweep
