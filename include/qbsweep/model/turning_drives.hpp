#pragma once
/// \file
/// Drives that stand still in no frame (parameters.hpp): beside counter-rotating terms and ising_x they
/// turn in the laboratory,
///
///     drive (a e^(i omega_d t) + a^dag e^(-i omega_d t))
///         = drive cos(omega_d t) (a + a^dag) + drive sin(omega_d t) i (a - a^dag)
///
/// and likewise for the atoms: two terms, each with a control of its own.

#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/schedule.hpp"

namespace qbsweep {

/// Makes drives that stand still in no frame terms with omega_d = 0 and controls that move, beside
/// what `schedule` says of them; nothing where drives_stand_still().
void turn_drives(BatteryParameters& battery, Schedule& schedule, double t_max);

}  // namespace qbsweep
