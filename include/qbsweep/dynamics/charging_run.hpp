#pragma once
/// \file
/// One charging run: from the discharged battery and a filled cavity through the charging window.

#include <mpi.h>

#include "qbsweep/dynamics/charging_result.hpp"
#include "qbsweep/dynamics/charging_settings.hpp"
#include "qbsweep/dynamics/watch.hpp"
#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

/// Charges a battery and follows the figures of merit in continuous time.
/// Collective on `comm`; every rank returns the same numbers. The ranks share the state with
/// Propagator::ts and, where it is worth it (matrix_free_operators()), with
/// Propagator::chebyshev; otherwise each rank computes the whole.
/// \param watch  asked and told now and then. A charging run with Propagator::chebyshev can be
///               saved in the middle, and resumes from what the store has.
/// \throws LibraryError where PETSc fails, EnvironmentError where the tolerance cannot be kept or
///         `auto_fock_dim` finds no number of Fock levels that fits, ComputationLeft when the watch
///         wishes to leave
[[nodiscard]] ChargingResult charging_run(MPI_Comm comm, const BatteryParameters& battery,
                                          const ChargingSettings& settings,
                                          const Watch& watch = {});

}  // namespace qbsweep
