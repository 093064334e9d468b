#pragma once
/// \file
/// Controls: the parameters that may change while a battery is charged, each by a factor u(t) of its
/// value. What a control is stands once, in the table.

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

enum class Control : std::size_t {
  coupling,
  drive,
  atom_drive,
  omega_0,
  omega_c,
  kappa,
  drive_quadrature,  ///< of drives that turn in the laboratory (turning_drives.hpp)
  atom_drive_quadrature
};
inline constexpr std::size_t number_of_controls = 8;

struct ControlInfo {
  Control control;
  std::string_view
      name;  ///< in the section `schedule` of a sweep file; none: it has no place there
  /// What it multiplies. L is linear in every one of these.
  double BatteryParameters::*parameter;
  std::string_view meaning;
};

/// Every control, in the order of the enumeration.
[[nodiscard]] std::span<const ControlInfo> control_table();

/// Those that a sweep file may schedule.
[[nodiscard]] std::span<const ControlInfo> sweep_file_controls();
[[nodiscard]] const ControlInfo& info_of(Control control);

/// The factor of every control at one time; 1 where a parameter stays as it is.
class ControlValues {
 public:
  ControlValues() { values_.fill(1.0); }
  [[nodiscard]] double& operator[](Control control) {
    return values_[static_cast<std::size_t>(control)];
  }
  [[nodiscard]] double operator[](Control control) const {
    return values_[static_cast<std::size_t>(control)];
  }
  friend bool operator==(const ControlValues&, const ControlValues&) = default;

 private:
  std::array<double, number_of_controls> values_;
};

/// What a parameter is really multiplied by where its control has this factor.
[[nodiscard]] inline double factor_of_parameter(double factor) {
  constexpr double almost_nothing = 1e-200;
  return factor == 0 ? almost_nothing : factor;
}

/// What an energy or a rate that a control multiplies changes by, from where it was observed with
/// `observed_with` to `factor`.
[[nodiscard]] inline double change_of_control(double factor, double observed_with) {
  return factor / factor_of_parameter(observed_with);
}

/// L is linear in a control, so that L at every factor u is made of L at 1 and L at `moved_control`:
/// L(u) = (1 - w) L(1) + w L(moved_control), w = weight_of_moved(u).
inline constexpr double moved_control = 0.5;
[[nodiscard]] constexpr double weight_of_moved(double factor) {
  return (factor - 1.0) / (moved_control - 1.0);
}

/// `battery` with its parameters multiplied. What becomes 0 is 1e-200 of what it was instead, so that
/// no term disappears.
[[nodiscard]] BatteryParameters with_controls(const BatteryParameters& battery,
                                              const ControlValues& values);

}  // namespace qbsweep
