// Steps in which a control moves: power series in time (power_series.hpp).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "qbsweep/dynamics/polynomial_fit.hpp"
#include "qbsweep/dynamics/result_scales.hpp"
#include "qbsweep/operators/series_vectors.hpp"
#include "qbsweep/parallel/mpi.hpp"
#include "qbsweep/support/error.hpp"
#include "series_run.hpp"

namespace qbsweep {
namespace {

/// The last ones, by which those left out are judged: parity may leave every other one empty.
constexpr std::int64_t judged = 2;

}  // namespace

SeriesStep SeriesRun::next_moving_step() const {
  const double rest = pieces_[piece_].end - run_.t;
  // At first as if the state had all energies that there are.
  const double reach = std::max(operators_.values.reach(), 1e-300);
  double duration = std::min({run_.longest, rest, power_series_radians / reach});
  if (run_.longest < pieces_[piece_].end - pieces_[piece_].begin) {
    duration = std::min(run_.longest, rest);  // as the step before has shown
  }
  if (duration < rest && rest < 2 * duration) {
    duration = rest / 2;  // not a long one and a stub
  }
  while (!weights_of_step(duration)) {
    duration /= 2;
    require_length(duration);
  }
  return {{}, duration, power_series_terms, true};
}

bool SeriesRun::run_moving_part() {
  const std::size_t p = step_->part;
  const MatrixFreeOperator& part = *operators_.parts[p];
  if (p == 0) {
    last_terms_ = 0.0;
    // Nothing is saved within the step: it is short.
    double unused = 0.0;
    const WatchAction action = watch_.look(progress(), power_series_terms, unused);
    if (action == WatchAction::stop) {
      throw ComputationLeft();
    }
    begin_part();
    if (action == WatchAction::save || action == WatchAction::save_and_stop) {
      watch_.save(checkpoint());
    }
    if (action == WatchAction::save_and_stop) {
      throw ComputationLeft();
    }
  } else {
    begin_part();
  }
  std::vector<const MatrixFreeOperator*> operators = {&part};
  for (const ChargingOperators& moved : moved_) {
    operators.push_back(moved.parts[p].get());
  }
  const double duration = step_->plan.duration;
  PowerSeries series(operators, weights_, duration, step_->plan.terms, room_);
  const std::vector<double> ones(static_cast<std::size_t>(step_->plan.terms), 1.0);
  const Slab slab = part.slab();
  return series.run(
      here_, step_->last ? nullptr : &step_->ends[p], [&](std::int64_t n, const SectorState& term) {
        run_.applications += n > 0 ? std::ssize(operators) : 0;
        part.observe(term.data(), step_->terms[p].next_row());
        meter_.count(static_cast<double>(slab.whole * std::ssize(operators)));
        const bool last = n + 1 == step_->plan.terms;
        if (last || (n + 1) % SharedTerms::rows_at_once == 0) {
          step_->terms[p].share();
        }
        const bool judge = n + judged >= step_->plan.terms;
        if (!judge && (n + 1) % SeriesRounding::terms_between_norms != 0) {
          return true;
        }
        double sum = square_norm(term, slab.own_begin, slab.own_end);
        if (Communicator::size_of(part.comm()) > 1) {
          check_mpi(MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, part.comm()),
                    "add up the norm of a term");
        }
        last_terms_ += judge ? sum : 0.0;
        if (step_->rounding.has_grown(std::sqrt(sum))) {
          return false;
        }
        if (last || (n + 1) % SeriesRounding::terms_between_norms == 0) {
          step_->rounding.note(ones, n + 1, std::sqrt(sum));
        }
        return true;
      });
}

std::optional<PowerWeights> SeriesRun::weights_of_step(double duration) const {
  constexpr int most_coefficients = 24;
  // An error of a weight moves the state by that much of L times the step.
  constexpr double part_of_tolerance = 0.1;
  const double tolerance = part_of_tolerance * relative_tolerance(battery_, settings_.tolerance) /
                           std::max(1.0, settings_.t_max * operators_.values.reach());
  PowerWeights weights;
  for (const Control control : moving_) {
    const auto weight = [&](double x) {
      const double t = run_.t + x * duration;
      return weight_of_moved(settings_.schedule.at(pieces_[piece_], t)[control]);
    };
    // What rounding of the time does to a control that changes fast.
    double steepest = 0.0;
    for (const double t : {run_.t, run_.t + duration / 2, run_.t + duration}) {
      std::array<double, 2> series = {};
      settings_.schedule.expand(control, pieces_[piece_], t, series);
      steepest = std::max(steepest, std::abs(series[1]));
    }
    const double noise =
        8 * std::numeric_limits<double>::epsilon() * (run_.t + duration) * steepest;
    std::vector<double> powers =
        polynomial_fit(weight, most_coefficients, std::max(tolerance, noise));
    if (powers.empty()) {
      return std::nullopt;
    }
    weights.push_back(std::move(powers));
  }
  return weights;
}

double SeriesRun::excess_of_moving_step() const {
  // The errors of steps add up.
  const double share = step_->plan.duration / moving_time_;
  constexpr double part_of_tolerance = 0.3;
  const double allowed =
      part_of_tolerance * relative_tolerance(battery_, settings_.tolerance) * share;
  return std::sqrt(last_terms_) / std::max(allowed, std::numeric_limits<double>::epsilon());
}

void SeriesRun::adapt_moving_step(const SeriesStep& plan, double excess) {
  // The last terms go with this power of the length.
  const double factor =
      std::pow(std::max(excess, 1e-30), -1.0 / static_cast<double>(plan.terms - judged));
  constexpr double cautious = 0.9;
  run_.longest = plan.duration * std::clamp(cautious * factor, 0.2, 2.0);
  require_length(run_.longest);
}

void SeriesRun::require_length(double duration) const {
  constexpr double shortest = 1e-9;
  if (duration < shortest * (pieces_[piece_].end - pieces_[piece_].begin)) {
    throw EnvironmentError(fmt::format(
        "a control changes too fast at t = {}: steps become shorter than {:.0e} of the time from "
        "one kink to the next",
        run_.t, shortest));
  }
}

}  // namespace qbsweep
