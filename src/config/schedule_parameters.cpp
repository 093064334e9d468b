#include "schedule_parameters.hpp"

#include <fmt/format.h>

#include <deque>
#include <string>
#include <utility>

#include "qbsweep/model/control.hpp"
#include "qbsweep/model/shape.hpp"

namespace qbsweep {
namespace {

ValueRule rule_of(const ShapeNumber& number) {
  ValueRule rule;
  if (number.is_duration) {
    rule.min = 0.0;
    rule.positive = !number.otherwise;
  }
  return rule;
}

}  // namespace

std::vector<ParameterInfo> schedule_parameters() {
  static std::deque<std::string> texts;  // that the entries refer to
  std::vector<ParameterInfo> parameters;
  for (const ControlInfo& control : sweep_file_controls()) {
    for (const ShapeInfo& shape : shape_table()) {
      for (const ShapeNumber& number : shape.numbers) {
        ParameterInfo info;
        info.name = texts.emplace_back(fmt::format("{}.{}", control.name, number.name));
        info.rule = rule_of(number);
        info.unit = number.unit;
        info.long_name = texts.emplace_back(
            fmt::format("{} of the shape {} of {}", number.name, shape.word, control.name));
        info.of_schedule = true;
        parameters.push_back(std::move(info));
      }
    }
  }
  return parameters;
}

}  // namespace qbsweep
