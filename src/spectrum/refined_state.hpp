#pragma once
/// \file
/// A vector x that iterative refinement takes to L x = 0: more digits than double precision has.

#include <optional>
#include <vector>

#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/state_basis.hpp"
#include "qbsweep/operators/extended_product.hpp"

namespace qbsweep {

/// All vectors in the full basis, the odd elements 0 where parity is conserved. Not collective.
class RefinedState {
 public:
  RefinedState(const BatteryParameters& battery, const std::vector<double>& start);

  /// x <- x + part vector, then the residual.
  void add(const std::vector<double>& vector, double part = 1.0);
  void add(const RefinedState& other, double part);

  /// Divides by the trace. \throws EnvironmentError where it is hardly one
  void normalise();

  [[nodiscard]] const StateBasis& basis() const { return basis_; }
  [[nodiscard]] double trace() const;
  [[nodiscard]] double norm() const;
  /// ||L x||.
  [[nodiscard]] double residual_norm() const;
  /// ||L x|| / ||x||.
  [[nodiscard]] double relative_residual() const { return residual_norm() / norm(); }

  /// x and L x, rounded.
  [[nodiscard]] std::vector<double> rounded() const { return {x_.begin(), x_.end()}; }
  [[nodiscard]] std::vector<double> residual() const { return {Lx_.begin(), Lx_.end()}; }

 private:
  BatteryParameters battery_;
  StateBasis basis_;
  std::optional<Parity> parity_;
  ExtendedState x_;
  ExtendedState Lx_;
};

/// The frequency below which an eigenvalue of L cannot be told from zero in double precision: what
/// the rounding of its largest entries comes to.
[[nodiscard]] double rounding_frequency(const BatteryParameters& battery);

}  // namespace qbsweep
