// One step: the terms of its series, part by part, and what they are watched for.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "qbsweep/dynamics/result_scales.hpp"
#include "qbsweep/operators/ellipse_series.hpp"
#include "qbsweep/operators/series_vectors.hpp"
#include "qbsweep/parallel/collectively.hpp"
#include "qbsweep/parallel/mpi.hpp"
#include "series_run.hpp"

namespace qbsweep {
namespace {

/// Growth and rounding are looked for at terms that do not depend on how long one takes.
constexpr std::int64_t terms_between_norms = GroupWatch::most_steps;

}  // namespace

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
    EllipseSeries(plan.ellipse).coefficients(plan.duration, plan.terms, coefficients_);
  });
}

bool SeriesRun::compute_step() {
  while (step_->part < operators_.parts.size()) {
    if (!run_part()) {
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
  step_->norm = std::sqrt(sum);
  step_->injected = 0.0;
  step_->allowed = largest_series_growth * std::max(step_->norm, series_tolerance_);
}

void SeriesRun::add_to_end(std::int64_t term, const SectorState& vector) {
  double* const end = step_->ends[step_->part].data();
  const std::int64_t size = vector.size();
  if (term % 2 != 0) {
    (void)add_scaled({coefficients_[term - 1], coefficients_[term]}, previous_.data(),
                     vector.data(), end, size);
  } else if (term + 1 == step_->plan.terms) {
    (void)add_scaled(coefficients_[term], vector.data(), end, size);
  }
}

bool SeriesRun::run_part() {
  const std::size_t p = step_->part;
  const MatrixFreeOperator& part = *operators_.parts[p];
  const EllipseSeries series(step_->plan.ellipse);
  if (step_->next_term == 0) {
    begin_part();
  }
  std::int64_t steps = 0;  // since the last look
  const auto visit = [&](std::int64_t k, const SectorState& vector) {
    run_.applications += k > 0 ? 1 : 0;
    part.observe(vector.data(), step_->terms[p].next_row());
    if (!step_->last) {
      add_to_end(k, vector);
    }
    step_->next_term = k + 1;
    meter_.count(static_cast<double>(part.slab().whole));
    ++steps;
    const bool last = k + 1 == step_->plan.terms;
    if (last || (k + 1) % SharedTerms::rows_at_once == 0) {
      step_->terms[p].share();
    }
    const bool judge = last || (k + 1) % terms_between_norms == 0;
    if (judge || (k + 1) % watch_.steps_between_looks() == 0) {
      return look(vector, std::exchange(steps, 0), judge);
    }
    return true;
  };
  return for_each_series_vector(part, series, step_->plan.terms, here_, previous_, visit,
                                step_->next_term);
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
  if (!(std::sqrt(sum) <= step_->allowed)) {
    return false;
  }
  if (judge) {
    note_rounding(std::sqrt(sum));
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

void SeriesRun::note_rounding(double norm) {
  const std::int64_t end = step_->next_term;
  const double largest = std::max(step_->norm, norm);
  for (std::int64_t k = (end - 1) / terms_between_norms * terms_between_norms; k < end; ++k) {
    step_->injected += largest * largest;
    step_->rounding += coefficients_[k] * coefficients_[k] * step_->injected;
  }
  step_->norm = norm;
}

double SeriesRun::excess_of_rounding() const {
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  const double rounding = epsilon * std::sqrt(step_->rounding);
  // Errors of steps are independent, so their squares add up. No shorter steps avoid what a series
  // costs that does not grow.
  const double share = std::sqrt(step_->plan.duration / settings_.t_max);
  const double unavoidable = 4 * epsilon * std::sqrt(static_cast<double>(step_->plan.terms));
  return rounding /
         std::max(share * relative_tolerance(battery_, settings_.tolerance), unavoidable);
}

}  // namespace qbsweep
