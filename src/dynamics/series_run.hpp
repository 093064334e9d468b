#pragma once
/// \file
/// A charging run by series (series_charging.hpp): its state from step to step, and what is done
/// with it. series_run.cpp has the steps, series_run_terms.cpp what happens within one,
/// series_run_moving.cpp what happens within one in which a control moves, series_run_pieces.cpp how
/// the run goes through the pieces of a schedule, series_run_levels.cpp how Fock levels come and go,
/// series_run_saving.cpp what is saved.

#include <mpi.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "group_watch.hpp"
#include "initial_state.hpp"
#include "level_control.hpp"
#include "qbsweep/dynamics/charging_result.hpp"
#include "qbsweep/dynamics/figures_recorder.hpp"
#include "qbsweep/dynamics/power_series.hpp"
#include "qbsweep/dynamics/series_propagator.hpp"
#include "qbsweep/dynamics/series_steps.hpp"
#include "qbsweep/model/observations.hpp"
#include "qbsweep/model/schedule.hpp"
#include "qbsweep/operators/charging_operators.hpp"
#include "qbsweep/operators/sector_state.hpp"
#include "series_under_way.hpp"

namespace qbsweep {

class SeriesRun {
 public:
  /// Collective on `comm`, as all that follows.
  SeriesRun(MPI_Comm comm, const BatteryParameters& battery, const ChargingSettings& settings,
            const Watch& watch, const std::optional<LaterWeights>& later,
            std::int64_t earlier_applications);

  /// Goes on from what was saved, if there is anything for these Fock levels. Once, before run().
  void resume();

  ChargingResult run();

 private:
  /// Goes to the piece of the schedule that `t` lies in.
  void enter_piece(double t);
  /// Whether a control moves in the piece, so that its steps are power series.
  [[nodiscard]] bool moves() const { return !moving_.empty(); }
  /// Those of the piece; of a moving control 1, at which it is in the first operators.
  [[nodiscard]] ControlValues standing_controls() const;
  /// Of the piece, on `levels`; those of the battery where none are given.
  void make_operators(std::optional<int> levels);
  [[nodiscard]] SeriesStep next_step() const;
  [[nodiscard]] SeriesStep next_moving_step() const;
  /// The weights of the operators of the moving controls over a step from now; nothing where a
  /// control changes too fast for a step of that length.
  [[nodiscard]] std::optional<PowerWeights> weights_of_step(double duration) const;
  /// \throws EnvironmentError for a moving step that is too short to be sensible
  void require_length(double duration) const;
  bool run_moving_part();
  /// What the terms left out of a moving step may have cost over its share of the tolerance.
  [[nodiscard]] double excess_of_moving_step() const;
  /// How long the next moving step may be after one of `plan`, by how its terms died out.
  void adapt_moving_step(const SeriesStep& plan, double excess);
  void begin_step(const SeriesStep& plan);
  /// False where the vectors of the series grow.
  bool compute_step();
  /// Makes the next step shorter, after one that lost too much to rounding.
  void shorten(const SeriesStep& plan, bool grown, double excess);
  /// Records the step, at whose end the next one begins; false, and nothing is recorded, where it
  /// had too few levels.
  bool finish_step();
  /// Whether the levels of the operators are Fock levels, or else excitations.
  [[nodiscard]] bool has_fock_levels() const;
  /// Whether the parts can go on with other levels.
  [[nodiscard]] bool can_change_levels() const;
  /// Fewer levels, if the state after a step can do without the others.
  void cut_levels();
  /// More levels for the step that is to be done again, after one of `duration`.
  void add_levels(double duration);
  void use_levels(int levels);
  bool run_part();
  /// What a part's series begins with, and room for it.
  void begin_part();
  /// Asks the watch, and does as it wishes. If `judge`, false where the series has grown, up to
  /// `vector`: there is nothing to save of it, and the watch will be asked again.
  bool look(const SectorState& vector, std::int64_t steps, bool judge);
  /// What rounding has cost the step over its share of the tolerance.
  [[nodiscard]] double excess_of_rounding() const;
  [[nodiscard]] Progress progress() const;
  [[nodiscard]] Checkpoint checkpoint();

  BatteryParameters battery_;
  ChargingSettings settings_;
  GroupWatch watch_;
  InitialMixture first_;
  StateBasis basis_;
  ObservationLayout layout_;
  std::vector<SchedulePiece> pieces_;
  std::size_t piece_ = 0;
  double moving_time_ = 0.0;              // of all pieces in which a control moves
  std::vector<Control> moving_;           // in this piece
  std::vector<ChargingOperators> moved_;  // each with one of them elsewhere
  ChargingOperators operators_;           // of this piece; with moving controls at 1
  std::int64_t unknowns_;                 // with the most levels
  LevelControl levels_;
  FiguresRecorder recorder_;
  double series_tolerance_ = 0.0;

  RunProgress run_;
  std::optional<SeriesUnderWay> step_;
  std::optional<SeriesPropagator> propagator_;  // of the part under way
  std::vector<SectorState> states_;  // of the parts, at the begin of a step; empty in the first
  SectorState previous_;
  SectorState here_;
  PowerWeights weights_;     // of the moving step under way
  PowerSeriesRoom room_;     // of moving steps
  double last_terms_ = 0.0;  // squared norms of the last terms of a moving step
  WorkMeter meter_;
};

}  // namespace qbsweep
