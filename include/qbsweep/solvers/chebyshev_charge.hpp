#pragma once
/// \file
/// The fast path of a charge: exp(L t) as a series on an ellipse, sector by sector, with the
/// observations known at every time.

#include "qbsweep/solvers/charge.hpp"

namespace qbsweep {

/// The charge of `battery` on battery.fock_dim Fock levels. The window is covered by as few steps
/// as memory and rounding allow, most often one. Not collective: the calling process computes it
/// all.
///
/// The field of values of L bounds the series' terms; what every few terms really measure is
/// watched, and a series that would lose digits is done again with shorter steps. \throws
/// EnvironmentError where rounding would cost more than the tolerance
[[nodiscard]] ChargeResult chebyshev_charge(const BatteryParameters& battery,
                                            const ChargeSettings& settings,
                                            const StepCallback& on_step);

}  // namespace qbsweep
