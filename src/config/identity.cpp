#include "identity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iomanip>
#include <iterator>
#include <map>
#include <sstream>

namespace qbsweep {
namespace {

std::string text_of(const std::vector<ParameterValue>& values) {
  std::string text;
  for (const ParameterValue& value : values) {
    text.append(text.empty() ? "" : " ").append(to_text(value));
  }
  return text;
}

/// Quoted, since labels may hold blanks.
std::string text_of(const std::vector<std::string>& labels) {
  std::ostringstream text;
  for (const std::string& label : labels) {
    text << (&label == &labels.front() ? "" : " ") << std::quoted(label);
  }
  return text.str();
}

/// "N", or "noise(gamma_phi,kappa)": the order of keys within a zipped axis means nothing.
std::string text_of(const Axis& axis) {
  if (!axis.zipped()) {
    return axis.name;
  }
  std::vector<std::string> names;
  for (const AxisParameter& parameter : axis.parameters) {
    names.push_back(parameter.name);
  }
  std::sort(names.begin(), names.end());
  return fmt::format("{}({})", axis.name, fmt::join(names, ","));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> identity_of(
    const FixedParameters& fixed, const std::vector<Axis>& axes,
    const std::optional<ChargingSection>& charging,
    const std::optional<SteadyStateSection>& steady_state,
    const std::vector<const Observable*>& observables,
    const std::vector<ScheduledControl>& schedule, const std::optional<StorageSettings>& storage,
    const ObservableSizes& sizes) {
  std::map<std::string, std::string> identity;
  const auto note_unless_default = [&](const std::string& key, const std::string& value,
                                       const std::string& otherwise) {
    if (value != otherwise) {
      identity.emplace(key, value);
    }
  };
  for (const auto& [id, value] : fixed) {
    const ParameterInfo& info = parameter_info(id);
    note_unless_default(std::string(info.name), to_text(value),
                        info.default_value ? to_text(*info.default_value) : "");
  }
  std::string order;
  for (const Axis& axis : axes) {
    order.append(order.empty() ? "" : " ").append(text_of(axis));
    for (const AxisParameter& parameter : axis.parameters) {
      identity.emplace(parameter.name, text_of(parameter.values));
    }
    if (axis.zipped()) {
      identity.emplace("axes." + axis.name + ".labels", text_of(axis.labels));
    }
  }
  identity.emplace("axes", order);
  if (charging) {
    const ChargingSection otherwise;
    identity.emplace("charging", "computed");
    note_unless_default("charging.t_max", charging->t_max ? to_text(*charging->t_max) : "", "");
    note_unless_default("charging.samples", to_text(charging->samples), to_text(otherwise.samples));
    note_unless_default("charging.tolerance", to_text(charging->tolerance),
                        to_text(otherwise.tolerance));
  }
  if (steady_state) {
    const SteadyStateSection otherwise;
    identity.emplace("steady_state", "computed");
    note_unless_default("steady_state.method", std::string(info_of(steady_state->method).word),
                        std::string(info_of(otherwise.method).word));
    note_unless_default("steady_state.gap", steady_state->gap ? "true" : "false",
                        otherwise.gap ? "true" : "false");
    note_unless_default("steady_state.tolerance", to_text(steady_state->tolerance),
                        to_text(otherwise.tolerance));
  }
  if (storage) {
    const StorageSettings otherwise;
    identity.emplace("storage.duration", to_text(storage->duration));
    note_unless_default("storage.samples", to_text(storage->samples), to_text(otherwise.samples));
    note_unless_default("storage.after",
                        std::string(storage_after_words[static_cast<std::size_t>(storage->after)]),
                        std::string(storage_after_words.front()));
  }
  note_unless_default("photon_levels", to_text(sizes.photons), to_text(std::int64_t{0}));
  for (const ScheduledControl& scheduled : schedule) {
    const std::string key = fmt::format("schedule.{}", info_of(scheduled.control).name);
    identity.emplace(key, scheduled.shape->word);
    if (scheduled.times) {
      identity.emplace(key + ".times", fmt::format("{}", fmt::join(*scheduled.times, " ")));
    }
    if (scheduled.values) {
      identity.emplace(key + ".values", fmt::format("{}", fmt::join(*scheduled.values, " ")));
    }
  }
  std::string names;
  for (const Observable* const observable : observables) {
    names.append(names.empty() ? "" : " ").append(observable->name);
  }
  note_unless_default("observables", names, "");
  return {identity.begin(), identity.end()};
}

std::vector<std::string> differing_keys(const std::vector<std::pair<std::string, std::string>>& a,
                                        const std::vector<std::pair<std::string, std::string>>& b) {
  std::vector<std::pair<std::string, std::string>> different;
  std::set_symmetric_difference(a.begin(), a.end(), b.begin(), b.end(),
                                std::back_inserter(different));
  std::vector<std::string> keys;
  for (const auto& [key, value] : different) {
    if (keys.empty() || keys.back() != key) {
      keys.push_back(key);
    }
  }
  return keys;
}

std::string Sweep::identity_hash() const {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const auto& [key, value] : identity_) {
    for (const char c : fmt::format("{}={}\n", key, value)) {
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
  }
  return fmt::format("fnv1a64:{:016x}", hash);
}

}  // namespace qbsweep
