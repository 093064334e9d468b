#include "qbsweep/solvers/steady_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <vector>

#include "qbsweep/physics/spin_blocks.hpp"
#include "qbsweep/solvers/field_heating.hpp"
#include "qbsweep/solvers/steady_gmres.hpp"
#include "qbsweep/solvers/steady_propagator.hpp"
#include "qbsweep/solvers/steady_shift_invert.hpp"
#include "qbsweep/support/node_memory.hpp"

namespace qbsweep {
namespace {

// Measured on one core, Dicke, N = 4 .. 10, 17 to 111 Fock levels, strong and weak damping.

/// The factors: flops grow with the power 3/2 of their memory.
double shift_invert_seconds(double factor_bytes) {
  return 0.01 + 2.4e-13 * std::pow(factor_bytes, 1.5);
}

/// An application multiplies dense matrices of every block; their number grows with the levels.
double gmres_seconds(const BatteryParameters& battery) {
  double multiplied = 0.0;
  for (const SpinBlock block : spin_blocks(battery.N, has_local_noise(battery))) {
    multiplied += std::pow(1.0 * block.dim() * battery.fock_dim, 3);
  }
  return 0.01 + 2.8e-10 * multiplied * 5 * battery.fock_dim;
}

/// exp(L T) has to damp what decays slowest, with terms for what turns fastest.
double propagator_seconds(const BatteryParameters& battery) {
  double slowest = std::numeric_limits<double>::infinity();
  for (const double rate : {battery.kappa, battery.gamma_down, battery.gamma_phi}) {
    slowest = rate > 0 ? std::min(slowest, rate) : slowest;
  }
  const double spread = battery.omega_c * battery.fock_dim + battery.omega_0 * battery.N +
                        2 * effective_coupling(battery) * battery.N * std::sqrt(battery.fock_dim);
  const auto unknowns =
      static_cast<double>(count_unknowns(battery.N, battery.fock_dim, has_local_noise(battery)));
  return 0.01 + 1.1e-9 * unknowns * 25 * spread / slowest;
}

SteadyEstimate estimate(const BatteryParameters& battery, SteadyMethod method) {
  switch (method) {
    case SteadyMethod::shift_invert: {
      const double bytes = steady_shift_invert_memory(battery);
      return {method, bytes, shift_invert_seconds(bytes)};
    }
    case SteadyMethod::propagator:
      return {method, steady_propagator_bytes(battery), propagator_seconds(battery)};
    case SteadyMethod::gmres:
    case SteadyMethod::automatic:
      break;
  }
  return {SteadyMethod::gmres, steady_gmres_bytes(battery), gmres_seconds(battery)};
}

}  // namespace

int guess_steady_levels(const BatteryParameters& battery) {
  constexpr int fewest = 8;
  if (battery.interaction == Interaction::tavis_cummings) {
    return fewest;
  }
  const double g = effective_coupling(battery) * std::sqrt(battery.N);
  const double g_over_gc =
      g / critical_coupling(battery.interaction, battery.omega_0, battery.omega_c);
  // Short of what is needed: levels that are not needed cost more than another solution.
  const double displaced = 0.6 * (fewest + 16 * g_over_gc * g_over_gc);
  const double thermal = 13 * (steady_heating(battery) + 0.5);
  constexpr double most = 1e4;
  return static_cast<int>(std::clamp(std::max(displaced, thermal), double{fewest}, most));
}

std::vector<SteadyEstimate> steady_methods_in_order(const BatteryParameters& battery,
                                                    const SteadyStateSettings& settings) {
  if (settings.method != SteadyMethod::automatic) {
    return {estimate(battery, settings.method)};
  }
  std::vector<SteadyEstimate> choices = {estimate(battery, SteadyMethod::shift_invert),
                                         estimate(battery, SteadyMethod::gmres),
                                         estimate(battery, SteadyMethod::propagator)};
  // While all take some ten milliseconds (N = 2), the one that is accurate to rounding and counts
  // all steady states.
  constexpr double quick_bytes = 55e6;
  const double available = available_memory_bytes();
  const auto rank = [&](const SteadyEstimate& choice) {
    const bool fits = choice.memory_bytes <= available;
    const bool quick =
        choice.method == SteadyMethod::shift_invert && fits && choice.memory_bytes <= quick_bytes;
    return std::tuple(!quick, !fits, fits ? choice.seconds : choice.memory_bytes);
  };
  std::sort(choices.begin(), choices.end(),
            [&](const SteadyEstimate& a, const SteadyEstimate& b) { return rank(a) < rank(b); });
  return choices;
}

SteadyEstimate estimate_steady_state(const BatteryParameters& battery,
                                     const SteadyStateSettings& settings) {
  return steady_methods_in_order(battery, settings).front();
}

}  // namespace qbsweep
