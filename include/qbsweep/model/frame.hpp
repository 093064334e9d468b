#pragma once
/// \file
/// Frames that turn against the laboratory. Energies are the same in all of them; coherences turn.

#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

/// In which frame a state is computed.
enum class Frame {
  laboratory,
  drive,   ///< atoms and photons at omega_d (frame_frequency())
  cavity,  ///< atoms and photons at omega_c
  free     ///< atoms at omega_0, photons at omega_c
};

/// The one in which the table of H has its terms (hamiltonian.hpp).
[[nodiscard]] inline Frame frame_of_terms(const BatteryParameters& battery) {
  return frame_frequency(battery) == 0 ? Frame::laboratory : Frame::drive;
}

/// By how much the excited state of an atom, and a photon, have turned against the laboratory.
struct FrameAngles {
  double atoms = 0.0;
  double photons = 0.0;
};

/// \param t        since the begin
/// \param omega_0  the integral of the factor of omega_0 over that time; t where it is 1
/// \param omega_c  likewise
[[nodiscard]] FrameAngles frame_angles(Frame frame, const BatteryParameters& battery, double t,
                                       double omega_0, double omega_c);

}  // namespace qbsweep
