#pragma once
/// \file
/// What truncation of the Fock space costs as an amplitude.
///
/// What a truncated space reflects at its top comes back with the amplitude of the highest levels,
/// the square root of their population. Averaged over the times of quantum jumps it has no phase,
/// and what is left is of the order of the population (fock_levels.hpp); without a jump it keeps
/// its phase. So a charging run is compared, as long as no jump is likely, on the levels kept and
/// on more: the state vector follows -iH - sum_k L_k^dag L_k / 2 (PureStateOperator), and the
/// square of its norm is the probability that nothing has jumped. Without noise that is the whole
/// run, and the error the true one.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "qbsweep/dynamics/watch.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/schedule.hpp"
#include "qbsweep/operators/field_of_values.hpp"

namespace qbsweep {

/// The energies that go with the amplitude of a population of the highest of `fock_dim` levels.
[[nodiscard]] double amplitude_energy(const BatteryParameters& battery, int fock_dim,
                                      double population);

/// The part of [0, t_max] in which levels are compared; after it, nothing returns from the top.
[[nodiscard]] double no_jump_window(const BatteryParameters& battery, double t_max);

/// What a state that has met no jump has on high Fock levels from some time on.
struct LaterWeights {
  double interval = 0.0;  ///< between the times looked at, from 0 on
  /// The largest population of every level, times the probability of no jump, from each of these
  /// times on. Nothing beyond them.
  std::vector<std::vector<double>> weights;

  /// The fewest levels beyond which, from t on, amplitude_energy() is at most `allowed`.
  [[nodiscard]] int levels(const BatteryParameters& battery, double t, double allowed) const;
};

/// The evolution between jumps on many Fock levels, with which fewer are compared.
class NoJumpTruncation {
 public:
  /// Evolves on `battery.fock_dim` levels. Takes time and memory of the order of a run without
  /// noise.
  /// \param t_max  the charging window is [0, t_max]
  /// \param watch  looked in on in each step; what it has done of the run is 0
  /// \param schedule  of the whole window
  NoJumpTruncation(const BatteryParameters& battery, double t_max, Watch watch = {},
                   const Schedule& schedule = {});

  /// The largest population of each Fock level in the window, of the normalised state.
  [[nodiscard]] const std::vector<double>& largest_populations() const { return populations_; }

  /// amplitude_energy() of the two highest of `fock_dim` levels: more than error() cannot be.
  [[nodiscard]] double amplitude(int fock_dim) const;

  /// By how much energies differ with `fock_dim` levels instead, at the times that were looked at:
  /// of the battery (which bounds its ergotropies), of the photons and of the interaction, in the
  /// unit of omega_0. 0 where that is less than rounding.
  /// \param fock_dim  fewer than the levels of this
  [[nodiscard]] double error(int fock_dim) const;

  [[nodiscard]] int fock_dim() const { return battery_.fock_dim; }

  [[nodiscard]] LaterWeights later_weights() const;

 private:
  [[nodiscard]] double difference(std::int64_t look, std::span<const double> narrow,
                                  int fock_dim) const;
  [[nodiscard]] double jump_free(std::int64_t look) const;
  /// Calls visit(look, psi) until it returns false, for a state on the levels of `battery`.
  void follow_levels(const BatteryParameters& battery,
                     const std::function<bool(std::int64_t, std::span<const double>)>& visit) const;

  BatteryParameters battery_;
  Schedule schedule_;
  double largest_coupling_;  // that the schedule multiplies it by
  Watch watch_;
  EnergyRange range_;
  double t_max_;                             // no_jump_window()
  std::int64_t looks_;                       // from 0 to t_max, both included
  std::vector<std::vector<double>> states_;  // while nothing is likely to have jumped
  std::vector<double> populations_;
  std::vector<std::vector<double>> weights_of_looks_;
  std::vector<double>
      weights_;  // their largest: populations times the probability that nothing has jumped
};

}  // namespace qbsweep
