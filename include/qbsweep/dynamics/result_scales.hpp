#pragma once
/// \file
/// What an error of the state costs the results: the scales by which tolerances are divided.
///
/// A tolerance is an absolute energy, in the unit of omega_0; a state is a pure number. Energies
/// that are added up of the state's elements reach up to largest_energy().

#include <vector>

#include "qbsweep/model/observations.hpp"
#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

/// The largest of what a state of norm 1 can hold on the Fock levels kept: N omega_0 in the
/// battery, (fock_dim - 1) omega_c in the cavity, and a bound of |<H_I>|.
[[nodiscard]] double largest_energy(const BatteryParameters& battery);

/// The error of a state, as a part of its norm, that costs no energy more than `tolerance`, and no
/// less than what rounding does to it anyway.
[[nodiscard]] double relative_tolerance(const BatteryParameters& battery, double tolerance);

/// L conserves the trace exactly, so the trace shows what rounding and all bounds overlooked.
/// \throws EnvironmentError where the battery's energy may be off by more than ten times the
///         tolerance
void require_trace(double trace_error, const BatteryParameters& battery, double tolerance);

/// How large each observation can be: what an absolute error of it is compared with.
[[nodiscard]] std::vector<double> observation_scales(const ObservationLayout& layout,
                                                     const BatteryParameters& battery);

}  // namespace qbsweep
