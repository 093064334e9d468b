#include "qbsweep/model/control.hpp"

#include <algorithm>

namespace qbsweep {
namespace {

constexpr std::array table = {
    ControlInfo{Control::coupling, "coupling", &BatteryParameters::g,
                "lambda(t), the factor of the coupling g"},
    ControlInfo{Control::drive, "drive", &BatteryParameters::drive,
                "the factor of the cavity's drive"},
    ControlInfo{Control::atom_drive, "atom_drive", &BatteryParameters::atom_drive,
                "the factor of the atoms' drive"},
    ControlInfo{Control::omega_0, "omega_0", &BatteryParameters::omega_0,
                "the factor of the level splitting omega_0; H_B keeps the parameter's value"},
    ControlInfo{Control::omega_c, "omega_c", &BatteryParameters::omega_c,
                "the factor of the cavity's frequency omega_c"},
    ControlInfo{Control::kappa, "kappa", &BatteryParameters::kappa,
                "the factor of the photon loss rate kappa"},
    ControlInfo{Control::drive_quadrature, "", &BatteryParameters::drive_quadrature, ""},
    ControlInfo{Control::atom_drive_quadrature, "", &BatteryParameters::atom_drive_quadrature, ""},
};
static_assert(table.size() == number_of_controls);

}  // namespace

std::span<const ControlInfo> control_table() {
  return table;
}

std::span<const ControlInfo> sweep_file_controls() {
  const auto end = std::ranges::find(table, std::string_view(), &ControlInfo::name);
  return {table.begin(), end};
}

const ControlInfo& info_of(Control control) {
  return table[static_cast<std::size_t>(control)];
}

BatteryParameters with_controls(const BatteryParameters& battery, const ControlValues& values) {
  BatteryParameters now = battery;
  for (const ControlInfo& info : table) {
    now.*info.parameter *= factor_of_parameter(values[info.control]);
  }
  return now;
}

}  // namespace qbsweep
