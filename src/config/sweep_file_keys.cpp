#include "qbsweep/config/sweep_file_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "qbsweep/model/control.hpp"
#include "qbsweep/model/observable.hpp"
#include "qbsweep/model/steady_method.hpp"
#include "qbsweep/support/choices.hpp"

namespace qbsweep {
namespace {

using Kind = ValueRule::Kind;

/// An energy, which any unit may have.
const ValueRule tolerance_rule = {.kind = Kind::real, .min = 0.0, .positive = true};

/// A list of those that are not always there.
std::string observables_form() {
  std::vector<std::string> names;
  for (const Observable& observable : observable_table()) {
    if (!observable.always) {
      names.emplace_back(observable.name);
    }
  }
  return "a list of " + join_choices(names);
}

std::string schedule_form() {
  std::vector<std::string> names;
  for (const ControlInfo& control : sweep_file_controls()) {
    names.emplace_back(control.name);
  }
  return fmt::format("{{control: {{shape: ..., ...}}, ...}} with the controls {}",
                     fmt::join(names, ", "));
}

KeyTable make_top_level() {
  return {
      {.name = "name",
       .meaning = "what the sweep is called; the archive is NAME.h5 unless `-o` says otherwise",
       .form = "up to 200 letters, digits, _ and -"},
      {.name = "description",
       .meaning = "free text, which the archive keeps",
       .form = "a text",
       .if_missing = "empty"},
      {.name = "parameters",
       .meaning = "the value of every parameter that is not an axis",
       .form = "{parameter: value, ...}",
       .if_missing = "every parameter is an axis or has its default"},
      {.name = "axes",
       .meaning = "outermost first; the grid is their product",
       .form = "a list of axes",
       .if_missing = "a single point"},
      {.name = charging_section().name,
       .meaning = "a charging run is computed at every point",
       .form = charging_section().form,
       .if_missing = "no charging runs"},
      {.name = steady_state_section().name,
       .meaning = "the steady state is computed at every point",
       .form = steady_state_section().form,
       .if_missing = "no steady states"},
      {.name = "observables",
       .meaning =
           "what is looked at besides the energies and ergotropies: along the samples of a "
           "charging run, at tau, and in steady states; see [observables](archive.md#observables)",
       .form = observables_form(),
       .if_missing = "none"},
      {.name = "photon_levels",
       .meaning = "how many Fock levels, from the lowest on, `photon_distribution` stores of every "
                  "point; 0 of those that it does not keep",
       .rule = {{.kind = Kind::integer, .min = 2, .max = 1e6}},
       .if_missing = "the largest `fock_dim`, where all are numbers; else needed"},
      {.name = storage_section().name,
       .meaning = "what the battery still has after charging, when everything but itself is "
                  "switched off; beside `charging`",
       .form = storage_section().form,
       .if_missing = "the battery is not stored"},
      {.name = "schedule",
       .meaning = "what changes during a charging run: controls and their shapes; see "
                  "[schedules](#schedules)",
       .form = schedule_form(),
       .if_missing = "nothing changes"},
      {.name = "ranks_per_point",
       .meaning = "how many ranks compute a point together; `auto`: as many as each point is worth",
       .rule = {{.kind = Kind::integer, .min = 1, .max = 1e6, .words = {"auto"}}},
       .if_missing = "1"},
  };
}

KeyTable make_axis_keys() {
  const std::string another_form = "another of values, range, linspace and logspace";
  return {
      {.name = "name",
       .meaning =
           "the parameter, which becomes a dimension of the archive; with `labels` a name of "
           "your own",
       .form = "the name of a parameter"},
      {.name = "values",
       .meaning = "the values themselves; with `labels` those of several parameters that change "
                  "together",
       .form = "a list of values; with labels {parameter: [...], ...}",
       .if_missing = another_form},
      {.name = "range",
       .meaning = "`from`, then in steps of `step` as far as `to`",
       .form = "{from: ..., to: ..., step: ...}",
       .if_missing = another_form},
      {.name = "linspace",
       .meaning = "`count` values at equal distances; `from` and `to` are the first and the last",
       .form = "{from: ..., to: ..., count: ...}",
       .if_missing = another_form},
      {.name = "logspace",
       .meaning = "`count` values at equal ratios; `from` and `to` are the first and the last "
                  "(not their exponents), both above 0",
       .form = "{from: ..., to: ..., count: ...}",
       .if_missing = another_form},
      {.name = "labels",
       .meaning = "makes it an axis of several parameters",
       .form = "a list of labels, one for each position",
       .if_missing = "an axis of one parameter"},
  };
}

SettingsSection make_charging() {
  const ChargingSection otherwise;
  return {
      "charging",
      {{.name = "t_max",
        .meaning = "the charging window is [0, t_max], in the inverse unit of omega_0",
        .rule = {{.kind = Kind::real, .min = 0.0, .positive = true}},
        .if_missing = fmt::format("at each point g' sqrt(N) t_max = {}", default_window)},
       {.name = "samples",
        .meaning = "trajectory samples from 0 to t_max, both included; 0 stores no trajectory",
        .rule = {{.kind = Kind::integer, .min = 2, .max = 1e7, .words = {"0"}}},
        .if_missing = fmt::format("{}", otherwise.samples)},
       {.name = "tolerance",
        .meaning = "of every stored energy and ergotropy: absolute, an energy in the unit of "
                   "omega_0, so that it changes with that unit; photon numbers are as good as it "
                   "divided by omega_c, powers as it divided by the time",
        .rule = tolerance_rule,
        .if_missing = fmt::format("{}", otherwise.tolerance)}},
      "{t_max: ..., samples: ..., tolerance: ...}, also empty"};
}

SettingsSection make_storage() {
  const StorageSettings otherwise;
  return {"storage",
          {{.name = "duration",
            .meaning = "how long the battery is stored, in the inverse unit of omega_0",
            .rule = {{.kind = Kind::real, .min = 0.0, .positive = true}}},
           {.name = "samples",
            .meaning = "samples from 0 to the duration, both included",
            .rule = {{.kind = Kind::integer, .min = 2, .max = 1e7}},
            .if_missing = fmt::format("{}", otherwise.samples)},
           {.name = "after",
            .meaning = "from when on: `tau`, for each definition of ergotropy its own, or `t_max`",
            .rule = {{.kind = Kind::word,
                      .words = {storage_after_words.begin(), storage_after_words.end()}}},
            .if_missing = std::string(storage_after_words.front())}},
          "{duration: ..., samples: ..., after: ...}"};
}

std::vector<std::string_view> words_of_methods() {
  std::vector<std::string_view> words;
  std::ranges::transform(steady_method_table, std::back_inserter(words), &SteadyMethodInfo::word);
  return words;
}

/// "`auto` takes ...; `gmres`: ..."
std::string meaning_of_methods() {
  std::string text;
  for (const SteadyMethodInfo& method : steady_method_table) {
    text += fmt::format("{}`{}`: {}", text.empty() ? "" : "; ", method.word, method.meaning);
  }
  return text;
}

SettingsSection make_steady_state() {
  const SteadyStateSection otherwise;
  return {
      "steady_state",
      {{.name = "method",
        .meaning = meaning_of_methods(),
        .rule = {{.kind = Kind::word, .words = words_of_methods()}},
        .if_missing = std::string(info_of(otherwise.method).word)},
       {.name = "gap",
        .meaning = "whether the Liouvillian gap is computed, too; of permutation-invariant states, "
                   "in all blocks j",
        .rule = {{.kind = Kind::word, .words = {"true", "false"}}},
        .if_missing = otherwise.gap ? "true" : "false"},
       {.name = "tolerance",
        .meaning =
            "of every stored energy and ergotropy of the steady state and of omega_c times its "
            "photon number, absolute, in the unit of omega_0; a solve whose `steady_error` does "
            "not get there is a failed point, not a number",
        .rule = tolerance_rule,
        .if_missing = fmt::format("{}", otherwise.tolerance)}},
      "{method: ..., gap: ..., tolerance: ...}, also empty"};
}

}  // namespace

std::string accepted_text(const KeyInfo& key) {
  return key.rule ? accepted_text(*key.rule) : key.form;
}

std::vector<std::string> names_of(const KeyTable& keys) {
  std::vector<std::string> names(keys.size());
  std::transform(keys.begin(), keys.end(), names.begin(),
                 [](const KeyInfo& key) { return key.name; });
  return names;
}

const KeyInfo& key_info(const KeyTable& keys, std::string_view name) {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const KeyInfo& key) { return key.name == name; });
  if (found == keys.end()) {
    throw std::out_of_range(fmt::format("no key {} in its table", name));
  }
  return *found;
}

const KeyTable& top_level_keys() {
  static const KeyTable keys = make_top_level();
  return keys;
}

const KeyTable& axis_keys() {
  static const KeyTable keys = make_axis_keys();
  return keys;
}

const SettingsSection& charging_section() {
  static const SettingsSection section = make_charging();
  return section;
}

const SettingsSection& steady_state_section() {
  static const SettingsSection section = make_steady_state();
  return section;
}

const SettingsSection& storage_section() {
  static const SettingsSection section = make_storage();
  return section;
}

std::array<const SettingsSection*, 3> settings_sections() {
  return {&charging_section(), &steady_state_section(), &storage_section()};
}

}  // namespace qbsweep
