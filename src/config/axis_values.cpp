#include "axis_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "qbsweep/config/sweep_file_keys.hpp"
#include "value_reader.hpp"

namespace qbsweep {
namespace {

constexpr double step_tolerance = 1e-9;

/// The rule for numbers that are computed with: words have no place between two ends.
ValueRule number_rule(const ParameterInfo& info, const YamlNode& node, const std::string& key) {
  if (info.rule.kind == ValueRule::Kind::word) {
    refuse(node.place, key, "numbers", "a list of values: " + accepted_text(info.rule));
  }
  ValueRule rule = info.rule;
  rule.words.clear();
  return rule;
}

double read_number(const ValueRule& rule, const YamlNode& map, const std::string& path,
                   const std::string& key) {
  const YamlNode& node = require_entry(map, path, key, accepted_text(rule));
  const ParameterValue value = read_value(rule, node, dotted(path, key));
  return std::holds_alternative<double>(value) ? std::get<double>(value)
                                               : static_cast<double>(std::get<std::int64_t>(value));
}

/// A number that was computed, as a value of the parameter.
ParameterValue as_value(const ParameterInfo& info, double number, const Place& place,
                        const std::string& key) {
  if (info.rule.kind == ValueRule::Kind::real) {
    return number;
  }
  if (!is_whole(number)) {
    refuse(place, key, fmt::format("the value {}", number), accepted_text(info.rule));
  }
  return static_cast<std::int64_t>(std::llround(number));
}

/// The decimal place of the leading digit: 0 for 1 to 9.99, -1 for 0.1 to 0.999.
int leading_place(double number) {
  return static_cast<int>(std::floor(std::log10(std::abs(number))));
}

/// Decimal steps are meant to end on decimals: 3 steps of 0.1 on 0.3, not on 0.30000000000000004.
double round_to_decimals(double number, int decimals) {
  if (decimals <= 0) {
    return number;
  }
  const std::string text = fmt::format("{:.{}f}", number, decimals);
  double rounded = number;
  std::from_chars(text.data(), text.data() + text.size(), rounded);
  return rounded + 0.0;  // turns -0 into 0
}

struct Ends {
  double from;
  double to;
  std::int64_t count;

  /// Where value `i` lies between the two, from 0 to 1.
  [[nodiscard]] long double share(std::int64_t i) const {
    return static_cast<long double>(i) / static_cast<long double>(count - 1);
  }
};

/// `count` values between two ends: `between(i)` gives the inner ones.
template <typename Between>
ValuesPlan plan_between(const ParameterInfo& info, const YamlNode& node, const std::string& key,
                        const Ends& ends, Between between) {
  const auto make = [&info, place = node.place, key, ends, between] {
    std::vector<ParameterValue> values;
    values.reserve(static_cast<std::size_t>(ends.count));
    for (std::int64_t i = 0; i < ends.count; ++i) {
      const bool inner = i > 0 && i < ends.count - 1;
      const double end = i == 0 ? ends.from : ends.to;
      values.push_back(as_value(info, inner ? between(i) : end, place, key));
    }
    return values;
  };
  return {static_cast<double>(ends.count), make};
}

Ends read_ends(const ValueRule& rule, const YamlNode& node, const std::string& key) {
  require_map(node, key, {"from", "to", "count"}, key_info(axis_keys(), "linspace").form);
  const double from = read_number(rule, node, key, "from");
  const double to = read_number(rule, node, key, "to");
  // Larger counts are refused with the size of the grid.
  const ValueRule count_rule = {.kind = ValueRule::Kind::integer, .min = 1, .max = 1e15};
  const YamlNode& count_node = require_entry(node, key, "count", accepted_text(count_rule));
  const std::int64_t count = read_integer(count_rule, count_node, dotted(key, "count"));
  if (count == 1 && from != to) {
    refuse(count_node.place, dotted(key, "count"), fmt::format("1 value from {} to {}", from, to),
           "a count of at least 2");
  }
  return {from, to, count};
}

}  // namespace

ValuesPlan plan_list(const ParameterInfo& info, const YamlNode& node, const std::string& key,
                     SweepEdition /*edition*/) {
  require_list(node, key, "a list of at least one value: " + accepted_text(info.rule));
  const auto make = [&info, &node, key] {
    std::vector<ParameterValue> values;
    values.reserve(node.items.size());
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      values.push_back(read_value(info.rule, node.items[i], fmt::format("{}[{}]", key, i)));
    }
    return values;
  };
  return {static_cast<double>(node.items.size()), make};
}

ValuesPlan plan_range(const ParameterInfo& info, const YamlNode& node, const std::string& key,
                      SweepEdition /*edition*/) {
  const ValueRule rule = number_rule(info, node, key);
  require_map(node, key, {"from", "to", "step"}, key_info(axis_keys(), "range").form);
  const double from = read_number(rule, node, key, "from");
  const double to = read_number(rule, node, key, "to");
  ValueRule step_rule = {.kind = rule.kind};
  if (rule.kind == ValueRule::Kind::integer) {
    step_rule.min = -rule.max;
    step_rule.max = rule.max;
  }
  const double step = read_number(step_rule, node, key, "step");
  if (step == 0 || (to - from) * step < 0) {
    refuse(node.find("step")->place, dotted(key, "step"), fmt::format("{}", step),
           fmt::format("a step that leads from {} to {}", from, to));
  }
  const double steps = (to - from) / step;
  const double whole_steps = std::floor(steps + step_tolerance);
  const auto make = [&info, place = node.place, key, from, to, step, steps, whole_steps] {
    const double scale = std::max(std::abs(from), std::abs(to));
    std::vector<ParameterValue> values;
    for (std::int64_t step_number = 0; step_number <= std::llround(whole_steps); ++step_number) {
      const auto i = static_cast<double>(step_number);
      const bool at_end = step_number > 0 && std::abs(steps - i) <= step_tolerance;
      const double number = step_number == 0 ? from
                            : at_end
                                ? to
                                : round_to_decimals(from + i * step, 14 - leading_place(scale));
      values.push_back(as_value(info, number, place, key));
    }
    return values;
  };
  return {whole_steps + 1, make};
}

ValuesPlan plan_linspace(const ParameterInfo& info, const YamlNode& node, const std::string& key,
                         SweepEdition edition) {
  const Ends ends = read_ends(number_rule(info, node, key), node, key);
  if (edition == SweepEdition::format_3) {
    const double distance =
        (ends.to - ends.from) / std::max(1.0, static_cast<double>(ends.count - 1));
    return plan_between(info, node, key, ends, [ends, distance](std::int64_t i) {
      return ends.from + static_cast<double>(i) * distance;
    });
  }
  const double scale = std::max(std::abs(ends.from), std::abs(ends.to));
  return plan_between(info, node, key, ends, [ends, scale](std::int64_t i) {
    const long double from = ends.from;
    const long double to = ends.to;
    const auto number = static_cast<double>(from + (to - from) * ends.share(i));
    // What is left of a 0 between ends of both signs has no digits that mean anything.
    return number == 0 ? number
                       : round_to_decimals(number, std::min(14 - leading_place(number),
                                                            15 - leading_place(scale)));
  });
}

ValuesPlan plan_logspace(const ParameterInfo& info, const YamlNode& node, const std::string& key,
                         SweepEdition edition) {
  ValueRule rule = number_rule(info, node, key);
  rule.positive = rule.kind == ValueRule::Kind::real;
  const Ends ends = read_ends(rule, node, key);
  if (edition == SweepEdition::format_3) {
    const double start = std::log10(ends.from);
    const double distance =
        (std::log10(ends.to) - start) / std::max(1.0, static_cast<double>(ends.count - 1));
    return plan_between(info, node, key, ends, [start, distance](std::int64_t i) {
      return std::pow(10.0, start + static_cast<double>(i) * distance);
    });
  }
  return plan_between(info, node, key, ends, [ends](std::int64_t i) {
    const long double from = ends.from;
    const auto number = static_cast<double>(from * std::pow(ends.to / from, ends.share(i)));
    return round_to_decimals(number, 14 - leading_place(number));
  });
}

}  // namespace qbsweep
