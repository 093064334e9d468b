#include "qbsweep/dynamics/figures_recorder.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "qbsweep/dynamics/fock_levels.hpp"
#include "qbsweep/dynamics/root.hpp"
#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

std::span<const double> battery_part(const std::vector<double>& observations,
                                     const ObservationLayout& layout) {
  return {observations.data(), static_cast<std::size_t>(layout.battery_size)};
}

}  // namespace

FiguresRecorder::FiguresRecorder(const StateBasis& basis, const BatteryParameters& battery,
                                 const ChargingSettings& settings)
    : layout_(basis, battery, request_of(settings.observables)),
      blocks_(basis.blocks()),
      fock_dim_(basis.fock_dim()),
      battery_observer_(basis.N(), basis.blocks(), battery.omega_0),
      battery_(battery),
      settings_(settings),
      piece_{0.0, settings.t_max},
      frame_(frame_of_terms(battery)),
      has_balance_(std::ranges::any_of(settings.observables, &Observable::since_begin)) {
  require_carried(Carrier::figures_of_merit, battery);
  for (const Observable* const observable : settings.observables) {
    result_.trajectory.observables.push_back({observable->name, {}});
    if (!observable->always) {
      asked_for_.push_back(observable);
    }
  }
  // Coherences turn at frequencies that a schedule may change.
  has_balance_ = has_balance_ || (!asked_for_.empty() && (settings.schedule.has(Control::omega_0) ||
                                                          settings.schedule.has(Control::omega_c)));
  const auto numbers_of_a_peak = static_cast<std::size_t>(
      size_of(asked_for_, settings.sizes) + (settings.storage ? layout_.battery_size : 0));
  for (std::size_t q = 0; q < quantities; ++q) {
    maxima_[q] =
        RunningMaximum(q < energies ? settings.tolerance : settings.tolerance / settings.t_max,
                       is_ergotropy(q) ? numbers_of_a_peak : 0);
  }
}

void FiguresRecorder::begin_levels(int fock_dim) {
  fock_dim_ = fock_dim;
  on_these_levels_ = {};
}

FiguresRecorder::Probe FiguresRecorder::probe(double t, const std::vector<double>& observations,
                                              const std::vector<double>& rates) {
  BatteryEnergies changes;
  const BatteryEnergies now = battery_observer_.energies(battery_part(observations, layout_),
                                                         battery_part(rates, layout_), changes);
  Probe probe;
  probe.time = t;
  probe.value[0] = now.energy;
  probe.rate[0] = changes.energy;
  for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
    probe.value[1 + d] = now.ergotropy[d];
    probe.rate[1 + d] = changes.ergotropy[d];
  }
  for (std::size_t e = 0; e < energies; ++e) {
    // The power (E(t) - E(0))/t; at t = 0 its limit.
    const double gained = probe.value[e] - first_energies_[e];
    probe.value[energies + e] = t > 0 ? gained / t : probe.rate[e];
    probe.rate[energies + e] = t > 0 ? (probe.rate[e] - gained / t) / t : 0.0;
  }
  const auto tail = static_cast<std::size_t>(layout_.fock_tail());
  probe.fock_tail = observations[tail];
  probe.fock_tail_rate = rates[tail];
  return probe;
}

void FiguresRecorder::observe(const DenseStep& step, double t,
                              std::vector<double>& observations) const {
  if (layout_.distribution_size > 0) {
    observations.assign(static_cast<std::size_t>(layout_.size()), 0.0);
  }
  step.values(t, observations);
}

void FiguresRecorder::begin_piece(const SchedulePiece& piece, const ControlValues& observed_with,
                                  Frame frame) {
  frame_ = frame;
  if (std::exchange(has_jumped_, false) && has_balance_) {
    const FlowingState last(battery_, blocks_, layout_, last_observations_, observed_with_);
    balance_.add(last.jump(settings_.schedule.at(piece_, piece_.end),
                           settings_.schedule.at(piece, piece.begin)));
  }
  piece_ = piece;
  observed_with_ = observed_with;
}

void FiguresRecorder::balance(const DenseStep& step) {
  const auto rates = [&](double t) -> RunTotals {
    observe(step, t, observations_);
    const ControlValues now = settings_.schedule.at(piece_, t);
    const FlowingState state(battery_, blocks_, layout_, observations_, observed_with_);
    return {state.rates(now, settings_.schedule.slopes(piece_, t)), now[Control::omega_0],
            now[Control::omega_c]};
  };
  balance_.step(step.t_begin(), step.t_end(), rates, 0.1 * settings_.tolerance / settings_.t_max);
}

void FiguresRecorder::end_piece() {
  has_jumped_ = true;
  for (std::size_t q = 0; q < quantities; ++q) {
    if (maxima_[q].beaten_by(last_.value[q])) {
      note_maximum(q, last_.time, last_.value[q], last_observations_);
    }
  }
}

ObservedState FiguresRecorder::state_of(double t, const std::vector<double>& observations,
                                        const BatteryEnergies& of_battery) const {
  ObservedState state = observed_state(battery_, blocks_, layout_, observations, of_battery);
  if (!settings_.schedule.empty()) {
    state.set_controls(settings_.schedule.at(piece_, t), observed_with_);
  }
  RunTotals totals = {{}, t, t};
  if (has_balance_) {
    totals = balance_.at(t);
  }
  state.flowed = totals.flowed;
  state.turned = frame_angles(frame_, battery_, t, totals.omega_0, totals.omega_c);
  return state;
}

FiguresRecorder::Probe FiguresRecorder::probe(const DenseStep& step, double t) {
  observe(step, t, observations_);
  step.rates(t, rates_);
  return probe(t, observations_, rates_);
}

void FiguresRecorder::begin_window(const DenseStep& step) {
  last_ = probe(step, step.t_begin());
  last_observations_ = observations_;
  std::copy_n(last_.value.begin(), energies, first_energies_.begin());
  diagnose(last_observations_);
  if (settings_.samples > 0) {
    sample(0.0, last_observations_);
  }
  // Where eigenvalues cross at t = 0 itself, as in a ground state that leaves an atom half excited,
  // the rates there are those of either side, and that of the past does not count.
  const double h = step.t_end() - step.t_begin();
  const Probe after = probe(step, 1e-9 * h);
  for (std::size_t e = 0; e < energies; ++e) {
    const double jump = std::abs(after.rate[e] - last_.rate[e]);
    if (jump * h > 1e-6 * battery_.N * battery_.omega_0) {
      last_.rate[e] = last_.value[energies + e] = after.rate[e];
    }
  }
  for (std::size_t q = 0; q < quantities; ++q) {
    note_maximum(q, 0.0, last_.value[q], last_observations_);
  }
}

void FiguresRecorder::step(const DenseStep& step) {
  if (has_balance_) {
    balance(step);
  }
  if (last_.time == 0) {
    begin_window(step);
  } else if (step.t_begin() == piece_.begin) {
    // The controls may have jumped, and rates with them.
    last_ = probe(step, step.t_begin());
  }
  const double h = step.t_end() - step.t_begin();
  const int parts = step.parts();
  for (int part = 1; part <= parts; ++part) {
    const double t = part == parts ? step.t_end() : step.t_begin() + h * part / parts;
    const Probe next = probe(step, t);
    diagnose(observations_);  // which the probe left there
    follow_fock_tail(step, last_, next);
    search(step, last_, next, 0, {});
    last_ = next;
  }

  const double rounding = 1e-12 * settings_.t_max;
  while (static_cast<std::int64_t>(result_.trajectory.time.size()) < settings_.samples) {
    const auto taken = static_cast<double>(result_.trajectory.time.size());
    const double t = settings_.t_max * (taken / static_cast<double>(settings_.samples - 1));
    if (t > step.t_end() + rounding) {
      break;
    }
    observe(step, std::min(t, step.t_end()), observations_);
    sample(t, observations_);
  }

  observe(step, step.t_end(), last_observations_);
  diagnose(last_observations_);
}

void FiguresRecorder::search(const DenseStep& step, const Probe& left, const Probe& right,
                             int depth, const std::array<double, quantities>& bends_before) {
  // An ergotropy has kinks where eigenvalues cross, at which its rate jumps up: a maximum may lie
  // on either side of one. How far the rate in the middle is from the mean of those at the ends
  // falls to a quarter in each half where the quantity is smooth, and stays in the half that has a
  // kink.
  constexpr int deepest = 16;
  constexpr double smooth = 0.4;
  const double h = right.time - left.time;
  std::array<bool, quantities> open = {};
  bool any_open = false;
  for (std::size_t q = 0; q < quantities; ++q) {
    const double steepest = std::max(std::abs(left.rate[q]), std::abs(right.rate[q]));
    const double highest = std::max(left.value[q], right.value[q]) + steepest * h / 2;
    open[q] = maxima_[q].beaten_by(highest);
    any_open = any_open || open[q];
  }
  if (!any_open || depth == deepest) {
    look_for_maxima(step, left, right);
    return;
  }
  const Probe middle = probe(step, left.time + h / 2);
  std::array<double, quantities> bends = {};
  bool halve = false;
  for (std::size_t q = 0; q < quantities; ++q) {
    bends[q] = std::abs(middle.rate[q] - (left.rate[q] + right.rate[q]) / 2);
    // What it could hide is about a quarter of this.
    const bool counts = bends[q] * h > maxima_[q].tie();
    const bool converges = depth > 0 && bends[q] < smooth * bends_before[q];
    halve = halve || (open[q] && counts && !converges);
  }
  if (halve) {
    search(step, left, middle, depth + 1, bends);
    search(step, middle, right, depth + 1, bends);
  } else {
    look_for_maxima(step, left, middle);
    look_for_maxima(step, middle, right);
  }
}

double FiguresRecorder::rounding(std::size_t quantity, double time) const {
  constexpr double of_an_energy = 64 * std::numeric_limits<double>::epsilon();
  return quantity < energies ? 0.0 : of_an_energy * battery_.N * battery_.omega_0 / time;
}

void FiguresRecorder::look_for_maxima(const DenseStep& step, const Probe& left,
                                      const Probe& right) {
  const double h = right.time - left.time;
  for (std::size_t q = 0; q < quantities; ++q) {
    // Nothing rises at t = 0 itself (rates vanish there), so the rise up to the first probe counts.
    const bool at_start = left.time == 0;
    const double rise = at_start ? right.value[q] - left.value[q] : left.rate[q];
    if (!(rise >= 0 && right.rate[q] < 0)) {  // a maximum may lie on the left end itself
      continue;
    }
    if (!at_start) {
      // A concave quantity stays below both tangents, so below the point where they meet.
      const double meet =
          (right.value[q] - left.value[q] - right.rate[q] * h) / (left.rate[q] - right.rate[q]);
      if (!maxima_[q].beaten_by(left.value[q] + left.rate[q] * std::clamp(meet, 0.0, h))) {
        continue;
      }
    }
    const double begin = at_start ? right.time * 1e-3 : left.time;
    const double time = find_falling_root([&](double t) { return probe(step, t).rate[q]; }, begin,
                                          right.time, 1e-13 * settings_.t_max);
    const double value = probe(step, time).value[q];  // leaves observations_ at `time`
    if (maxima_[q].beaten_by(value - rounding(q, time))) {
      note_maximum(q, time, value, observations_);
    }
  }
}

void FiguresRecorder::note_maximum(std::size_t quantity, double time, double value,
                                   const std::vector<double>& observations) {
  Peak peak;
  peak.time = time;
  peak.value = value;
  BatteryEnergies now;
  if (is_ergotropy(quantity)) {
    now = battery_observer_.energies(battery_part(observations, layout_));
    peak.battery_energy = now.energy;
    peak.locked_energy = now.energy - value;
  }
  const ObservedState state = state_of(time, observations, now);
  peak.quench_energy = -state.interaction_energy;
  if (is_ergotropy(quantity)) {
    for (const Observable* const observable : asked_for_) {
      observable->append(state, settings_.sizes, peak.observables);
    }
    if (settings_.storage) {
      const auto rho_B = battery_part(observations, layout_);
      peak.observables.insert(peak.observables.end(), rho_B.begin(), rho_B.end());
    }
  }
  maxima_[quantity].note(peak);
}

void FiguresRecorder::follow_fock_tail(const DenseStep& step, const Probe& left,
                                       const Probe& right) {
  if (!(left.fock_tail_rate > 0 && right.fock_tail_rate < 0)) {
    return;  // the ends have been diagnosed
  }
  // Below both tangents, as in look_for_maxima().
  const double h = right.time - left.time;
  const double meet = (right.fock_tail - left.fock_tail - right.fock_tail_rate * h) /
                      (left.fock_tail_rate - right.fock_tail_rate);
  if (left.fock_tail + left.fock_tail_rate * std::clamp(meet, 0.0, h) <=
      result_.diagnostics.fock_tail_max) {
    return;
  }
  const auto tail = static_cast<std::size_t>(layout_.fock_tail());
  const auto rate = [&](double t) {
    step.rates(t, rates_);
    return rates_[tail];
  };
  const double time = find_falling_root(rate, left.time, right.time, 1e-6 * h);
  observe(step, time, observations_);
  diagnose(observations_);
}

void FiguresRecorder::sample(double t, const std::vector<double>& observations) {
  const BatteryEnergies now = battery_observer_.energies(battery_part(observations, layout_));
  const ObservedState state = state_of(t, observations, now);
  Trajectory& trajectory = result_.trajectory;
  trajectory.time.push_back(t);
  for (std::size_t o = 0; o < settings_.observables.size(); ++o) {
    settings_.observables[o]->append(state, settings_.sizes, trajectory.observables[o].values);
  }
  for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
    trajectory.ergotropy[d].push_back(now.ergotropy[d]);
  }
}

void FiguresRecorder::diagnose(const std::vector<double>& observations) {
  ChargingDiagnostics& diagnostics = result_.diagnostics;
  const double trace = battery_observer_.trace(battery_part(observations, layout_));
  const double tail = observations[static_cast<std::size_t>(layout_.fock_tail())];
  diagnostics.trace_error_max = std::max(diagnostics.trace_error_max, std::abs(trace - 1));
  diagnostics.fock_tail_max = std::max(diagnostics.fock_tail_max, tail);
  const double below = observations[static_cast<std::size_t>(layout_.below_fock_tail())];
  const double lost = tail_energy(battery_, fock_dim_, tail, below);
  diagnostics.truncation_error = std::max(diagnostics.truncation_error, lost);
  on_these_levels_.fock_tail_max = std::max(on_these_levels_.fock_tail_max, tail);
  on_these_levels_.truncation_error = std::max(on_these_levels_.truncation_error, lost);
}

ChargingResult FiguresRecorder::finish() {
  last_.time = settings_.t_max;
  end_piece();
  const auto at_end = [&](const RunningMaximum& maximum) {
    return maximum.named().time == settings_.t_max;
  };
  FiguresOfMerit& figures = result_.figures;
  const RunningMaximum& energy = maxima_[0];
  const RunningMaximum& power = maxima_[energies];
  figures.battery_energy_max = energy.value();
  figures.tau_battery_energy_max = energy.named().time;
  figures.tau_battery_energy_max_at_window_end = at_end(energy);
  figures.power_energy_max = power.value();
  figures.tau_power_energy_max = power.named().time;
  figures.quench_energy_at_power_energy_max = power.named().quench_energy;
  figures.tau_power_energy_max_at_window_end = at_end(power);
  for (std::size_t d = 0; d < ergotropy_definitions; ++d) {
    const RunningMaximum& ergotropy = maxima_[1 + d];
    const RunningMaximum& power_of_it = maxima_[energies + 1 + d];
    figures.ergotropy_max[d] = ergotropy.value();
    figures.tau[d] = ergotropy.named().time;
    figures.tau_at_window_end[d] = at_end(ergotropy);
    figures.battery_energy_at_tau[d] = ergotropy.named().battery_energy;
    figures.locked_energy_at_tau[d] = ergotropy.named().locked_energy;
    figures.quench_energy_at_tau[d] = ergotropy.named().quench_energy;
    figures.observables_at_tau[d] = ergotropy.named().observables;
    if (settings_.storage) {
      // The state stands behind the observables.
      std::vector<double>& numbers = figures.observables_at_tau[d];
      const auto state = numbers.end() - layout_.battery_size;
      const bool at_tau = settings_.storage->after == StorageAfter::tau;
      result_.stored_state[d].assign(
          at_tau ? state : last_observations_.begin(),
          at_tau ? numbers.end() : last_observations_.begin() + layout_.battery_size);
      numbers.erase(state, numbers.end());
    }
    figures.power_ergotropy_max[d] = power_of_it.value();
    figures.tau_power_ergotropy_max[d] = power_of_it.named().time;
    figures.quench_energy_at_power_ergotropy_max[d] = power_of_it.named().quench_energy;
    figures.tau_power_ergotropy_max_at_window_end[d] = at_end(power_of_it);
  }
  return std::move(result_);
}

}  // namespace qbsweep
