#pragma once
/// \file
/// The field of values of the Liouvillian without an eigensolver, for estimates and choices.

#include "qbsweep/model/parameters.hpp"
#include "qbsweep/operators/field_of_values.hpp"

namespace qbsweep {

/// About the spread of H: the free ladder and the coupling at its upper end.
[[nodiscard]] double quick_energy_spread(const BatteryParameters& battery, int fock_dim);

/// A bound of the field of values that needs no eigensolver, in the frame that the series uses.
[[nodiscard]] FieldOfValues quick_field_of_values(const BatteryParameters& battery);

}  // namespace qbsweep
