#include "qbsweep/solvers/steady_propagator.hpp"

#include <algorithm>
#include <utility>

#include "qbsweep/liouvillian/parity_half.hpp"
#include "qbsweep/solvers/liouvillian_gap.hpp"
#include "rightmost.hpp"
#include "steady_states.hpp"

namespace qbsweep {

namespace {

LiouvillianGap count_steady_states(const BatteryParameters& battery, double tolerance,
                                   const StepHook& on_step) {
  GapSettings settings;
  // Few digits tell most other eigenvalues from zero.
  settings.tolerance = std::max(tolerance, 1e-5);
  LiouvillianGap spectrum = steady_multiplicity(battery, settings, on_step);
  if (spectrum.multiplicity > 1 && settings.tolerance > tolerance) {
    const std::int64_t applications = spectrum.operator_applications;
    settings.tolerance = tolerance;
    spectrum = steady_multiplicity(battery, settings, on_step);
    spectrum.operator_applications += applications;
  }
  return spectrum;
}

}  // namespace

SteadySolution steady_propagator(const BatteryParameters& battery, const SteadySearch& search) {
  std::int64_t applications = 0;
  if (search.count_states || without_noise(battery)) {
    const LiouvillianGap spectrum = count_steady_states(battery, search.tolerance, search.on_step);
    applications = spectrum.operator_applications;
    if (spectrum.multiplicity > 1) {
      return several_steady_states(spectrum.multiplicity, applications);
    }
  }
  const ParityHalf even(battery, Parity::even);
  const petsc::Matrix liouvillian = half_liouvillian(battery, even);
  const auto residual = [&](const std::vector<double>& state) {
    ++applications;
    return relative_residual(liouvillian.get(), make_vector(liouvillian.get(), state).get());
  };
  HalfState steady = {first_state_of(search, even), 0.0};
  steady.residual = residual(steady.numbers);
  const double first_residual = steady.residual;
  // A Krylov space has to be filled before it shows that the first vector was all it took.
  if (first_residual > search.tolerance) {
    Evolution evolution(battery, even, propagation_time(battery), propagation_tolerance,
                        search.on_step);
    Rightmost found =
        rightmost_eigenvalues(evolution, even, steady.numbers, {}, {1, 0.5 * search.tolerance});
    applications += evolution.applications();
    steady.numbers = std::move(found.subspace.front());
    normalise_trace(even, steady.numbers);
    steady.residual = residual(steady.numbers);
  }
  return unique_steady_state(even, steady, first_residual, applications);
}

double steady_propagator_bytes(const BatteryParameters& battery) {
  const double full =
      static_cast<double>(count_unknowns(battery.N, battery.fock_dim, has_local_noise(battery)));
  // Beside the iteration: the shell's copies for the residual, and the solution.
  return Evolution::bytes(battery) + rightmost_bytes(battery, 1) +
         8 * (3 * full + 2 * parity_sector_doubles(battery));
}

}  // namespace qbsweep
