#pragma once
/// \file
/// The state over a step in which L changes: its Taylor series in time.
///
/// L is linear in the controls, so that with operators L_0, L_1, ... at as many control values as
/// needed L(t + s) = sum_i w_i(s) L_i, sum_i w_i = 1, and w_i(s) = sum_m w_im s^m. Then of
/// rho(t + s) = sum_n s^n rho_n
///
///     (n + 1) rho_(n+1) = sum_i L_i sum_m w_im rho_(n-m),
///
/// one application of every L_i a term, and the state and all that is observed of it is known at every
/// time of the step. The steps are as long as the terms die out: what a state holds of high energies
/// decides, not the norm of L. In a rise of the coupling (N = 8, 33 levels) this took a third of the
/// applications that commutator-free Magnus steps of order 8 took (those of order 4 at Gauss points,
/// extrapolated; Blanes and Moan, Appl. Numer. Math. 56, 1519 (2006)).

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "qbsweep/operators/sector.hpp"
#include "qbsweep/operators/sector_state.hpp"

namespace qbsweep {

/// The terms of every step. Longer series save applications, but keep more terms and lose more
/// digits.
inline constexpr std::int64_t power_series_terms = 28;

/// What a step turns and decays through (FieldOfValues::reach() times its length), about: how long
/// the first one is tried, and estimates.
inline constexpr double power_series_radians = 8;

/// The weights of a step of length h: w_i(s) h^m as [i][m], of the operators i >= 1. That of L_0 is 1
/// less the others.
using PowerWeights = std::vector<std::vector<double>>;

/// The vectors that a PowerSeries works on: kept from step to step, which need as many.
struct PowerSeriesRoom {
  std::vector<SectorState> terms;     ///< the last ones
  std::vector<SectorState> combined;  ///< what each L_i is applied to
};

class PowerSeries {
 public:
  /// \param operators  L_0, L_1, ... of one part of the state; must outlive this
  /// \param room       made to fit; must outlive this
  PowerSeries(std::vector<const MatrixFreeOperator*> operators, const PowerWeights& weights,
              double h, std::int64_t terms, PowerSeriesRoom& room);

  /// Makes the terms h^n rho_n, n = 0 .. terms - 1, adds them to `end`, and calls visit(n, term);
  /// ends early, and returns false, where `visit` does. Collective on the ranks that share the
  /// operators.
  /// \param state  rho_0; destroyed
  /// \param end    the state at the end of the step, zero at first; none: nothing is added up
  bool run(SectorState& state, SectorState* end,
           const std::function<bool(std::int64_t, const SectorState&)>& visit);

 private:
  void make_next(std::int64_t n);
  [[nodiscard]] SectorState& term(std::int64_t n) {
    return room_.terms[static_cast<std::size_t>(n % kept_)];
  }

  std::vector<const MatrixFreeOperator*> operators_;
  const PowerWeights& weights_;
  double h_;
  std::int64_t terms_;
  std::int64_t size_;
  std::int64_t kept_;  // terms, in the room
  PowerSeriesRoom& room_;
};

}  // namespace qbsweep
