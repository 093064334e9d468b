// The section `schedule` of a sweep file: controls and their shapes.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "qbsweep/support/choices.hpp"
#include "sweep_reader.hpp"
#include "value_reader.hpp"

namespace qbsweep {
namespace {

constexpr std::size_t most_values = 100'000;

const ValueRule any_number = {.kind = ValueRule::Kind::real, .min = -largest_number};

std::string key_of(const ControlInfo& control) {
  return fmt::format("schedule.{}", control.name);
}

/// What is wrong with a table.
std::string found_of_table(const std::vector<double>& times, std::size_t values) {
  const auto back = std::ranges::adjacent_find(times, std::greater_equal<>());
  return times.size() == values && back != times.end()
             ? fmt::format("the time {} after {}", *(back + 1), *back)
             : fmt::format("{} times and {} values", times.size(), values);
}

std::vector<std::string> control_names() {
  std::vector<std::string> names;
  for (const ControlInfo& control : sweep_file_controls()) {
    names.emplace_back(control.name);
  }
  return names;
}

/// The shape that `node` names; without a name the one whose list it has.
const ShapeInfo& shape_of(const YamlNode& node, const std::string& key) {
  std::vector<std::string> words;
  for (const ShapeInfo& shape : shape_table()) {
    words.emplace_back(shape.word);
  }
  if (const YamlNode* const named = node.find("shape")) {
    const ShapeInfo* const shape = named->is_scalar() ? find_shape(named->text) : nullptr;
    if (shape == nullptr) {
      refuse(named->place, dotted(key, "shape"), named->found(),
             named->is_scalar() ? choices_and_guess(named->text, words) : join_choices(words));
    }
    return *shape;
  }
  if (node.find("steps") != nullptr) {
    return *find_shape("steps");
  }
  if (node.find("times") != nullptr) {
    return *find_shape("table");
  }
  refuse(node.place, key, "no shape", fmt::format("shape: {}", join_choices(words)));
}

std::shared_ptr<const std::vector<double>> read_numbers(const YamlNode& node,
                                                        const std::string& key,
                                                        const std::string& name) {
  const std::string path = dotted(key, name);
  const std::string accepted = fmt::format("a list of up to {} numbers", most_values);
  const YamlNode& list = require_entry(node, key, name, accepted);
  require_list(list, path, accepted);
  if (list.items.size() > most_values) {
    refuse(list.place, path, fmt::format("{} numbers", list.items.size()), accepted);
  }
  std::vector<double> numbers;
  for (const YamlNode& item : list.items) {
    numbers.push_back(std::get<double>(
        read_value(any_number, item, fmt::format("{}[{}]", path, numbers.size()))));
  }
  return std::make_shared<const std::vector<double>>(std::move(numbers));
}

/// A number that fills the text from `begin` to `end`, spaces aside.
std::optional<double> number_in(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  const auto last = text.find_last_not_of(" \t\r");
  if (first == std::string_view::npos) {
    return std::nullopt;
  }
  text = text.substr(first, last - first + 1);
  double number = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(number)
             ? std::optional(number)
             : std::nullopt;
}

/// The columns `time` and `value` of a CSV file.
std::pair<std::vector<double>, std::vector<double>> read_columns(const YamlNode& node,
                                                                 const std::string& key,
                                                                 const std::string& path) {
  std::ifstream file(path);
  const std::string accepted = fmt::format(
      "a CSV file of up to {} rows with the columns time and value, and that in its "
      "first line",
      most_values);
  const auto refuse_it = [&](const std::string& found) {
    refuse(node.place, dotted(key, "file"), fmt::format("{}: {}", path, found), accepted);
  };
  std::string line;
  if (!std::getline(file, line)) {
    refuse_it("cannot be read, or empty");
  }
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (line.starts_with(byte_order_mark)) {
    line.erase(0, byte_order_mark.size());
  }
  std::erase_if(line, [](char c) { return c == ' ' || c == '\r' || c == '"'; });
  if (line != "time,value") {
    refuse_it(fmt::format("the first line {}", shown(line)));
  }
  std::vector<double> times;
  std::vector<double> values;
  for (std::size_t number = 2; std::getline(file, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) {
      continue;
    }
    const std::size_t comma = line.find(',');
    const auto time = number_in(std::string_view(line).substr(0, comma));
    const auto value = comma == std::string::npos
                           ? std::nullopt
                           : number_in(std::string_view(line).substr(comma + 1));
    if (!time || !value || times.size() == most_values) {
      refuse_it(fmt::format("line {}: {}", number, shown(line)));
    }
    times.push_back(*time);
    values.push_back(*value);
  }
  return {std::move(times), std::move(values)};
}

}  // namespace

void SweepReader::read_schedule() {
  YamlNode* const schedule = root_.find("schedule");
  if (schedule != nullptr && !schedule->is_null()) {
    if (!sweep_.charging_) {
      refuse(schedule->place, "schedule", "a schedule without a charging run",
             "a schedule beside the section charging");
    }
    require_map(*schedule, "schedule", control_names(), "{control: {shape: ..., ...}, ...}");
    for (const ControlInfo& control : sweep_file_controls()) {
      if (const YamlNode* const node = schedule->find(std::string(control.name))) {
        read_shape(control, *node);
      }
    }
  }
  refuse_idle_shape_numbers();
}

void SweepReader::read_shape(const ControlInfo& control, const YamlNode& node) {
  const std::string key = key_of(control);
  if (!node.is_map()) {
    refuse(node.place, key, node.found(), "{shape: ..., ...}");
  }
  const std::string parameter =
      control.control == Control::coupling ? "g" : std::string(control.name);
  const ParameterInfo& controlled = *find_parameter(parameter);
  if (controlled.default_value && !is_switched_on(controlled.id)) {
    refuse(node.place, key, fmt::format("a control of {}, which is 0", parameter),
           fmt::format("{} > 0 at some point, or no such control", parameter));
  }
  ScheduledControl scheduled = {control.control, nullptr};
  const YamlNode* const file = node.find("file");
  if (file != nullptr) {
    require_map(node, key, {"file", "interpolation"}, "{file: ..., interpolation: linear}");
    const YamlNode* const interpolation = node.find("interpolation");
    if (interpolation != nullptr && interpolation->text != "linear") {
      refuse(interpolation->place, dotted(key, "interpolation"), interpolation->found(), "linear");
    }
    const auto folder = std::filesystem::path(origin_).parent_path();
    const auto [times, values] = read_columns(*file, key, (folder / file->text).string());
    // What the file holds becomes part of the sweep.
    sweep_.overrides_.push_back(fmt::format("{}={{shape: table, times: [{}], values: [{}]}}", key,
                                            fmt::join(times, ", "), fmt::join(values, ", ")));
    scheduled.shape = find_shape("table");
    scheduled.times = std::make_shared<const std::vector<double>>(times);
    scheduled.values = std::make_shared<const std::vector<double>>(values);
  } else {
    scheduled.shape = &shape_of(node, key);
    std::vector<std::string> keys = {"shape"};
    for (const ShapeNumber& number : scheduled.shape->numbers) {
      keys.emplace_back(number.name);
    }
    if (scheduled.shape->list == ShapeList::steps) {
      keys.emplace_back("steps");
      scheduled.values = read_numbers(node, key, "steps");
    } else if (scheduled.shape->list == ShapeList::table) {
      keys.insert(keys.end(), {"times", "values"});
      scheduled.times = read_numbers(node, key, "times");
      scheduled.values = read_numbers(node, key, "values");
    }
    require_map(node, key, keys, fmt::format("the shape {}", scheduled.shape->word));
    for (const ShapeNumber& number : scheduled.shape->numbers) {
      read_shape_number(control, number, node);
    }
  }
  if (scheduled.times) {
    const std::vector<double>& times = *scheduled.times;
    if (times.size() < 2 || times.size() != scheduled.values->size() ||
        !std::ranges::is_sorted(times, std::less_equal<>())) {
      refuse(node.place, key, found_of_table(times, scheduled.values->size()),
             "at least two times, each above the one before, and as many values; for jumps, the "
             "shape steps");
    }
  }
  sweep_.schedule_.push_back(std::move(scheduled));
}

void SweepReader::read_shape_number(const ControlInfo& control, const ShapeNumber& number,
                                    const YamlNode& node) {
  const std::string name(number.name);
  const ParameterInfo& info = *find_parameter(fmt::format("{}.{}", control.name, name));
  const std::string key = dotted(key_of(control), name);
  if (const YamlNode* const given = node.find(name)) {
    note(info.id, {key, given->place});
    fixed_.emplace_back(info.id, read_value(info.rule, *given, key));
  } else if (!given_[static_cast<std::size_t>(info.id)]) {
    if (!number.otherwise) {
      refuse(node.place, key, "nothing",
             fmt::format("{}, or an axis {}", accepted_text(info.rule), info.name));
    }
    fixed_.emplace_back(info.id, *number.otherwise);
  }
}

void SweepReader::refuse_idle_shape_numbers() const {
  for (const ParameterInfo& info : parameter_table()) {
    const auto& given = given_[static_cast<std::size_t>(info.id)];
    if (!info.of_schedule || !given) {
      continue;
    }
    const bool used = std::ranges::any_of(sweep_.schedule_, [&](const ScheduledControl& scheduled) {
      return std::ranges::any_of(scheduled.shape->numbers, [&](const ShapeNumber& number) {
        return info.name == fmt::format("{}.{}", info_of(scheduled.control).name, number.name);
      });
    });
    if (!used) {
      refuse(given->place, given->key,
             fmt::format("a value of {} where it stands for nothing", info.name),
             "numbers of the shapes in the section schedule");
    }
  }
}

}  // namespace qbsweep
