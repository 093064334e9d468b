#include "qbsweep/solvers/steady_estimate.hpp"

#include <algorithm>
#include <cmath>

#include "qbsweep/solvers/liouvillian_gap.hpp"
#include "qbsweep/solvers/steady_gmres.hpp"
#include "qbsweep/solvers/steady_propagator.hpp"
#include "qbsweep/solvers/steady_shift_invert.hpp"
#include "qbsweep/support/node_memory.hpp"

namespace qbsweep {
namespace {

/// Up to this memory the factors of shift_invert take less than half a second (Dicke to N = 4), and
/// it depends on no iteration; beyond, GMRES is faster by more than ten times.
constexpr double small_factors_bytes = 100e6;

// Measured on one core with PETSc 3.18 and OpenBLAS, N = 2 .. 10, g = g_c/2 .. 2 g_c.
constexpr double process_bytes = 55e6;
constexpr double seconds_per_point = 5e-3;

/// The Fock levels with which a steady state loses less than 1e-6 by truncation, for Dicke within a
/// third (N = 1 .. 4, up to twice the critical coupling). The one of Tavis-Cummings is the vacuum.
int guess_steady_levels(const BatteryParameters& battery) {
  constexpr int fewest = 8;
  if (battery.interaction == Interaction::tavis_cummings) {
    return fewest;
  }
  const double g = effective_coupling(battery) * std::sqrt(battery.N);
  const double g_over_gc =
      g / critical_coupling(battery.interaction, battery.omega_0, battery.omega_c);
  const double heating = 1 + battery.gamma_phi / battery.omega_0;
  const double levels = fewest + 16 * g_over_gc * g_over_gc * heating;
  constexpr double most = 1e4;
  return static_cast<int>(std::min(levels, most));
}

/// The factors fill up with both the pairs of spin states and the pairs of Fock levels;
/// Tavis-Cummings falls into sectors of one k each.
double shift_invert_seconds(const BatteryParameters& battery, double unknowns) {
  const double levels = battery.fock_dim;
  const double spin_elements = unknowns / (levels * levels);
  const double filled = battery.interaction == Interaction::dicke ? 1.0 : 0.2;
  return filled * 1.04e-7 * std::pow(spin_elements, 1.9) * std::pow(levels, 2.7);
}

/// The iterations grow like the square root of the largest block; each one multiplies by matrices
/// of its size and goes along the Krylov basis.
double gmres_seconds(const BatteryParameters& battery, double unknowns) {
  const double block = (battery.N + 1.0) * battery.fock_dim;
  const double iterations = 15 * std::sqrt(block);
  return iterations * unknowns * (3e-8 + 2.6e-10 * block);
}

/// As many applications as the fastest motion turns while the slowest noise acts.
double propagator_seconds(const BatteryParameters& battery, double unknowns) {
  double slowest = 1e300;
  for (const double rate : {battery.kappa, battery.gamma_down, battery.gamma_phi}) {
    slowest = rate > 0 ? std::min(slowest, rate) : slowest;
  }
  const double spread = battery.omega_c * battery.fock_dim + battery.omega_0 * battery.N;
  const double applications = 100 + 25 * spread / slowest;
  return applications * unknowns * 1.8e-9;
}

double seconds_by(SteadyMethod method, const BatteryParameters& battery, double unknowns) {
  switch (method) {
    case SteadyMethod::shift_invert:
      return shift_invert_seconds(battery, unknowns);
    case SteadyMethod::propagator:
      return propagator_seconds(battery, unknowns);
    case SteadyMethod::gmres:
    case SteadyMethod::automatic:
      break;
  }
  return gmres_seconds(battery, unknowns);
}

}  // namespace

double steady_state_bytes(const BatteryParameters& battery, SteadyMethod method, double tolerance) {
  switch (method) {
    case SteadyMethod::shift_invert:
      return steady_shift_invert_memory(battery);
    case SteadyMethod::propagator:
      return steady_propagator_bytes(battery);
    case SteadyMethod::gmres:
    case SteadyMethod::automatic:
      break;
  }
  return steady_gmres_bytes(battery, {.tolerance = tolerance});
}

SteadyMethod choose_steady_method(const BatteryParameters& battery, double tolerance) {
  const auto needed = [&](SteadyMethod method) {
    return steady_state_bytes(battery, method, tolerance);
  };
  const double available = available_memory_bytes();
  if (needed(SteadyMethod::shift_invert) <= std::min(small_factors_bytes, available)) {
    return SteadyMethod::shift_invert;
  }
  return needed(SteadyMethod::gmres) <= available ? SteadyMethod::gmres : SteadyMethod::propagator;
}

SteadyEstimate estimate_steady_state(const BatteryParameters& battery,
                                     const SteadyStateSettings& settings) {
  BatteryParameters kept = battery;
  if (settings.auto_fock_dim) {
    kept.fock_dim = guess_steady_levels(battery);
  }
  const SteadyMethod method = settings.method == SteadyMethod::automatic
                                  ? choose_steady_method(kept, settings.tolerance)
                                  : settings.method;
  SteadyEstimate estimate;
  estimate.fock_dim = kept.fock_dim;
  estimate.unknowns =
      static_cast<double>(count_unknowns(kept.N, kept.fock_dim, has_local_noise(kept)));
  // The number of shift_invert is of the whole process.
  estimate.memory_bytes = steady_state_bytes(kept, method, settings.tolerance) +
                          (method == SteadyMethod::shift_invert ? 0.0 : process_bytes);
  // Fewer levels are tried first.
  const double tries = settings.auto_fock_dim ? 2 : 1;
  estimate.seconds = seconds_per_point + tries * seconds_by(method, kept, estimate.unknowns);
  if (settings.gap) {
    estimate.memory_bytes =
        std::max(estimate.memory_bytes, process_bytes + liouvillian_gap_bytes(kept));
    estimate.seconds += tries * propagator_seconds(kept, estimate.unknowns);
  }
  return estimate;
}

}  // namespace qbsweep
