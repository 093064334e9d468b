#pragma once
/// \file
/// Observations of a distributed state and their exact time derivatives.

#include <mpi.h>

#include <array>
#include <cstdint>
#include <vector>

#include "qbsweep/model/observations.hpp"
#include "qbsweep/support/petsc.hpp"

namespace qbsweep {

/// Observations (ObservationLayout) of a state and their first and second time derivative.
using Observation = std::array<std::vector<double>, 3>;

/// Takes observations of states that evolve under a constant Liouvillian L.
///
/// The observations are M R with a small sparse matrix M, so their derivatives are M L R and M L^2
/// R. Of an assembled L the products M L and M L^2 are formed once; each has far fewer entries than
/// L itself. A matrix-free L is applied to the state instead, twice in every observation. Where L
/// changes, the caller brings the derivatives of the state.
class StateObserver {
 public:
  /// Collective on the communicator of `liouvillian`, which must outlive the observer.
  StateObserver(const StateBasis& basis, const BatteryParameters& battery, Mat liouvillian,
                ObservationRequest request = {});

  /// The same for derivatives of the state that the caller brings.
  /// \param like  a matrix whose vectors are distributed as the states are
  [[nodiscard]] static StateObserver of_given_derivatives(const StateBasis& basis,
                                                          const BatteryParameters& battery,
                                                          Mat like, ObservationRequest request);

  /// Collective; every rank gets all numbers.
  void observe(Vec state, Observation& observation);
  void observe(Vec state, Vec first, Vec second, Observation& observation);

  /// How often L was applied to a state so far.
  [[nodiscard]] std::int64_t applications() const { return applications_; }

  [[nodiscard]] const ObservationLayout& layout() const { return layout_; }

 private:
  struct MapAlone {};
  /// M, without its products with L.
  StateObserver(MapAlone, const StateBasis& basis, const BatteryParameters& battery, Mat like,
                ObservationRequest request);
  /// map R, on every rank.
  void observe_through(const petsc::Matrix& map, Vec state, std::vector<double>& numbers);

  ObservationLayout layout_;
  std::array<petsc::Matrix, 3> maps_;         // M, M L, M L^2; M alone where L is matrix-free
  Mat matrix_free_ = nullptr;                 // L, if it is
  std::array<petsc::Vector, 2> derivatives_;  // L R and L^2 R, if it is
  std::int64_t applications_ = 0;
  petsc::Vector distributed_;
  petsc::Vector everywhere_;
  petsc::Scatter gather_;
};

}  // namespace qbsweep
