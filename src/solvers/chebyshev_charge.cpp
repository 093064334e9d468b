#include "qbsweep/solvers/chebyshev_charge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "first_state.hpp"
#include "group_watch.hpp"
#include "qbsweep/liouvillian/charge_operators.hpp"
#include "qbsweep/liouvillian/ellipse_series.hpp"
#include "qbsweep/liouvillian/sector_state.hpp"
#include "qbsweep/liouvillian/series_vectors.hpp"
#include "qbsweep/physics/observables.hpp"
#include "qbsweep/solvers/figures_recorder.hpp"
#include "qbsweep/solvers/result_scales.hpp"
#include "qbsweep/solvers/series_steps.hpp"
#include "qbsweep/support/error.hpp"
#include "qbsweep/support/mpi.hpp"
#include "record_series.hpp"
#include "series_checkpoint.hpp"
#include "series_under_way.hpp"

namespace qbsweep {
namespace {

/// Each failure shortens the step; after so many it is not the length.
constexpr int most_failures = 40;

/// Growth and rounding are looked for at terms that do not depend on how long one takes.
constexpr std::int64_t terms_between_norms = GroupWatch::most_steps;

/// What the recorder has seen, in a checkpoint.
constexpr const char* figures_name = "figures_of_merit";

class ChebyshevCharge {
 public:
  ChebyshevCharge(MPI_Comm comm, const BatteryParameters& battery, const ChargeSettings& settings,
                  const Watch& watch, std::int64_t earlier_applications)
      : battery_(battery),
        settings_(settings),
        watch_(comm, watch),
        first_(first_state(battery)),
        basis_(battery.N, battery.fock_dim, has_local_noise(battery)),
        layout_(basis_),
        operators_(settings.liouvillian == LiouvillianKind::assembled || !kernels_carry(battery)
                       ? assembled_operators(battery)
                       : matrix_free_operators(battery, comm)),
        recorder_(basis_, battery, settings) {
    charge_.earlier_applications = earlier_applications;
    charge_.longest = settings.t_max;
    series_tolerance_ = series_tolerance(battery, settings.tolerance);
    for (const auto& part : operators_.parts) {
      columns_ += static_cast<std::int64_t>(part->observed().size());
    }
  }

  /// Goes on from what was saved, if there is anything for these Fock levels. Once, before run().
  void resume();

  ChargeResult run() {
    while (charge_.t < settings_.t_max * (1 - 1e-12)) {
      if (!step_) {
        // Growth builds up along a series, so shorter ones may do; where they do not, the ellipse
        // that holds the whole field of values bounds it.
        const bool careful = charge_.failures >= shorter_series_tries;
        begin_step(series_step(operators_.values, battery_, settings_.tolerance,
                               std::min(charge_.longest, settings_.t_max - charge_.t), careful,
                               static_cast<double>(columns_)));
      }
      const SeriesStep plan = step_->plan;
      const bool grown = !compute_step();
      const double excess = grown ? 0.0 : excess_of_rounding();
      if (!grown && excess <= 1) {
        finish_step();
        charge_.t += plan.duration;
        continue;
      }
      step_.reset();
      if (!grown) {
        // Rounding grows with the coefficients, and these with exp(right end of the ellipse t).
        const double growth = std::max(plan.ellipse.right_end() * plan.duration, 1.0);
        charge_.longest =
            plan.duration * std::clamp(1 - (std::log(excess) + 0.5) / growth, 0.25, 0.9);
        continue;
      }
      if (++charge_.failures > most_failures) {
        throw EnvironmentError(
            fmt::format("the series for exp(L t) grows at t = {} even over {:.2e}: rounding would "
                        "cost more than the tolerance {:.0e}",
                        charge_.t, plan.duration, settings_.tolerance));
      }
      charge_.longest =
          charge_.failures == shorter_series_tries ? settings_.t_max : plan.duration / 2;
    }
    ChargeResult result = recorder_.finish();
    require_trace(result.diagnostics.trace_error_max, battery_, settings_.tolerance);
    result.diagnostics.coherent_weight_cut = first_.weight_cut;
    result.diagnostics.operator_applications = charge_.earlier_applications + charge_.applications;
    result.diagnostics.unknowns = operators_.unknowns();
    result.diagnostics.fock_dim = battery_.fock_dim;
    result.diagnostics.reductions = operators_.reductions;
    return result;
  }

 private:
  void begin_step(const SeriesStep& plan);
  /// False where the vectors of the series grow.
  bool compute_step();
  /// Records the step, at whose end the next one begins.
  void finish_step();
  bool run_part();
  void begin_part();
  /// Asks the watch, and does as it wishes. If `judge`, false where the series has grown, up to
  /// `vector`: there is nothing to save of it, and the watch will be asked again.
  bool look(const SectorState& vector, std::int64_t steps, bool judge);
  /// Adds term number `term` to the part at the end of the step; two at a time, with the second.
  void add_to_end(std::int64_t term, const SectorState& vector);
  /// Adds what rounding has cost in the terms since the last norm was measured.
  void note_rounding(double norm);
  /// What rounding has cost the step over its share of the tolerance.
  [[nodiscard]] double excess_of_rounding() const;
  [[nodiscard]] Outlook outlook() const;
  [[nodiscard]] Checkpoint checkpoint();

  BatteryParameters battery_;
  ChargeSettings settings_;
  GroupWatch watch_;
  FirstState first_;
  StateBasis basis_;
  ObservationLayout layout_;
  ChargeOperators operators_;
  FiguresRecorder recorder_;
  double series_tolerance_ = 0.0;
  std::int64_t columns_ = 0;  // observations of all parts

  ChargeUnderWay charge_;
  std::optional<SeriesUnderWay> step_;
  std::vector<double> coefficients_;  // of the series, at the end of the step
  std::vector<SectorState> states_;   // of the parts, at the begin of a step; empty in the first
  SectorState previous_;
  SectorState here_;
  WorkMeter meter_;
};

void ChebyshevCharge::begin_step(const SeriesStep& plan) {
  together(watch_.comm(), [&] {
    SeriesUnderWay& step = step_.emplace();
    step.plan = plan;
    step.last = charge_.t + plan.duration >= settings_.t_max * (1 - 1e-12);
    for (const auto& part : operators_.parts) {
      step.terms.emplace_back(part->comm(), plan.terms,
                              static_cast<std::int64_t>(part->observed().size()));
    }
    step.ends.resize(step.last ? 0 : operators_.parts.size());
    EllipseSeries(plan.ellipse).coefficients(plan.duration, plan.terms, coefficients_);
  });
}

bool ChebyshevCharge::compute_step() {
  while (step_->part < operators_.parts.size()) {
    if (!run_part()) {
      return false;
    }
    ++step_->part;
    step_->next_term = 0;
  }
  return true;
}

void ChebyshevCharge::finish_step() {
  states_ = std::move(step_->ends);
  // What is recorded needs room of its own; the next step makes its vectors anew.
  here_ = SectorState();
  previous_ = SectorState();
  record_series(battery_, layout_, operators_, *step_, charge_.t, series_tolerance_, recorder_);
  step_.reset();
}

/// What a part's series begins with, and room for it.
void ChebyshevCharge::begin_part() {
  const std::size_t p = step_->part;
  const MatrixFreeOperator& part = *operators_.parts[p];
  together(watch_.comm(), [&] {
    if (here_.size() != part.size()) {
      here_ = SectorState(part.size());
      previous_ = SectorState(part.size());
    } else {
      // Each part has its padding elsewhere, and leaves it as it is.
      std::fill_n(previous_.data(), previous_.size(), 0.0);
    }
    if (charge_.t == 0) {
      part.set_pure_state(first_.amplitudes, here_.data());
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

void ChebyshevCharge::add_to_end(std::int64_t term, const SectorState& vector) {
  double* const end = step_->ends[step_->part].data();
  const std::int64_t size = vector.size();
  if (term % 2 != 0) {
    (void)add_scaled({coefficients_[term - 1], coefficients_[term]}, previous_.data(),
                     vector.data(), end, size);
  } else if (term + 1 == step_->plan.terms) {
    (void)add_scaled(coefficients_[term], vector.data(), end, size);
  }
}

bool ChebyshevCharge::run_part() {
  const std::size_t p = step_->part;
  const MatrixFreeOperator& part = *operators_.parts[p];
  const EllipseSeries series(step_->plan.ellipse);
  if (step_->next_term == 0) {
    begin_part();
  }
  std::int64_t steps = 0;  // since the last look
  const auto visit = [&](std::int64_t k, const SectorState& vector) {
    charge_.applications += k > 0 ? 1 : 0;
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

bool ChebyshevCharge::look(const SectorState& vector, std::int64_t steps, bool judge) {
  const MatrixFreeOperator& part = *operators_.parts[step_->part];
  const Slab slab = part.slab();
  const bool shared = Communicator::size_of(part.comm()) > 1;
  double sum = 0;
  if (judge && (shared || Communicator::rank_of(watch_.comm()) == 0)) {
    // Where the part is not shared every rank has the whole, and the first one's counts.
    sum = square_norm(vector, slab.own_begin, slab.own_end);
  }
  const Wish wish = watch_.look(outlook(), steps, sum);
  if (wish == Wish::drop) {
    throw ComputationLeft();
  }
  if (!(std::sqrt(sum) <= step_->allowed)) {
    return false;
  }
  if (judge) {
    note_rounding(std::sqrt(sum));
  }
  if (wish == Wish::save || wish == Wish::leave) {
    step_->terms[step_->part].share();
    watch_.save(checkpoint());
  }
  if (wish == Wish::leave) {
    throw ComputationLeft();
  }
  return true;
}

void ChebyshevCharge::note_rounding(double norm) {
  const std::int64_t end = step_->next_term;
  const double largest = std::max(step_->norm, norm);
  for (std::int64_t k = (end - 1) / terms_between_norms * terms_between_norms; k < end; ++k) {
    step_->injected += largest * largest;
    step_->rounding += coefficients_[k] * coefficients_[k] * step_->injected;
  }
  step_->norm = norm;
}

double ChebyshevCharge::excess_of_rounding() const {
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  const double rounding = epsilon * std::sqrt(step_->rounding);
  // Errors of steps are independent, so their squares add up. No shorter steps avoid what a series
  // costs that does not grow.
  const double share = std::sqrt(step_->plan.duration / settings_.t_max);
  const double unavoidable = 4 * epsilon * std::sqrt(static_cast<double>(step_->plan.terms));
  return rounding /
         std::max(share * relative_tolerance(battery_, settings_.tolerance), unavoidable);
}

Outlook ChebyshevCharge::outlook() const {
  double done = 0;  // of the step: terms times doubles
  double all = 0;
  double bytes = 8.0 * static_cast<double>(step_->plan.terms * columns_);
  for (std::size_t p = 0; p < operators_.parts.size(); ++p) {
    const auto whole = static_cast<double>(operators_.parts[p]->slab().whole);
    const std::int64_t terms = p < step_->part    ? step_->plan.terms
                               : p == step_->part ? step_->next_term
                                                  : 0;
    done += whole * static_cast<double>(terms);
    all += whole * static_cast<double>(step_->plan.terms);
    bytes += 8 * whole * (p == step_->part ? 2 : 0) + 8 * whole * (charge_.t > 0 ? 1 : 0) +
             8 * whole * (step_->last ? 0 : 1);
  }
  const double duration = step_->plan.duration;
  Outlook seen;
  seen.time = charge_.t;
  seen.fraction = (charge_.t + duration * done / all) / settings_.t_max;
  seen.seconds_left = meter_.seconds_per_unit() *
                      (all - done + all * (settings_.t_max - charge_.t - duration) / duration);
  seen.bytes = watch_.store() != nullptr ? bytes : 0.0;
  return seen;
}

Checkpoint ChebyshevCharge::checkpoint() {
  Checkpoint saved;
  saved.numbers = to_numbers(charge_, *step_, battery_.fock_dim);
  saved.numbers[figures_name] = recorder_.state();
  saved.arrays = arrays_of(ArrayPurpose::save, operators_, *step_, states_, here_, previous_);
  return saved;
}

void ChebyshevCharge::resume() {
  CheckpointStore* const store = watch_.store();
  if (store == nullptr) {
    return;
  }
  const auto numbers = store->load_numbers();
  if (levels_of(numbers) != battery_.fock_dim) {
    return;
  }
  SeriesUnderWay saved;
  from_numbers(numbers, charge_, saved);
  if (charge_.t > 0) {
    const auto seen = numbers.find(figures_name);
    if (seen == numbers.end()) {
      throw EnvironmentError("what was saved of a charge has no figures of merit");
    }
    recorder_.restore(seen->second);
  }
  begin_step(saved.plan);
  step_->part = saved.part;
  step_->next_term = saved.next_term;
  step_->allowed = saved.allowed;
  const MatrixFreeOperator& part = *operators_.parts.at(step_->part);
  together(watch_.comm(), [&] {
    here_ = SectorState(part.size());
    previous_ = SectorState(part.size());
    for (std::size_t p = 0; p < step_->ends.size(); ++p) {
      step_->ends[p] = p <= step_->part ? SectorState(operators_.parts[p]->size()) : SectorState();
    }
    for (std::size_t p = 0; charge_.t > 0 && p < operators_.parts.size(); ++p) {
      states_.emplace_back(operators_.parts[p]->size());
    }
    for (std::size_t p = 0; p <= step_->part; ++p) {
      step_->terms[p].expect(p < step_->part ? step_->plan.terms : step_->next_term);
    }
  });
  for (const ArrayColumns& array :
       arrays_of(ArrayPurpose::load, operators_, *step_, states_, here_, previous_)) {
    store->load_array(array);
  }
}

}  // namespace

ChargeResult chebyshev_charge(MPI_Comm comm, const BatteryParameters& battery,
                              const ChargeSettings& settings, const Watch& watch,
                              std::int64_t earlier_applications) {
  std::optional<ChebyshevCharge> charge;
  const auto make = [&] { charge.emplace(comm, battery, settings, watch, earlier_applications); };
  make();
  try {
    charge->resume();
  } catch (const EnvironmentError& error) {
    // What was saved only saves time.
    if (watch.complain) {
      watch.complain(error.what());
    }
    make();
  }
  return charge->run();
}

SavedCharge saved_charge(const Watch& watch) {
  if (watch.store == nullptr) {
    return {};
  }
  const auto numbers = watch.store->load_numbers();
  const int levels = levels_of(numbers);
  return levels > 0 ? SavedCharge{levels, earlier_applications_of(numbers)} : SavedCharge{};
}

}  // namespace qbsweep
