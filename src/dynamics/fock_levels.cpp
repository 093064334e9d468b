#include "qbsweep/dynamics/fock_levels.hpp"
#include "qbsweep/model/reductions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "initial_state.hpp"
#include "qbsweep/dynamics/no_jump_truncation.hpp"
#include "qbsweep/model/charger_state.hpp"
#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/operators/field_of_values.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

/// Truncation is accepted up to the tolerance; the levels that are tried first aim lower, because
/// another try costs more than a level.
constexpr double predicted_share = 0.4;

/// What the population of the highest levels would bring into the energies is felt below them, too:
/// jumps do not average all of the amplitude out.
constexpr double feedback = 5.0;

/// What the weight cut off a coherent state costs: photons of about fock_dim, and all that they
/// would have brought into the battery.
double cut_energy(const BatteryParameters& battery, int fock_dim, double weight) {
  return (fock_dim * battery.omega_c + battery.N * battery.omega_0) * weight;
}

/// The smallest number of levels for which what is cut off the initial state costs at most
/// `tolerance`.
int levels_of_first_state(const BatteryParameters& battery, double tolerance) {
  if (battery.initial_state == InitialState::ground_state) {
    return excitations_are_bounded(battery) ? std::max(2, ground_excitations(battery) + 1) : 2;
  }
  // Where excitations are bounded, levels are those of all of them.
  const int atoms = excitations_are_bounded(battery) ? most_excited_at_first(battery) : 0;
  if (battery.charger == Charger::fock) {
    return std::max(2, static_cast<int>(battery.m) + 1 + atoms);
  }
  int levels = std::max(2, static_cast<int>(battery.m));
  while (cut_energy(battery, levels, charger_state(battery.charger, battery.m, levels).weight_cut) >
         tolerance) {
    ++levels;
  }
  return levels + atoms;
}

/// Levels that a reference has more than those that it judges: near its end it is cut itself.
int levels_judged(int fock_dim) {
  return fock_dim - fock_dim / 8;
}

/// Finds the fewest levels that cost no more than `allowed`, by what is left of `reference` beyond
/// them.
class LevelSearch {
 public:
  LevelSearch(const NoJumpTruncation& reference, const BatteryParameters& battery, double allowed)
      : reference_(reference), battery_(battery), allowed_(allowed) {}

  /// What jumps average out: by populations. At least `first`.
  [[nodiscard]] int levels_by_population(int first) const {
    const std::vector<double>& p = reference_.largest_populations();
    const auto error = [&](int n) {
      return tail_energy(battery_, n, p[n - 1] + p[n - 2], p[n - 3] + p[n - 4]);
    };
    int levels = reference_.fock_dim();
    while (levels > std::max(first, 5) && error(levels - 1) <= allowed_) {
      --levels;
    }
    return levels;
  }

  /// What has met no jump: by comparison, from the levels that the amplitudes suggest. At least
  /// `levels`; nothing where the reference does not judge that many.
  [[nodiscard]] std::optional<FockLevels> levels_by_comparison(int levels) const {
    // The error falls faster than the amplitude, so its share found on fewer levels is enough.
    constexpr double usual_share = 1e-3;
    constexpr int worth_another_try = 10;  // a tenth of the levels
    FockLevels found = judged(std::max(levels, levels_with_share(usual_share)));
    while (*found.no_jump_error > allowed_) {
      const int more = std::max(found.fock_dim + 1, levels_with_share(share_of(found)));
      if (more > levels_judged(reference_.fock_dim())) {
        return std::nullopt;
      }
      found = judged(more);
    }
    const int fewer = std::max(levels, levels_with_share(share_of(found)));
    if (fewer < found.fock_dim - found.fock_dim / worth_another_try) {
      const FockLevels tried = judged(fewer);
      if (*tried.no_jump_error <= allowed_) {
        found = tried;
      }
    }
    return found.fock_dim <= levels_judged(reference_.fock_dim()) ? std::optional(found)
                                                                  : std::nullopt;
  }

 private:
  [[nodiscard]] FockLevels judged(int levels) const {
    levels = std::min(levels, reference_.fock_dim() - 1);
    return {levels, reference_.error(levels)};
  }

  [[nodiscard]] double share_of(const FockLevels& found) const {
    return *found.no_jump_error / reference_.amplitude(found.fock_dim);
  }
  [[nodiscard]] int levels_with_share(double share) const {
    int levels = reference_.fock_dim();
    while (levels > 3 && share * reference_.amplitude(levels - 1) <= allowed_) {
      --levels;
    }
    return levels;
  }

  const NoJumpTruncation& reference_;
  const BatteryParameters& battery_;
  double allowed_;
};

/// \throws EnvironmentError where following the state for the search would itself not end in
/// sensible time
void refuse_endless_search(BatteryParameters battery, double t_max, const Schedule& schedule) {
  battery = schedule.widest(battery);
  constexpr double most_work = 1e12;  // numbers times turns: some ten minutes
  const EnergyRange range = energy_range(battery);
  const double turns = (range.high - range.low) / 2 * no_jump_window(battery, t_max);
  const double numbers = 2.0 * (battery.N + 1) * battery.fock_dim;
  if (turns * numbers > most_work) {
    throw EnvironmentError(fmt::format(
        "fock_dim: auto needs more than {} levels at this coupling, and to find out how many would "
        "take too long (t_max is {:.0e} turns of the phase of the highest): give fock_dim",
        battery.fock_dim * 2 / 3, turns));
  }
}

/// Of a mixture of Fock states what the mean of them costs.
double no_jump_error_of_mixture(const BatteryParameters& battery, double t_max, const Watch& watch,
                                const Schedule& schedule) {
  const ChargerState charger = charger_state(battery.charger, battery.m, battery.fock_dim);
  const double energy = amplitude_energy(battery, battery.fock_dim, 1.0);
  constexpr double least = 1e-14;  // of an error that counts
  constexpr double little = 0.1;
  double sum = 0.0;
  // More photons cost more: the last of some neighbours stands for all of them, and where it costs
  // little beside the sum, for all below, too.
  for (int last = battery.fock_dim - 1; last >= 0;) {
    const int first = last - last / 6;
    double weight = 0.0;
    for (int n = first; n <= last; ++n) {
      weight += charger.amplitudes[n] * charger.amplitudes[n];
    }
    if (weight * energy >= least) {
      BatteryParameters wide = battery;
      wide.charger = Charger::fock;
      wide.m = last;
      wide.fock_dim += std::max(8, battery.fock_dim / 4);
      const double error = NoJumpTruncation(wide, t_max, watch, schedule).error(battery.fock_dim);
      if (error <= little * sum || error == 0) {
        return sum + error;
      }
      sum += weight * error;
    }
    last = first - 1;
  }
  return sum;
}

}  // namespace

double tail_error(int fock_dim, double tail, double below) {
  constexpr double slowest = 0.97;  // a tail that does not fall off at all has no sum
  const double ratio = below > 0 ? std::min(tail / below, slowest) : (tail > 0 ? slowest : 0.0);
  return tail * (1 + fock_dim * ratio / (1 - ratio));
}

double tail_energy(const BatteryParameters& battery, int fock_dim, double tail, double below) {
  const double photons = tail_error(fock_dim, tail, below) - tail;
  return feedback * (battery.N * battery.omega_0 * tail + battery.omega_c * photons);
}

FockLevels judge_fock_levels(const BatteryParameters& battery, double t_max, const Watch& watch,
                             const Schedule& schedule) {
  if (!carries(Carrier::state_vector, battery)) {
    return {battery.fock_dim};
  }
  if (excitations_are_bounded(battery)) {
    return {battery.fock_dim, 0.0, LaterWeights()};
  }
  if (!starts_pure(battery)) {
    return {battery.fock_dim, no_jump_error_of_mixture(battery, t_max, watch, schedule)};
  }
  BatteryParameters wide = battery;
  wide.fock_dim += std::max(8, battery.fock_dim / 4);
  const NoJumpTruncation reference(wide, t_max, watch, schedule);
  return {battery.fock_dim, reference.error(battery.fock_dim), reference.later_weights()};
}

double truncation_error(const BatteryParameters& battery, const ChargingDiagnostics& diagnostics,
                        std::optional<double> no_jump_error) {
  const double cut = cut_energy(battery, battery.fock_dim, diagnostics.coherent_weight_cut);
  if (excitations_are_bounded(battery)) {
    return cut;
  }
  const double amplitude =
      no_jump_error ? *no_jump_error
                    : amplitude_energy(battery, battery.fock_dim, diagnostics.fock_tail_max);
  return std::max({cut, diagnostics.truncation_error, amplitude});
}

FockLevels predict_fock_levels(const BatteryParameters& battery, double t_max, double tolerance,
                               const Watch& watch, const Schedule& schedule) {
  const double allowed = predicted_share * tolerance;
  const int first = levels_of_first_state(battery, allowed);
  if (excitations_are_bounded(battery)) {
    return {first, 0.0, LaterWeights()};
  }
  BatteryParameters wide = battery;
  if (!starts_pure(battery)) {
    wide.fock_dim = first;
    for (;;) {
      refuse_endless_search(wide, t_max, schedule);
      const double error = no_jump_error_of_mixture(wide, t_max, watch, schedule);
      if (error <= allowed) {
        return {wide.fock_dim, error};
      }
      wide.fock_dim += std::max(2, wide.fock_dim / 8);
    }
  }
  for (wide.fock_dim = first + first / 2 + 8;; wide.fock_dim += wide.fock_dim / 2) {
    refuse_endless_search(wide, t_max, schedule);
    const NoJumpTruncation reference(wide, t_max, watch, schedule);
    const LevelSearch search(reference, battery, allowed);
    const int levels = search.levels_by_population(first);
    if (levels > levels_judged(wide.fock_dim)) {
      continue;
    }
    if (std::optional<FockLevels> found = search.levels_by_comparison(levels)) {
      found->later = reference.later_weights();
      return *found;
    }
  }
}

int predict_fock_dim(const BatteryParameters& battery, double t_max, double tolerance) {
  return predict_fock_levels(battery, t_max, tolerance).fock_dim;
}

int more_levels(const BatteryParameters& battery, const ChargingDiagnostics& diagnostics,
                double tolerance) {
  const int levels = battery.fock_dim;
  // r/(1 - r) of tail_energy(), from what it made of p.
  const double p = diagnostics.fock_tail_max;
  const double energy = diagnostics.truncation_error / (feedback * p) - battery.N * battery.omega_0;
  const double summed = std::max(1e-3, energy / (levels * battery.omega_c));
  const double pairs = std::log(predicted_share * tolerance / diagnostics.truncation_error) /
                       std::log(summed / (1 + summed));
  const double most = levels / 2.0;
  const double more = pairs > 0 ? std::min(2 * pairs, most) : most;  // NaN where p is 0
  return levels + std::max({4, levels / 8, static_cast<int>(more)});
}

}  // namespace qbsweep
