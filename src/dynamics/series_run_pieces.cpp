// How a run goes through the pieces of its schedule.
#include <algorithm>
#include <cmath>
#include <utility>

#include "series_run.hpp"

namespace qbsweep {
namespace {

/// Where the second operator has a control that moves; the first has it at 1.
constexpr double moved_control = 0.5;

}  // namespace

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
  ControlValues observed_with = settings_.schedule.at(*found, found->middle());
  for (const Control control : moving_) {
    observed_with[control] = 1.0;
  }
  recorder_.begin_piece(*found, observed_with);
}

void SeriesRun::make_operators(std::optional<int> levels) {
  const SchedulePiece& piece = pieces_[piece_];
  ControlValues values = settings_.schedule.at(piece, piece.middle());
  for (const Control control : moving_) {
    values[control] = 1.0;
  }
  const auto make = [&] {
    const BatteryParameters battery =
        settings_.schedule.empty() ? battery_ : with_controls(battery_, values);
    ChargingOperators operators =
        settings_.liouvillian == LiouvillianKind::assembled || !kernels_carry(battery)
            ? assembled_operators(battery)
            : matrix_free_operators(battery, watch_.comm(), levels);
    operators.ask_for(request_of(settings_.observables));
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

PowerWeights SeriesRun::weights_of_step(double duration) const {
  constexpr std::size_t most_coefficients = 40;
  constexpr double negligible = 1e-17;
  PowerWeights weights;
  for (const Control control : moving_) {
    std::vector<double>& of_one = weights.emplace_back(most_coefficients);
    settings_.schedule.expand(control, pieces_[piece_], run_.t, of_one);
    // u = 1 - w + moved_control w.
    of_one[0] -= 1.0;
    double power = 1.0;
    for (double& weight : of_one) {
      weight *= power / (moved_control - 1.0);
      power *= duration;
    }
    while (of_one.size() > 1 && std::abs(of_one.back()) < negligible) {
      of_one.pop_back();
    }
  }
  return weights;
}

}  // namespace qbsweep
