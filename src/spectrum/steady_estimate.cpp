#include "qbsweep/spectrum/steady_estimate.hpp"
#include "qbsweep/model/reductions.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "qbsweep/dynamics/field_heating.hpp"
#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/support/node_memory.hpp"
#include "steady_solvers.hpp"
#include "steady_states.hpp"

namespace qbsweep {
namespace {

SteadyEstimate estimate(const BatteryParameters& battery, SteadyMethod method) {
  const SteadySolver& solver = steady_solver(method);
  return {method, solver.bytes(battery), solver.seconds(battery)};
}

}  // namespace

int guess_steady_levels(const BatteryParameters& battery) {
  constexpr int fewest = 8;
  if (excitations_are_bounded(battery)) {
    return fewest;
  }
  const double g = effective_coupling(battery) * std::sqrt(battery.N);
  const double g_over_gc = g / critical_coupling(battery);
  // Short of what is needed: levels that are not needed cost more than another solution.
  const double displaced = 0.6 * (fewest + 16 * g_over_gc * g_over_gc);
  const double thermal = 13 * (steady_heating(battery) + battery.n_th + 0.5);
  // A driven cavity holds a coherent state.
  const double field = std::abs(battery.drive) /
                       std::hypot(battery.kappa / 2, battery.omega_c - frame_frequency(battery));
  const double driven = battery.drive != 0 ? field * field + 4 * field : 0.0;
  constexpr double most = 1e4;
  return static_cast<int>(std::clamp(std::max({displaced, thermal, driven}), double{fewest}, most));
}

std::vector<SteadyEstimate> steady_methods_in_order(const BatteryParameters& battery,
                                                    const SteadyStateSettings& settings) {
  if (settings.method != SteadyMethod::automatic) {
    return {estimate(battery, settings.method)};
  }
  std::vector<SteadyEstimate> choices;
  for (const SteadySolver& solver : steady_solvers()) {
    if (carries(solver.method, battery)) {
      choices.push_back(estimate(battery, solver.method));
    }
  }
  // While it is as good as free the one that is accurate to rounding, and for longer where its
  // count of all steady states tells something.
  const double quick_seconds = unique_by_decay(battery) ? 0.02 : 0.1;
  const double available = available_memory_bytes();
  const auto rank = [&](const SteadyEstimate& choice) {
    const bool fits = choice.memory_bytes <= available;
    const bool quick =
        choice.method == SteadyMethod::shift_invert && fits && choice.seconds <= quick_seconds;
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
