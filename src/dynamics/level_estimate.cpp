#include "qbsweep/dynamics/level_estimate.hpp"
#include "qbsweep/model/reductions.hpp"

#include <algorithm>
#include <cmath>

#include "qbsweep/dynamics/field_heating.hpp"

namespace qbsweep {
namespace {

int clamp_levels(double levels) {
  constexpr int fewest = 2;
  // Not a number only where something was infinite.
  return levels < most_estimated_levels ? std::max(fewest, static_cast<int>(std::ceil(levels)))
                                        : most_estimated_levels;
}

/// The level above which the Poisson distribution of this mean is below exp(log_population).
double poisson_end(double mean, double log_population) {
  if (mean <= 0) {
    return 0.0;
  }
  if (!(mean < most_estimated_levels)) {
    return most_estimated_levels;
  }
  const auto log_at = [mean](double n) { return n * std::log(mean) - mean - std::lgamma(n + 1); };
  double low = mean;
  double high = mean + 8;
  while (log_at(high) > log_population) {
    low = high;
    high += high - mean;
  }
  while (high - low > 0.25) {
    const double middle = (low + high) / 2;
    (log_at(middle) > log_population ? low : high) = middle;
  }
  return high;
}

/// The level above which the charger has a population below exp(log_population).
double charger_end(const BatteryParameters& battery, double log_population) {
  if (battery.charger == Charger::coherent) {
    return poisson_end(battery.m, log_population);
  }
  // Populations fall by m/(m + 1) from level to level, or pair to pair.
  return battery.m > 0 ? log_population / std::log(battery.m / (battery.m + 1)) : 0.0;
}

/// Photons and excited atoms of the ground state by mean field: one large spin in a coherent field.
double levels_of_ground_state(const BatteryParameters& battery, double tolerance) {
  const bool dicke = !excitations_are_bounded(battery);
  const double g = effective_coupling(battery) * std::sqrt(battery.N);
  const double ratio = critical_coupling(battery) / g;
  const double z = ratio < 1 ? ratio * ratio : 1.0;  // of the spin, 1 all down
  const double field = (dicke ? 1.0 : 0.5) * g * std::sqrt(battery.N) / battery.omega_c;
  const double photons = ratio < 1 ? field * field * (1 - z * z) : 0.0;
  if (!dicke) {
    return 3 + photons + battery.N * (1 - z) / 2;
  }
  // A flipped atom leaves the field swinging around another equilibrium, up to twice as far.
  const double reached = has_local_noise(battery) ? 4 * photons : photons;
  const double width = 2 - 0.5 * std::log10(tolerance);
  return 10 + reached + width * std::sqrt(reached + 1);
}

/// By how much the amplitude of the field grows.
double displacement(const BatteryParameters& battery, double t_max) {
  const double coupling = effective_coupling(battery);
  const double critical = critical_coupling(battery);
  const double strength = coupling * std::sqrt(battery.N) / critical;
  // The rest is fitted, see the header.
  const double share = 1 / (1 + 0.4 * std::pow(strength, -3.3));
  const double widest = 2 * coupling * battery.N / battery.omega_c;
  const double in_time = std::min(1.0, battery.omega_c * t_max / 2);
  return share * widest * in_time / (1 + 2.2 * battery.kappa / battery.omega_c);
}

int levels_without_jumps(const BatteryParameters& battery, double t_max, double tolerance) {
  if (battery.initial_state == InitialState::ground_state) {
    return clamp_levels(levels_of_ground_state(battery, tolerance));
  }
  const bool fock = battery.charger == Charger::fock;
  if (excitations_are_bounded(battery)) {
    constexpr double levels_lost = 50;  // truncation counts by the levels it is felt in
    const int atoms = most_excited_at_first(battery);
    return clamp_levels(
        atoms +
        (fock ? battery.m + 1 : charger_end(battery, std::log(tolerance / levels_lost)) + 1));
  }
  const double allowed = 0.87 * std::log(tolerance);
  const double moved = displacement(battery, t_max);
  constexpr double more = 4.2;
  if (battery.charger != Charger::coherent && !fock) {
    const double edge = std::sqrt(charger_end(battery, allowed)) + moved;
    return clamp_levels(edge * edge + more);
  }
  if (!fock) {
    const double amplitude = std::sqrt(battery.m) + moved;
    return clamp_levels(poisson_end(amplitude * amplitude, allowed) + more);
  }
  const double edge = std::sqrt(battery.m) + std::sqrt(0.75 * poisson_end(moved * moved, allowed));
  return clamp_levels(std::max(edge * edge, battery.m + 1) + more);
}

}  // namespace

LevelEstimate estimate_fock_levels(const BatteryParameters& battery, double t_max,
                                   double tolerance) {
  const int tried = levels_without_jumps(battery, t_max, tolerance);
  // Fitted: the levels that were kept were between 0.7 and 1.6 times this for nine tenths of 85
  // batteries.
  constexpr double share = 0.75;
  const double heating = largest_heating(battery, t_max, tolerance / battery.omega_c);
  // Where kicks go on for long, the field is a thermal one: populations fall by the same factor
  // from level to level.
  const double photons = mean_heating(battery, t_max);
  constexpr double energy_of_tail = 100;  // what its population is multiplied by (tail_energy())
  const double thermal =
      photons > 0 ? std::log(energy_of_tail * battery.omega_c / tolerance) / std::log1p(1 / photons)
                  : 0.0;
  return {tried, clamp_levels(std::max(tried + share * heating, thermal))};
}

}  // namespace qbsweep
