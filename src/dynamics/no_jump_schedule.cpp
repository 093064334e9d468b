#include "no_jump_schedule.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "initial_state.hpp"
#include "no_jump_steps.hpp"
#include "qbsweep/dynamics/series_propagator.hpp"
#include "qbsweep/operators/ellipse_series.hpp"
#include "qbsweep/operators/pure_state.hpp"
#include "qbsweep/operators/sector_state.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

/// Of a step of a moving control, over the time between two looks.
constexpr int parts_of_look = 4;

/// Times at which the mean of a control is taken over a step: those of Gauss, with their weights.
constexpr std::array<std::array<double, 2>, 3> means = {
    {{0.1127016653792583, 5.0 / 18}, {0.5, 8.0 / 18}, {0.8872983346207417, 5.0 / 18}}};

struct StandingStep {
  double end = 0.0;
  ControlValues controls;
};

/// The steps of the window, each within a look and a piece of the schedule.
std::vector<StandingStep> standing_steps(const Schedule& schedule, double interval, double t_max) {
  std::vector<StandingStep> steps;
  double t = 0.0;
  for (const SchedulePiece& piece : schedule.pieces()) {
    const bool moves = !schedule.moving(piece).empty();
    while (t < std::min(piece.end, t_max) * (1 - 1e-12)) {
      // Rounding must not make a step of nothing before the next look.
      const double look = interval * (std::floor(t / interval * (1 + 1e-12) + 1e-9) + 1);
      double end = std::min(piece.end, look);
      if (moves) {
        end = std::min(end, t + interval / parts_of_look);
      }
      ControlValues mean;
      for (const ControlInfo& info : control_table()) {
        if (!schedule.has(info.control)) {
          continue;
        }
        mean[info.control] = 0.0;
        for (const auto& [place, weight] : means) {
          mean[info.control] += weight * schedule.at(piece, t + place * (end - t))[info.control];
        }
      }
      steps.push_back({end, mean});
      t = end;
    }
  }
  return steps;
}

}  // namespace

void follow_schedule(const BatteryParameters& battery, const Schedule& schedule, double t_max,
                     std::int64_t looks, const Watch& watch,
                     const std::function<bool(std::int64_t, std::span<const double>)>& visit) {
  const double interval = t_max / static_cast<double>(looks - 1);
  const auto flow_with = [&](const ControlValues& controls) {
    const BatteryParameters now = schedule.battery_with(battery, controls);
    const EnergyRange range = energy_range(now);
    return std::pair(std::make_unique<PureStateOperator>(now, (range.low + range.high) / 2),
                     no_jump_values(now, (range.high - range.low) / 2));
  };
  SectorState state;
  {
    const auto flow = flow_with({}).first;
    state = SectorState(flow->size());
    initial_mixture(battery).set(*flow, state.data());
  }
  SectorState previous(state.size());
  std::array<SectorState, 1> end;
  end[0] = SectorState(state.size());
  const auto see = [&](std::int64_t look) {
    return visit(look,
                 std::span<const double>(state.data(), static_cast<std::size_t>(state.size())));
  };
  if (!see(0)) {
    return;
  }
  std::int64_t look = 1;
  double t = 0.0;
  for (const StandingStep& step : standing_steps(schedule, interval, t_max)) {
    const auto [flow, values] = flow_with(step.controls);
    const double duration = step.end - t;
    const NoJumpSteps cut = no_jump_steps(values, duration, 2);
    const double part = duration / static_cast<double>(cut.steps_of_look);
    const std::int64_t terms = EllipseSeries(cut.ellipse).terms(part, no_jump_accuracy);
    const SeriesPropagator series(*flow, {cut.ellipse, part, terms}, std::array{part});
    for (std::int64_t p = 0; p < cut.steps_of_look; ++p) {
      look_in(watch, 0.0);
      std::fill_n(end[0].data(), end[0].size(), 0.0);
      SeriesRounding rounding;
      if (!series.run_watched(state, previous, end, rounding, 1.0) ||
          !(rounding.cost() <= most_no_jump_rounding)) {
        throw EnvironmentError(
            "what truncation costs cannot be told: rounding grows in the evolution between jumps");
      }
      std::swap(state, end[0]);
    }
    t = step.end;
    if (look < looks && t > interval * static_cast<double>(look) * (1 - 1e-9)) {
      if (!see(look++)) {
        return;
      }
    }
  }
}

}  // namespace qbsweep
