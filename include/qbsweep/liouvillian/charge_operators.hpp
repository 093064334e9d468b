#pragma once
/// \file
/// What a charge is split into: the operators that each evolve a part of its state.

#include <memory>
#include <vector>

#include "qbsweep/liouvillian/field_of_values.hpp"
#include "qbsweep/liouvillian/sector.hpp"
#include "qbsweep/physics/reductions.hpp"

namespace qbsweep {

struct ChargeOperators {
  /// Each evolves its part of the state by itself; observations add up.
  std::vector<std::unique_ptr<MatrixFreeOperator>> parts;
  Reductions reductions;  ///< that were made use of
  FieldOfValues values;   ///< of all parts

  [[nodiscard]] std::int64_t unknowns() const;
};

/// The symmetry sectors that a charge from a charged cavity reaches and that reach its
/// observations, applied without a matrix. Where the reductions have `state_vector`, the only part
/// evolves the state vector, and pure_state_observations() makes observations of it.
[[nodiscard]] ChargeOperators matrix_free_operators(const BatteryParameters& battery);

/// The assembled Liouvillian on the full basis.
[[nodiscard]] ChargeOperators assembled_operators(const BatteryParameters& battery);

}  // namespace qbsweep
