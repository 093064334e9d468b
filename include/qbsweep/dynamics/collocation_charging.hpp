#pragma once
/// \file
/// The path of a charging run for stiff points: implicit steps on the sparse Liouvillian.

#include "qbsweep/dynamics/charging_run.hpp"

namespace qbsweep {

/// The charging run of `battery` on battery.fock_dim Fock levels by collocation
/// (radau_collocation.hpp), whose steps begin at the time of the fastest decay and grow to that of
/// the fastest motion, however far these are apart. For small state spaces: it factorises matrices.
/// Every rank of `comm` computes the whole; collective all the same, and every rank returns the
/// same numbers. What a step's polynomial leaves open is held below the tolerance in every element
/// of the state. `operator_applications` counts solutions of linear systems. It cannot be saved in
/// the middle.
/// \throws EnvironmentError where rounding would cost more than the tolerance; ComputationLeft
[[nodiscard]] ChargingResult collocation_charging(MPI_Comm comm, const BatteryParameters& battery,
                                                  const ChargingSettings& settings,
                                                  const Watch& watch = {});

}  // namespace qbsweep
