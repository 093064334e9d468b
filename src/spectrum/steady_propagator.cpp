#include "qbsweep/spectrum/steady_propagator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "qbsweep/operators/parity_half.hpp"
#include "qbsweep/spectrum/liouvillian_gap.hpp"
#include "refined_state.hpp"
#include "rightmost.hpp"
#include "steady_energies.hpp"
#include "steady_states.hpp"

namespace qbsweep {
namespace {

/// Two digits are enough, and those the gap has at any tolerance.
LiouvillianGap rough_gap(const BatteryParameters& battery, const Watch& watch) {
  GapSettings few_digits;
  few_digits.tolerance = 1e-3 * battery.omega_c;
  return even_half_gap(battery, few_digits, watch);
}

/// From the iteration for the steady state, if that came to know it.
std::optional<double> gap_beside(const Rightmost& found, double duration) {
  return found.next_modulus ? std::optional(-std::log(*found.next_modulus) / duration)
                            : std::nullopt;
}

}  // namespace

SteadySolution steady_propagator(const BatteryParameters& battery, const SteadySearch& search) {
  LiouvillianGap spectrum;
  std::optional<double> gap;
  const auto find_gap = [&] {
    spectrum = rough_gap(battery, search.watch);
    gap = spectrum.gap;
  };
  if (!unique_by_decay(battery)) {
    find_gap();
    if (spectrum.multiplicity > 1) {
      return several_steady_states(spectrum.multiplicity, spectrum.operator_applications);
    }
  }
  const ParityHalf even(battery, Parity::even);
  const auto on_full_basis = [&even](const std::vector<double>& half) {
    std::vector<double> full(static_cast<std::size_t>(even.basis().size()), 0.0);
    even.expand(half.data(), full.data());
    return full;
  };
  Evolution evolution(battery, even, propagation_time(battery), propagation_tolerance,
                      search.watch);
  SteadyObserver observer(battery);
  std::vector<double> steady = first_state_of(search, even);
  const double first_residual = RefinedState(battery, on_full_basis(steady)).relative_residual();
  std::vector<double> evolved(steady.size());
  double error = std::numeric_limits<double>::infinity();
  constexpr double safety = 3.0;
  constexpr double usually_forgotten = 0.1;
  const double lowest =
      10 * std::max(rounding_frequency(battery), propagation_tolerance / evolution.duration());
  const auto forgotten_with = [&](double slowest) {
    return -std::expm1(-slowest * evolution.duration());
  };
  // The residual that is asked for, until the error is small enough or gets no smaller.
  double wanted = 0.1 * search.tolerance * (gap ? forgotten_with(*gap) : usually_forgotten) /
                  evolution.duration();
  for (;;) {
    wanted = std::max(wanted, lowest);
    Rightmost found = rightmost_eigenvalues(evolution, even, steady, {}, {1, wanted});
    steady = std::move(found.subspace.front());
    normalise_trace(even, steady);
    if (!gap) {
      gap = gap_beside(found, evolution.duration());
    }
    if (!gap) {
      find_gap();
    }
    // A deviation d becomes exp(L T) d: what it changes by is at least 1 - exp(-gap T) of it.
    const double forgotten = forgotten_with(*gap);
    evolution.apply(steady.data(), evolved.data());
    for (std::size_t e = 0; e < evolved.size(); ++e) {
      evolved[e] = (evolved[e] - steady[e]) / forgotten;
    }
    const RefinedState state(battery, on_full_basis(steady));
    const double before = error;
    error = safety * observer.change(state.rounded(), on_full_basis(evolved)) +
            observer.rounding(observer.energies(state.rounded()));
    if (error <= search.tolerance || !(error < 0.5 * before)) {
      return {on_full_basis(steady),
              state.relative_residual(),
              first_residual,
              error,
              1,
              spectrum.operator_applications + evolution.applications()};
    }
    wanted *= 0.1 * search.tolerance / error;
  }
}

double steady_propagator_bytes(const BatteryParameters& battery) {
  const double full =
      static_cast<double>(count_unknowns(battery.N, battery.fock_dim, has_local_noise(battery)));
  // Beside the iteration: the state with its residual in long double, and copies of it.
  return Evolution::bytes(battery) + rightmost_bytes(battery, 1) +
         (2.0 * sizeof(long double) + 8 * 4) * full;
}

}  // namespace qbsweep
