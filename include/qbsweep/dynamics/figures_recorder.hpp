#pragma once
/// \file
/// Follows a charging run step by step: finds the figures of merit in continuous time, takes the
/// samples of the trajectory, keeps the diagnostics.

#include <array>
#include <cstdint>
#include <vector>

#include "qbsweep/dynamics/charging_result.hpp"
#include "qbsweep/dynamics/charging_settings.hpp"
#include "qbsweep/dynamics/dense_output.hpp"
#include "qbsweep/dynamics/energy_balance.hpp"
#include "qbsweep/dynamics/running_maximum.hpp"
#include "qbsweep/model/ergotropy.hpp"
#include "qbsweep/model/observable.hpp"
#include "qbsweep/model/observations.hpp"

namespace qbsweep {

class FiguresRecorder {
 public:
  FiguresRecorder(const StateBasis& basis, const BatteryParameters& battery,
                  const ChargingSettings& settings);

  /// The next piece of the window; steps come in order and without gaps, the first one from t = 0.
  void step(const DenseStep& step);
  /// The steps that follow lie in `piece` of the schedule, and are observed with these controls.
  /// \param frame  that their states are computed in; the same in all pieces
  void begin_piece(const SchedulePiece& piece, const ControlValues& observed_with, Frame frame);
  /// Before the next piece: a maximum may lie where the controls jump.
  void end_piece();
  /// What follows has the observations of `layout`, which has more levels than the one before.
  void use_layout(const ObservationLayout& layout) { layout_ = layout; }
  /// What follows has `fock_dim` levels, which its tail is judged by; at first those of the basis.
  void begin_levels(int fock_dim);
  /// fock_tail_max and truncation_error since then.
  [[nodiscard]] const ChargingDiagnostics& on_these_levels() const { return on_these_levels_; }
  /// After the last step, which ended at t_max.
  [[nodiscard]] ChargingResult finish();

  /// All that was seen so far, as numbers.
  [[nodiscard]] std::vector<double> state() const;
  /// Goes on from what state() gave in a recorder for the same charging run.
  /// \throws EnvironmentError for numbers that are no such state
  void restore(const std::vector<double>& state);

 private:
  // The quantities whose maxima are looked for: E_B, the ergotropies, and what each has
  // gained over t.
  static constexpr std::size_t energies = 1 + ergotropy_definitions;
  static constexpr std::size_t quantities = 2 * energies;
  [[nodiscard]] static bool is_ergotropy(std::size_t quantity) {
    return quantity >= 1 && quantity < energies;
  }

  /// All quantities and their time derivatives at one time.
  struct Probe {
    double time = 0.0;
    std::array<double, quantities> value = {};
    std::array<double, quantities> rate = {};
    double fock_tail = 0.0;
    double fock_tail_rate = 0.0;
  };

  /// Calls visit() for every number, array or vector that `recorder` has gathered.
  template <typename Recorder, typename Visit>
  static void for_each_part(Recorder& recorder, Visit&& visit);
  [[nodiscard]] Probe probe(double t, const std::vector<double>& observations,
                            const std::vector<double>& rates);
  [[nodiscard]] Probe probe(const DenseStep& step, double t);
  /// The observations at t. Levels that the step does not have are empty.
  void observe(const DenseStep& step, double t, std::vector<double>& observations) const;
  [[nodiscard]] ObservedState state_of(double t, const std::vector<double>& observations,
                                       const BatteryEnergies& of_battery) const;
  /// The state at t = 0, and what counts there, seen from the first step.
  void begin_window(const DenseStep& step);
  /// Looks for maxima between two probes, in halves where something happens between them that the
  /// rates at their ends do not show.
  void search(const DenseStep& step, const Probe& left, const Probe& right, int depth,
              const std::array<double, quantities>& bends_before);
  /// What rounding does to a power at early times, where it is divided by a small number.
  [[nodiscard]] double rounding(std::size_t quantity, double time) const;
  void look_for_maxima(const DenseStep& step, const Probe& left, const Probe& right);
  void note_maximum(std::size_t quantity, double time, double value,
                    const std::vector<double>& observations);
  /// The largest Fock tail between two probes, which the battery has no part in.
  void follow_fock_tail(const DenseStep& step, const Probe& left, const Probe& right);
  void sample(double t, const std::vector<double>& observations);
  void diagnose(const std::vector<double>& observations);

  /// Where energy comes from over a step, and how frames turn.
  void balance(const DenseStep& step);

  ObservationLayout layout_;
  std::vector<SpinBlock> blocks_;
  int fock_dim_;
  ChargingDiagnostics on_these_levels_;
  BatteryObserver battery_observer_;
  BatteryParameters battery_;
  ChargingSettings settings_;
  SchedulePiece piece_;
  ControlValues observed_with_;
  Frame frame_;
  bool has_balance_;  // whether it is needed where energy comes from, or how frames turn
  EnergyBalance balance_;
  bool has_jumped_ = false;  // the next piece's controls begin where the last one's did not end
  std::vector<const Observable*> asked_for_;  // of the observables, those that are not always there

  std::array<RunningMaximum, quantities> maxima_;
  ChargingResult result_;                             // but for the figures of merit
  std::array<double, energies> first_energies_ = {};  // at t = 0
  Probe last_;                                        // at the end of what was seen
  std::vector<double> last_observations_;             // there
  std::vector<double> observations_;                  // work space
  std::vector<double> rates_;                         // work space
};

}  // namespace qbsweep
