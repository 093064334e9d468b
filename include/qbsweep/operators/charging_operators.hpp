#pragma once
/// \file
/// What a charging run is split into: the operators that each evolve a part of its state.

#include <mpi.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "qbsweep/model/frame.hpp"
#include "qbsweep/model/observations.hpp"
#include "qbsweep/model/reductions.hpp"
#include "qbsweep/operators/field_of_values.hpp"
#include "qbsweep/operators/sector.hpp"

namespace qbsweep {

/// Which sectors k = 0 .. last a Tavis-Cummings charging run needs, and the highest excitation
/// number in them: that of the initial state, or the highest it can have. A Fock charger and a
/// ground state have k = 0 alone.
struct ExcitationSectors {
  int excitations = 0;
  int last = 0;
};
[[nodiscard]] ExcitationSectors excitation_sectors(const BatteryParameters& battery);

struct ChargingOperators {
  /// Each evolves its part of the state by itself; observations add up.
  std::vector<std::unique_ptr<MatrixFreeOperator>> parts;
  Reductions reductions;  ///< that were made use of
  FieldOfValues values;   ///< of all parts
  Frame frame = Frame::laboratory;
  int levels = 0;  ///< Fock levels or, in excitation sectors, numbers of excitations

  [[nodiscard]] std::int64_t unknowns() const;

  /// Makes the parts observe what is asked for besides, of the battery that they were made for.
  void ask_for(ObservationRequest request, const BatteryParameters& battery);
};

/// The symmetry sectors that a charging run reaches and that reach its
/// observations, applied without a matrix. Where the reductions have `state_vector`, the only part
/// evolves the state vector, and pure_state_observations() makes observations of it. The ranks of
/// `comm` share the parts, but not the state vector nor a driven state, which every rank has as a
/// whole (its comm() is MPI_COMM_SELF). Collective on `comm`, which must outlive the operators and
/// return its errors.
/// \param levels  of ChargingOperators, where a state that has lost photons needs less than it
///                began with; none: as many as it begins with. Not for a state vector.
/// \throws EnvironmentError on all ranks, where one has not enough memory or messages would be too
///         large
[[nodiscard]] ChargingOperators matrix_free_operators(const BatteryParameters& battery,
                                                      MPI_Comm comm = MPI_COMM_SELF,
                                                      std::optional<int> levels = {});

/// The names of the terms of `battery` that the kernels which matrix_free_operators() would take do
/// not know; empty where they know all.
[[nodiscard]] std::string terms_kernels_lack(const BatteryParameters& battery);

[[nodiscard]] inline bool kernels_carry(const BatteryParameters& battery) {
  return terms_kernels_lack(battery).empty();
}

/// The assembled Liouvillian on the full basis.
[[nodiscard]] ChargingOperators assembled_operators(const BatteryParameters& battery);

}  // namespace qbsweep
