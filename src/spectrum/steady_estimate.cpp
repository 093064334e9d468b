#include "qbsweep/spectrum/steady_estimate.hpp"
#include "qbsweep/model/reductions.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "qbsweep/dynamics/field_heating.hpp"
#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/spectrum/steady_gmres.hpp"
#include "qbsweep/spectrum/steady_propagator.hpp"
#include "qbsweep/spectrum/steady_shift_invert.hpp"
#include "qbsweep/support/node_memory.hpp"
#include "steady_seconds.hpp"
#include "steady_states.hpp"

namespace qbsweep {
namespace {

double memory_of(const BatteryParameters& battery, SteadyMethod method) {
  switch (method) {
    case SteadyMethod::shift_invert:
      return steady_shift_invert_memory(battery);
    case SteadyMethod::propagator:
      return steady_propagator_bytes(battery);
    case SteadyMethod::gmres:
    case SteadyMethod::automatic:
      break;
  }
  return steady_gmres_bytes(battery);
}

/// Whether a method computes with every term of the battery.
bool carries_all_terms(SteadyMethod method, const BatteryParameters& battery) {
  switch (method) {
    case SteadyMethod::propagator:
      return carries(Carrier::parity_kernel, battery);
    case SteadyMethod::gmres:
      return carries(Carrier::parity_kernel, battery) && carries(Carrier::no_jump_inverse, battery);
    case SteadyMethod::shift_invert:
    case SteadyMethod::automatic:
      break;
  }
  return true;
}

SteadyEstimate estimate(const BatteryParameters& battery, SteadyMethod method) {
  return {method, memory_of(battery, method), steady_seconds(battery, method)};
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
  std::vector<SteadyEstimate> choices = {estimate(battery, SteadyMethod::shift_invert),
                                         estimate(battery, SteadyMethod::gmres),
                                         estimate(battery, SteadyMethod::propagator)};
  std::erase_if(choices, [&](const SteadyEstimate& choice) {
    return !carries_all_terms(choice.method, battery);
  });
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
