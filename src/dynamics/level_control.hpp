#pragma once
/// \file
/// How many levels a charging run keeps from step to step: a state that has lost photons needs
/// fewer than it began with.

#include <optional>
#include <vector>

#include "qbsweep/dynamics/charging_settings.hpp"
#include "qbsweep/dynamics/fock_levels.hpp"
#include "qbsweep/model/parameters.hpp"

namespace qbsweep {

/// Levels are Fock levels (Dicke) or numbers of excitations (Tavis-Cummings), as
/// ChargingOperators::levels counts them.
///
/// A cut leaves out populations p_n and coherences, of which those with a level d below are at most
/// sqrt(p_n p_(n-d)). For Tavis-Cummings all that an observation sees of them is counted, d = N.
/// For Dicke what is left out has to come back down first, and jumps take its phase on the way:
/// d = 2 is counted, and energies moved by less than 1e-3 of what is allowed. What has met no jump
/// keeps its phase, and is left out by its amplitude alone (no_jump_truncation.hpp).
class LevelControl {
 public:
  /// What one cut may cost, of the tolerance.
  static constexpr double share_of_cut = 0.01;

  /// Kept beyond what a cut needs, for what the next step may bring.
  [[nodiscard]] static int first_margin(const BatteryParameters& battery);

  /// \param later  of the states without a jump; without it nothing is cut
  LevelControl(const BatteryParameters& battery, const ChargingSettings& settings,
               std::optional<LaterWeights> later);

  /// Whether anything is lost, so that cuts may be worth their while.
  [[nodiscard]] bool cuts() const { return cuts_; }

  /// How long the next step may be for a change of levels to come in time.
  [[nodiscard]] double longest_step() const { return longest_step_; }

  /// The levels to go on with after a step that ended at t, as many as `levels` at most. Where that
  /// is all of them, the steps that follow may be twice as long.
  /// \param populations  of all levels, at t; not asked for where nothing cuts()
  [[nodiscard]] int levels_after(double t, const std::vector<double>& populations, int levels);

  /// What truncation may cost a step on `levels`: what there is to lose where the run began with no
  /// more.
  [[nodiscard]] double allowed(int levels) const;

  /// The levels to repeat a step with that lost more than allowed(), and as many more from now on.
  /// \param seen  of this step, which took `duration`
  [[nodiscard]] int more(int levels, const ChargingDiagnostics& seen, double duration);

  /// Those that the run began with, or that it was found to need.
  [[nodiscard]] int most() const { return most_; }

  /// The fewest that it went on with.
  [[nodiscard]] int fewest() const { return fewest_; }

  /// All that changes, as numbers, and back.
  [[nodiscard]] std::vector<double> state() const;
  void restore(const std::vector<double>& state);

 private:
  [[nodiscard]] int levels_needed(double t, const std::vector<double>& populations,
                                  int levels) const;

  BatteryParameters battery_;
  double tolerance_;
  bool grows_;
  std::optional<LaterWeights> later_;
  bool cuts_;
  bool in_excitations_;
  int most_;
  int fewest_;
  int margin_;
  double longest_step_;
};

}  // namespace qbsweep
