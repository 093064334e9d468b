// How a run goes through the pieces of its schedule.
#include <algorithm>
#include <iterator>

#include "series_run.hpp"

namespace qbsweep {

void SeriesRun::enter_piece(double t) {
  const auto ends_later = [&](const SchedulePiece& piece) { return piece.end * (1 - 1e-12) > t; };
  const auto found = std::ranges::find_if(pieces_, ends_later);
  const bool first = operators_.parts.empty();
  const auto levels = first ? std::optional<int>() : operators_.levels;
  piece_ = static_cast<std::size_t>(std::distance(pieces_.begin(), found));
  moving_ = settings_.schedule.moving(*found);
  run_.longest = found->end - found->begin;
  run_.failures = 0;
  make_operators(levels);
  const bool state_vector = operators_.reductions.has(Reduction::state_vector);
  recorder_.begin_piece(*found, state_vector ? ControlValues() : standing_controls(),
                        operators_.frame);
}

ControlValues SeriesRun::standing_controls() const {
  const SchedulePiece& piece = pieces_[piece_];
  ControlValues values = settings_.schedule.at(piece, piece.middle());
  for (const Control control : moving_) {
    values[control] = 1.0;
  }
  return values;
}

void SeriesRun::make_operators(std::optional<int> levels) {
  ControlValues values = standing_controls();
  const auto make = [&] {
    const BatteryParameters battery = settings_.schedule.battery_with(battery_, values);
    ChargingOperators operators =
        settings_.liouvillian == LiouvillianKind::assembled || !kernels_carry(battery)
            ? assembled_operators(battery)
            : matrix_free_operators(battery, watch_.comm(), levels);
    operators.ask_for(request_of(settings_.observables), battery);
    return operators;
  };
  operators_ = make();
  moved_.clear();
  for (const Control control : moving_) {
    values[control] = moved_control;
    moved_.push_back(make());
    values[control] = 1.0;
  }
}

}  // namespace qbsweep
