#pragma once
/// \file
/// The assembled Liouvillian where a matrix-free operator is expected: the oracle of the fast path.

#include <vector>

#include "qbsweep/model/observations.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/state_basis.hpp"
#include "qbsweep/operators/sector.hpp"
#include "qbsweep/support/petsc.hpp"

namespace qbsweep {

/// The full basis of one process as a single sector.
class AssembledOperator final : public MatrixFreeOperator {
 public:
  /// \throws EnvironmentError where the matrix passes PetscInt; LibraryError
  explicit AssembledOperator(const BatteryParameters& battery);

  [[nodiscard]] std::int64_t size() const override { return basis_.size(); }
  [[nodiscard]] std::int64_t unknowns() const override { return basis_.size(); }
  void apply(const double* x, double* y, const Recurrence& weights) const override;
  void set_pure_state(std::span<const double> amplitudes, double* x) const override;
  void observe_more(ObservationRequest request, const BatteryParameters& battery) override;
  [[nodiscard]] const std::vector<std::int64_t>& observed() const override { return observed_; }
  void observe(const double* x, double* observations) const override;

 private:
  BatteryParameters battery_;
  StateBasis basis_;
  ObservationLayout layout_;
  petsc::Matrix liouvillian_;
  petsc::Vector in_;  // without memory of its own
  petsc::Vector product_;
  std::vector<std::int64_t> observed_;
};

}  // namespace qbsweep
