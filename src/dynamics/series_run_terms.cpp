// One step: the terms of its series, part by part, and what they are watched for.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "qbsweep/dynamics/result_scales.hpp"
#include "qbsweep/operators/ellipse_series.hpp"
#include "qbsweep/parallel/collectively.hpp"
#include "qbsweep/parallel/mpi.hpp"
#include "series_run.hpp"

namespace qbsweep {

void SeriesRun::begin_step(const SeriesStep& plan) {
  collectively(watch_.comm(), [&] {
    SeriesUnderWay& step = step_.emplace();
    step.plan = plan;
    step.last = run_.t + plan.duration >= settings_.t_max * (1 - 1e-12);
    for (const auto& part : operators_.parts) {
      step.terms.emplace_back(part->comm(), plan.terms,
                              static_cast<std::int64_t>(part->observed().size()));
    }
    step.ends.resize(step.last ? 0 : operators_.parts.size());
    if (moves()) {
      weights_ = weights_of_step(plan.duration).value();
    } else {
      propagator_.emplace(*operators_.parts.front(), plan, std::array{plan.duration});
    }
  });
}

bool SeriesRun::compute_step() {
  while (step_->part < operators_.parts.size()) {
    if (!(moves() ? run_moving_part() : run_part())) {
      return false;
    }
    ++step_->part;
    step_->next_term = 0;
  }
  return true;
}

void SeriesRun::begin_part() {
  const std::size_t p = step_->part;
  const MatrixFreeOperator& part = *operators_.parts[p];
  collectively(watch_.comm(), [&] {
    if (here_.size() != part.size()) {
      here_ = SectorState(part.size());
      previous_ = SectorState(part.size());
    } else {
      // Each part has its padding elsewhere, and leaves it as it is.
      std::fill_n(previous_.data(), previous_.size(), 0.0);
    }
    if (run_.t == 0) {
      first_.set(part, here_.data());
    } else {
      std::copy_n(states_[p].data(), part.size(), here_.data());
    }
    if (!step_->last) {
      step_->ends[p] = SectorState(part.size());
    }
  });
  const Slab slab = part.slab();
  double sum = square_norm(here_, slab.own_begin, slab.own_end);
  if (Communicator::size_of(part.comm()) > 1) {
    check_mpi(MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, part.comm()),
              "add up the norm of a state");
  }
  step_->rounding.begin(std::sqrt(sum), series_tolerance_);
}

bool SeriesRun::run_part() {
  const std::size_t p = step_->part;
  const MatrixFreeOperator& part = *operators_.parts[p];
  propagator_->use(part);
  if (step_->next_term == 0) {
    begin_part();
  }
  std::int64_t steps = 0;  // since the last look
  const auto visit = [&](std::int64_t k, const SectorState& vector) {
    run_.applications += k > 0 ? 1 : 0;
    part.observe(vector.data(), step_->terms[p].next_row());
    step_->next_term = k + 1;
    meter_.count(static_cast<double>(part.slab().whole));
    ++steps;
    const bool last = k + 1 == step_->plan.terms;
    if (last || (k + 1) % SharedTerms::rows_at_once == 0) {
      step_->terms[p].share();
    }
    const bool judge = last || (k + 1) % SeriesRounding::terms_between_norms == 0;
    if (judge || (k + 1) % watch_.steps_between_looks() == 0) {
      return look(vector, std::exchange(steps, 0), judge);
    }
    return true;
  };
  const std::span<SectorState> end =
      step_->last ? std::span<SectorState>() : std::span(&step_->ends[p], 1);
  return propagator_->run(here_, previous_, end, visit, step_->next_term);
}

bool SeriesRun::look(const SectorState& vector, std::int64_t steps, bool judge) {
  const MatrixFreeOperator& part = *operators_.parts[step_->part];
  const Slab slab = part.slab();
  const bool shared = Communicator::size_of(part.comm()) > 1;
  double sum = 0;
  if (judge && (shared || Communicator::rank_of(watch_.comm()) == 0)) {
    // Where the part is not shared every rank has the whole, and the first one's counts.
    sum = square_norm(vector, slab.own_begin, slab.own_end);
  }
  const WatchAction action = watch_.look(progress(), steps, sum);
  if (action == WatchAction::stop) {
    throw ComputationLeft();
  }
  if (step_->rounding.has_grown(std::sqrt(sum))) {
    return false;
  }
  if (judge) {
    step_->rounding.note(propagator_->coefficients(), step_->next_term, std::sqrt(sum));
  }
  if (action == WatchAction::save || action == WatchAction::save_and_stop) {
    step_->terms[step_->part].share();
    watch_.save(checkpoint());
  }
  if (action == WatchAction::save_and_stop) {
    throw ComputationLeft();
  }
  return true;
}

double SeriesRun::excess_of_rounding() const {
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  // Errors of steps are independent, so their squares add up. No shorter steps avoid what a series
  // costs that does not grow.
  const double share = std::sqrt(step_->plan.duration / settings_.t_max);
  const double unavoidable = 4 * epsilon * std::sqrt(static_cast<double>(step_->plan.terms));
  return step_->rounding.cost() /
         std::max(share * relative_tolerance(battery_, settings_.tolerance), unavoidable);
}

}  // namespace qbsweep
