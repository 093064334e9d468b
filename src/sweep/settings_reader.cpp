#include "settings_reader.hpp"

#include "value_reader.hpp"

namespace qbsweep {
namespace {

const ValueRule t_max_rule = {.kind = ValueRule::Kind::real, .min = 0.0, .positive = true};
const ValueRule tolerance_rule = {.kind = ValueRule::Kind::real, .min = 1e-13, .max = 1e-2};
const ValueRule samples_rule = {
    .kind = ValueRule::Kind::integer, .min = 2, .max = 1e7, .words = {"0"}};

}  // namespace

const std::vector<std::string>& charging_keys() {
  static const std::vector<std::string> keys = {"t_max", "samples", "tolerance"};
  return keys;
}

ChargingSettings read_charging(const YamlNode& node) {
  require_map(node, "charging", charging_keys(), "{t_max: ..., samples: ..., tolerance: ...}");
  ChargingSettings settings;
  if (const YamlNode* t_max = node.find("t_max")) {
    settings.t_max = read_real(t_max_rule, *t_max, "charging.t_max");
  }
  if (const YamlNode* samples = node.find("samples")) {
    const ParameterValue value = read_value(samples_rule, *samples, "charging.samples");
    // The word "0" asks for no trajectory.
    settings.samples =
        std::holds_alternative<std::int64_t>(value) ? std::get<std::int64_t>(value) : 0;
  }
  if (const YamlNode* tolerance = node.find("tolerance")) {
    settings.tolerance = read_real(tolerance_rule, *tolerance, "charging.tolerance");
  }
  return settings;
}

}  // namespace qbsweep
