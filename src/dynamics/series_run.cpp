#include "series_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "qbsweep/dynamics/result_scales.hpp"
#include "qbsweep/operators/series_vectors.hpp"
#include "qbsweep/support/error.hpp"
#include "record_series.hpp"

namespace qbsweep {
namespace {

/// Each failure shortens the step; after so many it is not the length.
constexpr int most_failures = 40;

}  // namespace

SeriesRun::SeriesRun(MPI_Comm comm, const BatteryParameters& battery,
                     const ChargingSettings& settings, const Watch& watch,
                     const std::optional<LaterWeights>& later, std::int64_t earlier_applications)
    : battery_(battery),
      settings_(settings),
      watch_(comm, watch),
      first_(initial_mixture(battery)),
      basis_(battery.N, battery.fock_dim, has_local_noise(battery)),
      layout_(basis_, battery, request_of(settings.observables)),
      pieces_(pieces_of(settings)),
      unknowns_(0),
      levels_(battery, settings, later),
      recorder_(basis_, battery, settings) {
  for (const SchedulePiece& piece : pieces_) {
    moving_time_ += settings.schedule.moving(piece).empty() ? 0.0 : piece.end - piece.begin;
  }
  enter_piece(0.0);
  unknowns_ = operators_.unknowns();
  run_.earlier_applications = earlier_applications;
  series_tolerance_ = series_tolerance(battery, settings.tolerance);
}

ChargingResult SeriesRun::run() {
  while (run_.t < settings_.t_max * (1 - 1e-12)) {
    if (run_.t >= pieces_[piece_].end * (1 - 1e-12)) {
      run_.t = pieces_[piece_].end;
      recorder_.end_piece();
      enter_piece(run_.t);
    }
    if (!step_) {
      begin_step(moves() ? next_moving_step() : next_step());
    }
    const SeriesStep plan = step_->plan;
    const bool grown = !compute_step();
    const double excess = grown ? 0.0 : excess_of_rounding();
    const double left_out = grown || !moves() ? 0.0 : excess_of_moving_step();
    if (grown || !(excess <= 1)) {
      step_.reset();
      shorten(plan, grown, excess);
    } else if (!(left_out <= 1)) {
      step_.reset();
      adapt_moving_step(plan, left_out);
    } else if (finish_step()) {
      run_.t += plan.duration;
      if (moves()) {
        adapt_moving_step(plan, left_out);
      }
      cut_levels();
    } else {
      add_levels(plan.duration);
    }
  }
  ChargingResult result = recorder_.finish();
  require_trace(result.diagnostics.trace_error_max, battery_, settings_.tolerance);
  result.diagnostics.coherent_weight_cut = first_.weight_cut;
  result.diagnostics.operator_applications = run_.earlier_applications + run_.applications;
  result.diagnostics.unknowns = unknowns_;
  result.diagnostics.fock_dim = battery_.fock_dim;
  result.diagnostics.fewest_levels = levels_.fewest();
  result.diagnostics.reductions = operators_.reductions;
  return result;
}

SeriesStep SeriesRun::next_step() const {
  // Growth builds up along a series, so shorter ones may do; where they do not, the ellipse that
  // holds the whole field of values bounds it.
  const bool careful = run_.failures >= shorter_series_tries;
  const double window = std::min(run_.longest, pieces_[piece_].end - run_.t);
  double columns = 0;
  for (const auto& part : operators_.parts) {
    columns += static_cast<double>(part->observed().size());
  }
  const auto within = [&](double longest) {
    return series_step(operators_.values, battery_, settings_.tolerance, longest, careful, columns);
  };
  const SeriesStep step = within(window);
  // Each series has terms to begin with that no time is gained by.
  constexpr double worth_a_series = 150;
  const double until_cut = std::max(
      levels_.longest_step(), step.duration * worth_a_series / static_cast<double>(step.terms));
  // Between steps the whole state is kept twice, which little loss is not worth.
  constexpr double worth_a_cut = 3;
  return worth_a_cut * until_cut < step.duration && can_change_levels() ? within(until_cut) : step;
}

void SeriesRun::shorten(const SeriesStep& plan, bool grown, double excess) {
  if (!grown) {
    // Rounding grows with the coefficients, and these with exp(right end of the ellipse t).
    const double growth = std::max(plan.ellipse.right_end() * plan.duration, 1.0);
    run_.longest = plan.duration * std::clamp(1 - (std::log(excess) + 0.5) / growth, 0.25, 0.9);
    return;
  }
  if (++run_.failures > most_failures) {
    throw EnvironmentError(
        fmt::format("the series for exp(L t) grows at t = {} even over {:.2e}: rounding would "
                    "cost more than the tolerance {:.0e}",
                    run_.t, plan.duration, settings_.tolerance));
  }
  run_.longest =
      run_.failures == shorter_series_tries && !moves() ? settings_.t_max : plan.duration / 2;
}

bool SeriesRun::finish_step() {
  // What is recorded needs room of its own; the next step makes its vectors anew.
  here_ = SectorState();
  previous_ = SectorState();
  const bool may_grow = can_change_levels() && std::isfinite(levels_.allowed(operators_.levels));
  const std::vector<double> recorded = may_grow ? recorder_.state() : std::vector<double>();
  recorder_.begin_levels(has_fock_levels() ? operators_.levels : battery_.fock_dim);
  record_series(battery_, layout_, operators_, *step_, run_.t, series_tolerance_, recorder_);
  if (may_grow &&
      recorder_.on_these_levels().truncation_error > levels_.allowed(operators_.levels)) {
    recorder_.restore(recorded);
    step_.reset();
    return false;
  }
  states_ = std::move(step_->ends);
  step_.reset();
  return true;
}

}  // namespace qbsweep
