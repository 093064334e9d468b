#include "no_jump_steps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "qbsweep/model/dissipators.hpp"

namespace qbsweep {
namespace {

/// What the length of a step is measured by. Where states decay the terms of the series cancel, and
/// rounding grows with the step.
double rate_of_turns(const FieldOfValues& values) {
  constexpr double weight_of_decay = 20;
  return values.energy_spread + weight_of_decay * (values.ladder_loss + values.single_loss);
}

}  // namespace

FieldOfValues no_jump_values(const BatteryParameters& battery, double energy_spread) {
  FieldOfValues values;
  values.energy_spread = energy_spread;
  // Half of what jumps lose; of single atoms' dephasing nothing, which all states lose alike.
  for (const auto& [jump, rate] : active_jumps(battery)) {
    const double loss = rate * largest_jump_loss(jump, battery.N, battery.fock_dim) / 2;
    if (jump != Jump::single_pauli_z) {
      (acts_on_single_atoms(jump) ? values.single_loss : values.ladder_loss) += loss;
    }
  }
  return values;
}

double no_jump_window(const BatteryParameters& battery, double energy_spread, double t_max) {
  constexpr double decay_times = 100;
  constexpr double most_turns = 1e5;
  double window = t_max;
  if (battery.kappa > 0) {
    window = std::min(window, decay_times / battery.kappa);
  }
  const FieldOfValues values = no_jump_values(battery, energy_spread);
  if (values.single_loss > 0) {
    window = std::min(window, most_turns / rate_of_turns(values));
  }
  return window;
}

std::int64_t no_jump_looks(const BatteryParameters& battery, double energy_spread, double window) {
  constexpr double fewest = 16;
  constexpr double most = 96;
  constexpr double turns_between = 4;
  constexpr double most_bytes = 32e6;
  const double useful = fewest + energy_spread * window / turns_between;
  const double bytes = 8.0 * static_cast<double>(no_jump_numbers(battery));
  return 1 +
         static_cast<std::int64_t>(std::clamp(std::min(useful, most_bytes / bytes), fewest, most));
}

NoJumpSteps no_jump_steps(const FieldOfValues& values, double window, std::int64_t looks) {
  constexpr double turns_of_step = 100;
  // A tenth of the smallest difference that counts (NoJumpTruncation::error()).
  const double growth = std::log(no_jump_accuracy / std::numeric_limits<double>::epsilon());
  const auto intervals = static_cast<double>(looks - 1);
  const double interval = window / intervals;
  const double turns = interval * rate_of_turns(values);
  NoJumpSteps steps;
  double at_once = std::clamp(std::floor(turns_of_step / turns), 1.0, intervals);
  double of_look = std::max(1.0, std::ceil(turns / turns_of_step));
  // The whole field of values: errors of rounding are what small differences are told from.
  steps.ellipse =
      enclosing_ellipse(values, false, interval * at_once / of_look, no_jump_accuracy, growth);
  const double cuts = steps_for_growth(steps.ellipse, interval * at_once / of_look, growth);
  if (cuts > at_once) {
    of_look *= std::ceil(cuts / at_once);
  }
  at_once = std::max(1.0, std::floor(at_once / cuts));
  steps.looks_at_once = static_cast<std::int64_t>(at_once);
  steps.steps_of_look = static_cast<std::int64_t>(of_look);
  return steps;
}

std::int64_t no_jump_numbers(const BatteryParameters& battery) {
  return std::int64_t{2} * (battery.N + 1) * battery.fock_dim;
}

}  // namespace qbsweep
