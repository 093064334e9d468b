// What a steady state costs, from how often L or its factors are applied. Measured for N = 1 .. 4
// with 4 to 20 Fock levels and rates from 1e-6 to 1 by tests/benchmark/measure_plan.py: the number
// of applications hardly depends on how slow the slowest decay is, for a Krylov space holds the
// slow modes from its first vectors on.
#include <algorithm>
#include <cmath>

#include "qbsweep/physics/spin_blocks.hpp"
#include "qbsweep/solvers/level_estimate.hpp"
#include "qbsweep/solvers/liouvillian_gap.hpp"
#include "qbsweep/solvers/quick_field_of_values.hpp"
#include "qbsweep/solvers/steady_estimate.hpp"
#include "qbsweep/solvers/steady_shift_invert.hpp"
#include "rightmost.hpp"

namespace qbsweep {
namespace {

/// Of a process that computes nothing yet.
constexpr double process_bytes = 55e6;

double unknowns_of(const BatteryParameters& battery) {
  return static_cast<double>(count_unknowns(battery.N, battery.fock_dim, has_local_noise(battery)));
}

double shift_invert_seconds(const BatteryParameters& battery) {
  constexpr double factors_of_a_process = 50e6;
  const double bytes = std::max(steady_shift_invert_memory(battery) - factors_of_a_process, 0.0);
  const double one_half = 2e-3 + 1.4e-5 * unknowns_of(battery) + 2.4e-13 * std::pow(bytes, 1.5);
  // Where not both the cavity and the atoms decay the odd half may hold steady states, too.
  return (battery.kappa > 0 && battery.gamma_down > 0 ? 1 : 2) * one_half;
}

/// An application multiplies dense matrices of every block, and makes the new vector orthogonal to
/// those before it.
double gmres_seconds(const BatteryParameters& battery) {
  double multiplied = 0.0;
  for (const SpinBlock block : spin_blocks(battery.N, has_local_noise(battery))) {
    multiplied += std::pow(1.0 * block.dim() * battery.fock_dim, 3);
  }
  const double fastest =
      std::max({battery.kappa, battery.gamma_down, 4 * battery.gamma_phi}) / battery.omega_c;
  constexpr double most_applications = 2000;
  const double applications =
      std::min(60 * (1 + 0.15 / std::sqrt(std::max(fastest, 1e-9))), most_applications);
  const double orthogonal = 0.5e-9 * unknowns_of(battery) / 2 * std::min(applications, 100.0);
  return 1e-3 + applications * (1e-5 + 2.8e-10 * multiplied + orthogonal);
}

/// Of one exp(L T), applied to a half: its terms are those of a series.
double exponential_seconds(const BatteryParameters& battery) {
  const double T = propagation_time(battery);
  const double decay =
      battery.kappa * battery.fock_dim + (battery.gamma_down + 2 * battery.gamma_phi) * battery.N;
  const double turns = T * (quick_energy_spread(battery, battery.fock_dim) + decay / 2);
  const double terms = turns + 9 * std::cbrt(turns) + 8;
  return terms * (2e-6 + 1.0e-9 * unknowns_of(battery));
}

/// With which automatic levels begin.
constexpr int fewest_levels = 8;

/// A Krylov space of 24 vectors, and some restarts.
constexpr double exponentials = 30;

double propagator_seconds(const BatteryParameters& battery) {
  // Once for the state, once to see whether it is the only one.
  return 1e-3 + 2 * exponentials * exponential_seconds(battery);
}

double gap_seconds(const BatteryParameters& battery) {
  const double half = unknowns_of(battery) / 2;
  if (gap_by_diagonalisation(battery, half)) {
    return 2 * (2.2e-9 * std::pow(half, 3) + 2e-6 * half);
  }
  constexpr double more_digits = 1.6;
  return 2 * more_digits * exponentials * exponential_seconds(battery);
}

double seconds_on_levels(const BatteryParameters& battery, SteadyMethod method) {
  switch (method) {
    case SteadyMethod::shift_invert:
      return shift_invert_seconds(battery);
    case SteadyMethod::propagator:
      return propagator_seconds(battery);
    case SteadyMethod::gmres:
    case SteadyMethod::automatic:
      break;
  }
  return gmres_seconds(battery);
}

}  // namespace

SteadyEstimate estimate_steady_point(const BatteryParameters& battery,
                                     const SteadyStateSettings& settings) {
  BatteryParameters kept = battery;
  if (settings.auto_fock_dim) {
    constexpr double more = 1.1;
    kept.fock_dim = std::clamp(static_cast<int>(more * guess_steady_levels(battery)), fewest_levels,
                               most_estimated_levels);
  }
  SteadyEstimate estimate = estimate_steady_state(kept, settings);
  estimate.fock_dim = kept.fock_dim;
  estimate.unknowns = unknowns_of(kept);
  // The number of shift_invert is of the whole process.
  estimate.memory_bytes += estimate.method == SteadyMethod::shift_invert ? 0.0 : process_bytes;
  estimate.seconds = seconds_on_levels(kept, estimate.method);
  if (settings.auto_fock_dim) {
    // The fewest levels are tried first, then others on the way.
    constexpr double tries = 1.5;
    BatteryParameters fewest = battery;
    fewest.fock_dim = fewest_levels;
    estimate.seconds =
        kept.fock_dim > fewest.fock_dim
            ? tries * estimate.seconds +
                  seconds_on_levels(fewest, estimate_steady_state(fewest, settings).method)
            : estimate.seconds;
  }
  if (settings.gap) {
    estimate.memory_bytes =
        std::max(estimate.memory_bytes, process_bytes + liouvillian_gap_bytes(kept));
    estimate.seconds += gap_seconds(kept);
  }
  return estimate;
}

}  // namespace qbsweep
