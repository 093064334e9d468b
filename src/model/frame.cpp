#include "qbsweep/model/frame.hpp"

namespace qbsweep {

FrameAngles frame_angles(Frame frame, const BatteryParameters& battery, double t, double omega_0,
                         double omega_c) {
  switch (frame) {
    case Frame::drive:
      return {battery.omega_d * t, battery.omega_d * t};
    case Frame::cavity:
      return {battery.omega_c * omega_c, battery.omega_c * omega_c};
    case Frame::free:
      return {battery.omega_0 * omega_0, battery.omega_c * omega_c};
    case Frame::laboratory:
      break;
  }
  return {};
}

}  // namespace qbsweep
