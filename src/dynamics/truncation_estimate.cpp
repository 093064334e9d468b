#include "qbsweep/dynamics/truncation_estimate.hpp"
#include "qbsweep/model/reductions.hpp"

#include <algorithm>
#include <cmath>

#include "no_jump_steps.hpp"
#include "qbsweep/dynamics/quick_field_of_values.hpp"
#include "qbsweep/model/model_terms.hpp"

namespace qbsweep {
namespace {

/// Of one evolution between jumps on the levels of `battery`. Fitted to 380 batteries (N = 1 .. 16,
/// g up to 3 g_c, rates up to 1, t_max = 1 .. 50), nine tenths of them within a factor of 1.4.
double evolution_seconds(const BatteryParameters& battery, double t_max) {
  constexpr double terms_of_turns = 1.05;
  constexpr double terms_of_step = 40;
  const double spread = quick_field_of_values(battery).energy_spread;
  const double window = no_jump_window(battery, spread, t_max);
  const std::int64_t looks = no_jump_looks(battery, spread, window);
  const NoJumpSteps cut = no_jump_steps(no_jump_values(battery, spread), window, looks);
  const double intervals = static_cast<double>(looks - 1);
  const double steps =
      intervals * static_cast<double>(cut.steps_of_look) / static_cast<double>(cut.looks_at_once);
  const double terms = terms_of_turns * spread * window + terms_of_step * std::max(steps, 1.0);
  const auto numbers = static_cast<double>(no_jump_numbers(battery));
  const double added = terms * static_cast<double>(cut.looks_at_once);
  return 0.8e-3 + 1.35e-9 * terms * numbers + 3.2e-10 * added * numbers + 1.5e-8 * added +
         4e-8 * (battery.N + 1) * numbers;
}

BatteryParameters on_levels(BatteryParameters battery, double fock_dim) {
  battery.fock_dim = static_cast<int>(fock_dim);
  return battery;
}

bool is_compared(const BatteryParameters& battery) {
  return starts_pure(battery) && !excitations_are_bounded(battery) &&
         carries(Carrier::state_vector, battery);
}

}  // namespace

double no_jump_seconds(const BatteryParameters& battery, double t_max) {
  if (!is_compared(battery)) {
    return 0.0;
  }
  const int more = std::max(8, battery.fock_dim / 4);
  return evolution_seconds(battery, t_max) +
         evolution_seconds(on_levels(battery, battery.fock_dim + more), t_max);
}

double level_search_seconds(const BatteryParameters& battery, double t_max) {
  if (!is_compared(battery)) {
    return 0.0;
  }
  constexpr double comparisons = 2.6;
  double first = 2;
  if (battery.initial_state == InitialState::charged_cavity) {
    first =
        battery.charger == Charger::fock ? battery.m + 1 : battery.m + 6 * std::sqrt(battery.m + 1);
  }
  double wide = 1.5 * first + 8;
  double seconds = comparisons * evolution_seconds(battery, t_max) +
                   evolution_seconds(on_levels(battery, wide), t_max);
  while (0.875 * wide < battery.fock_dim) {
    wide *= 1.5;
    seconds += evolution_seconds(on_levels(battery, wide), t_max);
  }
  return seconds;
}

}  // namespace qbsweep
