// What a watch is told of a charging run, and what is saved of it.
#include <algorithm>

#include "qbsweep/parallel/collectively.hpp"
#include "qbsweep/support/error.hpp"
#include "series_checkpoint.hpp"
#include "series_run.hpp"

namespace qbsweep {
namespace {

/// What the recorder has seen, in a checkpoint.
constexpr const char* figures_name = "figures_of_merit";
/// LevelControl, and the levels at the time.
constexpr const char* levels_name = "levels_kept";

}  // namespace

Progress SeriesRun::progress() const {
  double done = 0;  // of the step: terms times doubles
  double all = 0;
  double bytes = 0;
  for (std::size_t p = 0; p < operators_.parts.size(); ++p) {
    const auto whole = static_cast<double>(operators_.parts[p]->slab().whole);
    const std::int64_t terms = p < step_->part    ? step_->plan.terms
                               : p == step_->part ? step_->next_term
                                                  : 0;
    done += whole * static_cast<double>(terms);
    all += whole * static_cast<double>(step_->plan.terms);
    bytes +=
        8.0 * static_cast<double>(step_->plan.terms * std::ssize(operators_.parts[p]->observed()));
    bytes += 8 * whole * (p == step_->part ? 2 : 0) + 8 * whole * (run_.t > 0 ? 1 : 0) +
             8 * whole * (step_->last ? 0 : 1);
  }
  const double duration = step_->plan.duration;
  Progress seen;
  seen.time = run_.t;
  seen.fraction = (run_.t + duration * done / all) / settings_.t_max;
  seen.seconds_left = meter_.seconds_per_unit() *
                      (all - done + all * (settings_.t_max - run_.t - duration) / duration);
  seen.bytes = watch_.store() != nullptr ? bytes : 0.0;
  return seen;
}

Checkpoint SeriesRun::checkpoint() {
  Checkpoint saved;
  saved.numbers = to_numbers(run_, *step_, battery_.fock_dim);
  saved.numbers[levels_name] = levels_.state();
  saved.numbers[levels_name].push_back(operators_.levels);
  saved.numbers[figures_name] = recorder_.state();
  saved.arrays = arrays_of(ArrayPurpose::save, operators_, *step_, states_, here_, previous_);
  return saved;
}

void SeriesRun::resume() {
  CheckpointStore* const store = watch_.store();
  if (store == nullptr) {
    return;
  }
  const auto numbers = store->load_numbers();
  if (levels_of(numbers) != battery_.fock_dim) {
    return;
  }
  const auto levels = numbers.find(levels_name);
  if (levels == numbers.end() || levels->second.empty()) {
    throw EnvironmentError("what was saved of a charging run has no levels");
  }
  levels_.restore({levels->second.begin(), levels->second.end() - 1});
  SeriesUnderWay saved;
  from_numbers(numbers, run_, saved);
  const RunProgress saved_run = run_;
  enter_piece(run_.t);
  run_ = saved_run;
  saved.plan.in_powers = moves();
  if (const auto saved_levels = static_cast<int>(levels->second.back());
      saved_levels != operators_.levels) {
    use_levels(saved_levels);
  }
  if (run_.t > 0) {
    const auto seen = numbers.find(figures_name);
    if (seen == numbers.end()) {
      throw EnvironmentError("what was saved of a charging run has no figures of merit");
    }
    recorder_.restore(seen->second);
  }
  begin_step(saved.plan);
  step_->part = saved.part;
  step_->next_term = saved.next_term;
  step_->rounding = saved.rounding;
  const MatrixFreeOperator& part = *operators_.parts.at(step_->part);
  collectively(watch_.comm(), [&] {
    here_ = SectorState(part.size());
    previous_ = SectorState(part.size());
    for (std::size_t p = 0; p < step_->ends.size(); ++p) {
      step_->ends[p] = p <= step_->part ? SectorState(operators_.parts[p]->size()) : SectorState();
    }
    for (std::size_t p = 0; run_.t > 0 && p < operators_.parts.size(); ++p) {
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

}  // namespace qbsweep
