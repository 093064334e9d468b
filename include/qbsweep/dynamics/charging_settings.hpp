#pragma once
/// \file
/// What is asked of a charging run, and how it is to be computed.

#include <cstdint>
#include <optional>
#include <vector>

#include "qbsweep/model/observable.hpp"
#include "qbsweep/model/schedule.hpp"
#include "qbsweep/model/storage_settings.hpp"

namespace qbsweep {

/// How the Liouvillian is held.
enum class LiouvillianKind {
  assembled,   ///< a sparse matrix: the oracle
  matrix_free  ///< applied by the kernels, where they know all terms; else assembled
};

/// How the state is brought through the charging window.
enum class Propagator {
  ts,        ///< PETSc's TS on the full basis: the plain path, a cross-check
  chebyshev  ///< exp(L t) as a Chebyshev series on an ellipse, sector by sector
};

struct ChargingSettings {
  double t_max = 0.0;        ///< the charging window is [0, t_max], t_max > 0
  std::int64_t samples = 0;  ///< trajectory samples, equidistant from 0 to t_max; 0 for none
  double tolerance = 1e-8;   ///< of every result: absolute, energies in the unit of omega_0
  /// Whether the Fock levels are chosen so that truncation costs less than the tolerance;
  /// BatteryParameters::fock_dim is then not looked at.
  bool auto_fock_dim = false;
  /// What is sampled, and noted at tau: sampled_observables().
  std::vector<const Observable*> observables =
      sampled_observables(std::span<const Observable* const>());
  ObservableSizes sizes = {};
  Schedule schedule = {};  ///< what changes over the window
  std::optional<StorageSettings> storage = {};
  LiouvillianKind liouvillian = LiouvillianKind::matrix_free;
  Propagator propagator = Propagator::chebyshev;
};

/// The window, cut where a control jumps or has a kink; whole where nothing changes.
[[nodiscard]] inline std::vector<SchedulePiece> pieces_of(const ChargingSettings& settings) {
  return settings.schedule.empty() ? std::vector<SchedulePiece>{{0.0, settings.t_max}}
                                   : settings.schedule.pieces();
}

/// How charging runs are computed. No part of what a sweep means: a run that resumes an archive may
/// use another method than the one before.
struct ChargingMethod {
  LiouvillianKind liouvillian = ChargingSettings{}.liouvillian;  ///< --operator
  Propagator propagator = ChargingSettings{}.propagator;         ///< --propagator
};

}  // namespace qbsweep
