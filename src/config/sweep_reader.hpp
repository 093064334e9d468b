#pragma once
/// \file
/// From the text of a sweep file to a Sweep that is acceptable in every point.

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "axis_reader.hpp"
#include "point_resolver.hpp"
#include "qbsweep/config/sweep.hpp"
#include "yaml_node.hpp"

namespace qbsweep {

class SweepReader {
 public:
  /// See Sweep::from_text. \throws InputError
  static Sweep read(const std::string& text, const std::string& origin,
                    const std::vector<std::string>& overrides, SweepEdition edition);

 private:
  SweepReader(const std::string& text, const std::string& origin,
              const std::vector<std::string>& overrides, SweepEdition edition);

  /// Where a parameter got its value.
  struct Given {
    std::string key;
    Place place;
  };

  void require_sections();
  void read_observables();
  /// How many numbers of the observables are stored, once all parameters are known.
  void size_observables();
  /// The largest value of a whole-number parameter on the grid; none if one is a word.
  [[nodiscard]] std::optional<std::int64_t> largest(ParameterId id) const;
  void read_storage_section();
  void read_name();
  void read_parameters();
  void read_axes();
  void read_settings();
  void read_schedule();
  void read_shape(const ControlInfo& control, const YamlNode& node);
  /// Gives a number of a shape its value: that of the file, of an axis, or its default.
  void read_shape_number(const ControlInfo& control, const ShapeNumber& number,
                         const YamlNode& node);
  /// Refuses an axis of a number that no shape of the schedule has.
  void refuse_idle_shape_numbers() const;
  void read_ranks_per_point();
  void note(ParameterId id, const Given& given);
  void fill_defaults();
  void refuse_idle_axes() const;
  /// Refuses a method for steady states that lacks a term of a point.
  void check_steady_method(const BatteryParameters& battery) const;
  /// Refuses what is given and stands for nothing at any point.
  void refuse_idle_parameters() const;
  /// The positions of an axis at which a point may be the only one that is wrong.
  [[nodiscard]] std::vector<std::int64_t> positions_to_check(const Axis& axis) const;
  void check_every_point();

  /// What a parameter is that is not given.
  [[nodiscard]] const std::optional<ParameterValue>& default_of(const ParameterInfo& info) const;
  /// Whether a parameter has this word anywhere on the grid, as its default if not otherwise.
  [[nodiscard]] bool occurs(ParameterId id, const std::string& word) const;
  /// Whether any charging run starts with the charger and its m.
  [[nodiscard]] bool starts_with_charger() const;
  /// Whether any point has another value of the parameter than 0.
  [[nodiscard]] bool is_switched_on(ParameterId id) const;

  YamlNode root_;
  std::string origin_;  // where files are looked for from
  FixedParameters fixed_;
  std::vector<std::optional<Given>> given_ =
      std::vector<std::optional<Given>>(parameter_table().size());
  Sweep sweep_;
};

}  // namespace qbsweep
