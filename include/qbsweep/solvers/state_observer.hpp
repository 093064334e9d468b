#pragma once
/// \file
/// Observations of a distributed state and their exact time derivatives.

#include <mpi.h>

#include <array>
#include <vector>

#include "qbsweep/physics/observables.hpp"
#include "qbsweep/support/petsc.hpp"

namespace qbsweep {

/// Observations (ObservationLayout) of a state and their first and second time derivative.
using Observation = std::array<std::vector<double>, 3>;

/// Takes observations of states that evolve under a constant Liouvillian L.
///
/// The observations are M R with a small sparse matrix M, so their derivatives are M L R and M L^2
/// R. The products M L and M L^2 are formed once; each has far fewer entries than L itself.
class StateObserver {
 public:
  /// Collective on the communicator of `liouvillian`.
  StateObserver(const StateBasis& basis, const BatteryParameters& battery, Mat liouvillian);

  /// Collective; every rank gets all numbers.
  void observe(Vec state, Observation& observation);

  [[nodiscard]] const ObservationLayout& layout() const { return layout_; }

 private:
  ObservationLayout layout_;
  std::array<petsc::Matrix, 3> maps_;  // M, M L, M L^2
  petsc::Vector distributed_;
  petsc::Vector everywhere_;
  petsc::Scatter gather_;
};

}  // namespace qbsweep
