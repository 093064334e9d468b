#include "qbsweep/model/turning_drives.hpp"

#include <numbers>

namespace qbsweep {
namespace {

void turn(double& amplitude, double& quadrature, Control control, Control of_quadrature,
          double omega_d, Schedule& schedule) {
  if (amplitude == 0) {
    return;
  }
  quadrature = amplitude;
  const ControlShape* const scheduled = schedule.shape_of(control);
  const ControlShape shape =
      scheduled != nullptr ? *scheduled : ControlShape{find_shape("constant"), {1.0}};
  schedule.remove(control);
  schedule.add_turning(control, shape, omega_d, 0.0);
  schedule.add_turning(of_quadrature, shape, omega_d, -std::numbers::pi / 2);
}

}  // namespace

void turn_drives(BatteryParameters& battery, Schedule& schedule, double t_max) {
  if (drives_stand_still(battery)) {
    return;
  }
  if (schedule.empty()) {
    schedule = Schedule(t_max);
  }
  turn(battery.drive, battery.drive_quadrature, Control::drive, Control::drive_quadrature,
       battery.omega_d, schedule);
  turn(battery.atom_drive, battery.atom_drive_quadrature, Control::atom_drive,
       Control::atom_drive_quadrature, battery.omega_d, schedule);
  battery.omega_d = 0.0;
}

}  // namespace qbsweep
