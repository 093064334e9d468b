#include "value_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "qbsweep/config/sweep_file_keys.hpp"
#include "qbsweep/support/choices.hpp"

namespace qbsweep {
namespace {

using Kind = ValueRule::Kind;

bool contains(const std::vector<std::string_view>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Whether it has digits alone and begins with a zero, which some YAML programs read as octal.
bool may_be_octal(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) {
    text.remove_prefix(1);
  }
  return text.size() > 1 && text.front() == '0' &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// `text` as a number of type T, if all of it is one: from_chars knows no locale, no hexadecimal
/// prefix, and no digit separators, but it knows `nan` and `inf`.
template <typename T>
std::optional<T> parse_number(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) {
    text.remove_prefix(1);
  }
  if (text.find_first_not_of("+-.0123456789eE") != std::string_view::npos || may_be_octal(text)) {
    return std::nullopt;
  }
  T number{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

bool accepts(const ValueRule& rule, double number) {
  const double min = rule.positive ? 1 / largest_number : rule.min;
  return number >= min && number <= rule.max;
}

/// Every key of a sweep file below the top level, as messages call it.
std::vector<std::string> keys_with_their_sections() {
  std::vector<std::string> keys;
  for (const ParameterInfo& info : model_parameters()) {
    keys.push_back(dotted("parameters", std::string(info.name)));
  }
  for (const SettingsSection* section : settings_sections()) {
    for (const KeyInfo& key : section->keys) {
      keys.push_back(dotted(section->name, key.name));
    }
  }
  return keys;
}

/// What to say of a word that is not accepted.
std::string accepted_instead(const ValueRule& rule, const YamlNode& node) {
  if (rule.words.empty() || !node.is_scalar()) {
    return accepted_text(rule);
  }
  const std::vector<std::string> words(rule.words.begin(), rule.words.end());
  return accepted_text(rule) + guess_text(node.text, words);
}

std::optional<ParameterValue> parse_value(const ValueRule& rule, const YamlNode& node) {
  if (!node.is_scalar()) {
    return std::nullopt;
  }
  if (contains(rule.words, node.text)) {
    return node.text;
  }
  if (rule.kind == Kind::word || node.quoted) {
    return std::nullopt;
  }
  if (rule.kind == Kind::integer) {
    const auto number = parse_number<std::int64_t>(node.text);
    return number && accepts(rule, static_cast<double>(*number))
               ? std::optional<ParameterValue>(*number)
               : std::nullopt;
  }
  const auto number = parse_number<double>(node.text);
  // Adding 0 turns -0 into 0.
  return number && accepts(rule, *number) ? std::optional<ParameterValue>(*number + 0.0)
                                          : std::nullopt;
}

}  // namespace

ParameterValue read_value(const ValueRule& rule, const YamlNode& node, const std::string& key) {
  const auto value = parse_value(rule, node);
  if (value) {
    return *value;
  }
  std::string accepted = accepted_instead(rule, node);
  if (rule.kind != Kind::word && node.is_scalar() && may_be_octal(node.text)) {
    accepted += ", written without zeros before it";
  }
  if (rule.kind == Kind::integer && node.is_scalar() && parse_number<double>(node.text) &&
      !parse_number<std::int64_t>(node.text)) {
    accepted += ", written without a point or an exponent";
  }
  refuse(node.place, key, node.found(), accepted);
}

std::int64_t read_integer(const ValueRule& rule, const YamlNode& node, const std::string& key) {
  return std::get<std::int64_t>(read_value(rule, node, key));
}

bool is_whole(double real) {
  return std::abs(real - std::round(real)) <= 1e-9;
}

void require_map(const YamlNode& node, const std::string& key,
                 const std::vector<std::string>& accepted, const std::string& what) {
  if (!node.is_map()) {
    refuse(node.place, key, node.found(), what);
  }
  for (const auto& [name, place, value] : node.entries) {
    if (std::find(accepted.begin(), accepted.end(), name) == accepted.end()) {
      refuse(place, dotted(key, shown(name)), "an unknown key",
             choices_and_guess(name, accepted, keys_with_their_sections()));
    }
  }
}

void require_list(const YamlNode& node, const std::string& key, const std::string& what) {
  if (!node.is_list() || node.items.empty()) {
    refuse(node.place, key, node.is_list() ? "an empty list" : node.found(), what);
  }
}

const YamlNode& require_entry(const YamlNode& map, const std::string& path, const std::string& key,
                              const std::string& accepted) {
  const YamlNode* value = map.find(key);
  if (value == nullptr) {
    refuse(map.place, dotted(path, key), "nothing", accepted);
  }
  return *value;
}

}  // namespace qbsweep
