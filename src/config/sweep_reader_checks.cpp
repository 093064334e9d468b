// What is refused once all of a sweep file has been read: points that cannot be computed, and what
// stands for nothing at any point.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "qbsweep/config/sweep_file_keys.hpp"
#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/support/choices.hpp"
#include "settings_reader.hpp"
#include "sweep_reader.hpp"
#include "yaml_document.hpp"

namespace qbsweep {

/// Refuses axes along which all points are the same, because no charging run starts with a charger.
void SweepReader::refuse_idle_axes() const {
  if (starts_with_charger()) {
    return;
  }
  const bool m_sets_levels = occurs(parameter_id("fock_dim"), "paper");
  const auto is_idle = [&](const AxisParameter& parameter) {
    const ParameterId id = find_parameter(parameter.name)->id;
    return id == parameter_id("charger") ||
           (!m_sets_levels && (id == parameter_id("m") || id == parameter_id("m_per_n")));
  };
  for (const Axis& axis : sweep_.axes_) {
    if (axis.size() > 1 && std::all_of(axis.parameters.begin(), axis.parameters.end(), is_idle)) {
      const auto id = static_cast<std::size_t>(find_parameter(axis.parameters.front().name)->id);
      refuse(given_[id]->place, given_[id]->key,
             "an axis along which nothing changes: no charging run starts with a charger",
             "an axis of what the results depend on");
    }
  }
}

bool SweepReader::is_switched_on(ParameterId id) const {
  const auto is_on = [](const ParameterValue& value) {
    const auto* integer = std::get_if<std::int64_t>(&value);
    const auto* real = std::get_if<double>(&value);
    return (integer != nullptr && *integer != 0) || (real != nullptr && *real != 0);
  };
  for (const auto& [fixed, value] : fixed_) {
    if (fixed == id) {
      return is_on(value);
    }
  }
  for (const Axis& axis : sweep_.axes_) {
    for (const AxisParameter& parameter : axis.parameters) {
      if (parameter.name == parameter_info(id).name) {
        return std::any_of(parameter.values.begin(), parameter.values.end(), is_on);
      }
    }
  }
  return false;
}

void SweepReader::refuse_idle_parameters() const {
  for (const ParameterInfo& info : model_parameters()) {
    std::vector<std::string> accepted;
    bool counts = info.only_with.empty() || !is_switched_on(info.id);
    for (const auto& [name, word] : info.only_with) {
      const ParameterId id = parameter_id(name);
      counts = counts || (word.empty() ? is_switched_on(id) : occurs(id, std::string(word)));
      accepted.push_back(word.empty() ? fmt::format("{} > 0", name)
                                      : fmt::format("{}: {}", name, word));
    }
    if (!counts) {
      const Given& given = given_[static_cast<std::size_t>(info.id)].value();
      refuse(given.place, given.key,
             fmt::format("a value of {} where it stands for nothing", info.name),
             fmt::format("{} at some point, or no {}", join_choices(accepted), info.name));
    }
  }
}

std::vector<std::int64_t> SweepReader::positions_to_check(const Axis& axis) const {
  const std::vector<ParameterValue>& values = axis.parameters.front().values;
  const ParameterId id = find_parameter(axis.parameters.front().name)->id;
  const bool must_be_whole =
      occurs(parameter_id("charger"), "fock") &&
      (id == parameter_id("m") || id == parameter_id("m_per_n") || id == parameter_id("N"));
  const bool words = std::any_of(values.begin(), values.end(), [](const ParameterValue& value) {
    return std::holds_alternative<std::string>(value);
  });
  if (axis.zipped() || words || must_be_whole) {
    std::vector<std::int64_t> all(values.size());
    std::iota(all.begin(), all.end(), 0);
    return all;
  }
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  std::vector<std::int64_t> ends = {least - values.begin(), most - values.begin()};
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  return ends;
}

void SweepReader::check_steady_method(const BatteryParameters& battery) const {
  if (!sweep_.steady_state_) {
    return;
  }
  const SteadyMethodInfo& method = info_of(sweep_.steady_state_->method);
  for (const Carrier carrier : method.carriers) {
    if (!carries(carrier, battery)) {
      const YamlNode& section = *root_.find(steady_state_section().name);
      refuse(section.place, "steady_state.method",
             fmt::format("{} with {}", method.word, terms_not_carried(carrier, battery)),
             "auto or shift_invert there");
    }
  }
}

/// Every point, by those that matter: what may be wrong of a point depends on each number
/// monotonically (products and quotients that must not be too large, levels that must be enough),
/// so that along an axis of numbers, whatever the other axes, it is wrong at an end if anywhere.
void SweepReader::check_every_point() {
  std::vector<std::vector<std::int64_t>> positions;
  for (const Axis& axis : sweep_.axes_) {
    positions.push_back(positions_to_check(axis));
  }
  std::vector<std::size_t> at(positions.size(), 0);
  std::int64_t index = 0;
  try {
    for (;;) {
      index = 0;
      for (std::size_t a = 0; a < at.size(); ++a) {
        index = index * sweep_.axes_[a].size() + positions[a][at[a]];
      }
      check_steady_method(sweep_.point(index).battery);
      std::size_t axis = at.size();
      while (axis > 0 && ++at[axis - 1] == positions[axis - 1].size()) {
        at[--axis] = 0;
      }
      if (axis == 0) {
        return;
      }
    }
  } catch (const PointProblem& problem) {
    constexpr std::string_view schedule = "schedule.";
    const bool of_schedule = problem.parameter.starts_with(schedule);
    const Given given =
        of_schedule
            ? Given{problem.parameter,
                    root_.find("schedule")->find(problem.parameter.substr(schedule.size()))->place}
            : given_[static_cast<std::size_t>(parameter_id(problem.parameter))].value();
    refuse(given.place, given.key,
           sweep_.axes_.empty() ? problem.found
                                : problem.found + " at " + shown(sweep_.describe(index)),
           problem.accepted);
  }
}

}  // namespace qbsweep
