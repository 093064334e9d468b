#include "qbsweep/spectrum/steady_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qbsweep/dynamics/fock_levels.hpp"
#include "qbsweep/spectrum/liouvillian_gap.hpp"
#include "qbsweep/spectrum/steady_estimate.hpp"
#include "qbsweep/support/error.hpp"
#include "qbsweep/support/node_memory.hpp"
#include "qbsweep/support/petsc.hpp"
#include "steady_energies.hpp"
#include "steady_solvers.hpp"
#include "steady_states.hpp"

namespace qbsweep {
namespace {

/// Populations below zero, and deviations of the trace from 1, that pass for rounding.
constexpr double state_tolerance = 1e-6;

/// Truncation of a steady state is also felt below the highest levels, which nothing emptier feeds:
/// the photon number, which moves most, was off by 1.2 to 4.2 times tail_error() (N = 1 and 2, g =
/// 0.6 .. 1, errors from 1 to 1e-8).
double energy_per_population(const BatteryParameters& battery) {
  constexpr double feedback = 5.0;
  return feedback * std::max(battery.omega_0, battery.omega_c);
}

std::string_view name_of(SteadyMethod method) {
  return info_of(method).word;
}

SteadySolution solve(MPI_Comm comm, const BatteryParameters& battery, SteadyMethod method,
                     const SteadySearch& search) {
  const double needed = estimate_steady_state(battery, {.method = method}).memory_bytes;
  const SteadySolver& solver = steady_solver(method);
  if (!solver.sees_shortage && needed > available_memory_bytes()) {
    throw EnvironmentError(fmt::format(
        "a steady state by method {} with {} Fock levels needs about {} of memory, of which {} are "
        "available",
        name_of(method), battery.fock_dim, size_text(needed), size_text(available_memory_bytes())));
  }
  return solver.solve(comm, battery, search);
}

/// The numbers of a unique steady state.
void observe(const BatteryParameters& battery, const SteadyStateSettings& settings,
             const SteadySolution& solution, SteadyStateResult& result) {
  const SteadyEnergies energies =
      SteadyObserver(battery, settings.observables, settings.sizes).energies(solution.state);
  result.observables = energies.observables;
  result.battery_energy = energies.battery.energy;
  result.ergotropy = energies.battery.ergotropy;
  result.photon_number = energies.photon_number;
  result.interaction_energy = energies.interaction;
  result.total_energy = energies.total;
  result.error = solution.error;
  result.fock_tail = energies.fock_tail;
  result.truncation_error =
      energy_per_population(battery) *
      tail_error(battery.fock_dim, std::max(energies.fock_tail, 0.0), energies.below_tail);
}

/// A kernel vector need not be a state: it must be normalised, positive and no purer than pure.
void check_state(const StateBasis& basis, const std::vector<double>& state) {
  double trace = 0.0;
  double lowest = 0.0;
  double purity = 0.0;  // of the blocks as they are stored
  Element element;
  for (std::int64_t e = 0; e < basis.size(); ++e, basis.advance(element)) {
    const double value = state[static_cast<std::size_t>(e)];
    purity += value * value;
    if (element.i == element.k && element.n == element.l) {
      trace += value;
      lowest = std::min(lowest, value);
    }
  }
  if (!(std::abs(trace - 1) <= state_tolerance && lowest >= -state_tolerance &&
        purity <= 1 + state_tolerance)) {
    throw EnvironmentError(fmt::format(
        "the steady state found is no state: its trace is {}, its lowest population {:.1e}, its "
        "purity {}, where 1, nothing below {:.0e} and at most 1 are accepted",
        trace, lowest, purity, -state_tolerance));
  }
}

/// Leaves of `result` what holds where the steady state is not unique.
void forget_state(SteadyStateResult& result) {
  result.battery_energy = result.photon_number = result.interaction_energy = unset;
  result.total_energy = result.error = result.fock_tail = result.truncation_error = unset;
  result.ergotropy.fill(unset);
  std::ranges::fill(result.observables, unset);
}

/// The eigenvalues of L around zero: how many are zero, and the gap where it is asked for. Whether
/// charging runs reach one steady state alone.
bool add_spectrum(const BatteryParameters& battery, const SteadyStateSettings& settings,
                  const Watch& watch, SteadyStateResult& result) {
  const LiouvillianGap spectrum =
      liouvillian_gap(battery, {.tolerance = settings.tolerance}, watch);
  result.multiplicity = spectrum.multiplicity;
  result.operator_applications += spectrum.operator_applications;
  result.gap = settings.gap ? spectrum.gap : unset;
  return spectrum.reached == 1;
}

/// Steady states of the blocks j < N/2, of which each has one if that of j = N/2 is unique: nothing
/// but the spin commutes with a, and no part of it with H. For j = 0 only the cavity is left, which
/// without loss keeps its levels.
std::int64_t steady_states_below(const BatteryParameters& battery) {
  if (has_local_noise(battery)) {
    return 0;
  }
  const bool idle_cavity = battery.N % 2 == 0 && battery.kappa == 0;
  return battery.N / 2 + (idle_cavity ? battery.fock_dim - 1 : 0);
}

/// A steady state on some Fock levels, and what it was found as.
struct OnLevels {
  SteadyStateResult result;
  std::vector<double> state;  ///< in the full basis; empty where there are several
};

/// By one method. \throws EnvironmentError where it does not do
OnLevels steady_state_by(MPI_Comm comm, const BatteryParameters& battery, SteadyMethod method,
                         const SteadyStateSettings& settings, const SteadySearch& search) {
  const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
  OnLevels found;
  SteadyStateResult& result = found.result;
  result.observables.assign(size_of(settings.observables, settings.sizes), unset);
  result.fock_dim = battery.fock_dim;
  result.unknowns = basis.size();
  result.method = method;
  SteadySolution solution = solve(comm, battery, method, search);
  result.multiplicity = solution.multiplicity + steady_states_below(battery);
  result.residual = solution.residual;
  result.operator_applications = solution.operator_applications;
  if (solution.multiplicity > 1) {
    // The matrix-free methods see that there are several states, not how many.
    if (settings.gap || method != SteadyMethod::shift_invert || !has_local_noise(battery)) {
      if (add_spectrum(battery, settings, search.watch, result)) {
        throw EnvironmentError("it sees several steady states, where zero is a single eigenvalue");
      }
    }
    return found;
  }
  if (!(solution.error <= settings.tolerance)) {
    throw EnvironmentError(fmt::format(
        "the error of its energies is about {:.1e} and {:.1e} is required; ||L rho|| / ||rho|| "
        "went from {:.1e} to {:.1e} in {} applications",
        solution.error, settings.tolerance, solution.first_residual, solution.residual,
        solution.operator_applications));
  }
  check_state(basis, solution.state);
  observe(battery, settings, solution, result);
  found.state = std::move(solution.state);
  return found;
}

/// "; it needs about 3.1 GiB, and 1.2 GiB are available"
std::string shortage(const BatteryParameters& battery, SteadyMethod method) {
  return fmt::format("; it needs about {}, and {} are available",
                     size_text(estimate_steady_state(battery, {.method = method}).memory_bytes),
                     size_text(unclaimed_memory_bytes()));
}

/// By the first method that does.
OnLevels steady_state_on_levels(MPI_Comm comm, const BatteryParameters& battery,
                                const SteadyStateSettings& settings, const SteadySearch& search) {
  if (without_noise(battery)) {
    OnLevels found;
    found.result.observables.assign(size_of(settings.observables, settings.sizes), unset);
    found.result.fock_dim = battery.fock_dim;
    found.result.unknowns = StateBasis(battery.N, battery.fock_dim, false).size();
    found.result.method = estimate_steady_state(battery, settings).method;
    found.result.residual = 0.0;  // every function of H is a steady state, such as the mixed one
    add_spectrum(battery, settings, search.watch, found.result);
    return found;
  }
  std::string tried;
  const auto note = [&tried](SteadyMethod method, const std::string& why) {
    tried += fmt::format("{}{}: {}", tried.empty() ? "" : "; ", name_of(method), why);
  };
  for (const SteadyEstimate& choice : steady_methods_in_order(battery, settings)) {
    try {
      return steady_state_by(comm, battery, choice.method, settings, search);
    } catch (const std::bad_alloc&) {
      note(choice.method, "out of memory" + shortage(battery, choice.method));
    } catch (const LibraryError& error) {
      note(choice.method,
           error.what() +
               (petsc::is_out_of_memory(error) ? shortage(battery, choice.method) : std::string()));
    } catch (const EnvironmentError& error) {
      note(choice.method, error.what());
    }
  }
  throw EnvironmentError(
      fmt::format("no steady state with {} Fock levels: {}", battery.fock_dim, tried));
}

/// `state` on more Fock levels, of which the new ones are empty.
std::vector<double> on_more_levels(const BatteryParameters& battery,
                                   const std::vector<double>& state, int fock_dim) {
  const StateBasis basis(battery.N, battery.fock_dim, has_local_noise(battery));
  const StateBasis wider(battery.N, fock_dim, has_local_noise(battery));
  std::vector<double> numbers(static_cast<std::size_t>(wider.size()), 0.0);
  Element element;
  for (std::int64_t e = 0; e < basis.size(); ++e, basis.advance(element)) {
    numbers[wider.index(element)] = state[e];
  }
  return numbers;
}

/// The levels to try after `result`: its tail is continued with the ratio at which it falls off.
int more_levels(const BatteryParameters& battery, const SteadyStateResult& result,
                double tolerance) {
  const int levels = result.fock_dim;
  constexpr double aim = 0.15;  // another solution costs more than a few levels
  constexpr double slowest = 0.9;
  const double p = std::max(result.fock_tail, 1e-300);
  // r/(1 - r) of tail_error(), from what it made of p.
  const double relative = result.truncation_error / (energy_per_population(battery) * p);
  const double summed = std::max(relative - 1, 1e-3) / levels;
  const double ratio = std::min(summed / (1 + summed), slowest);
  const double pairs = std::log(aim * tolerance / result.truncation_error) / std::log(ratio);
  return std::clamp(levels + 2 * static_cast<int>(std::ceil(pairs)), levels + 2, 2 * levels);
}

/// With as many Fock levels as it takes.
OnLevels steady_state_on_enough_levels(MPI_Comm comm, const BatteryParameters& battery,
                                       const SteadyStateSettings& settings, const Watch& watch) {
  const double tolerance = steady_truncation_tolerance(battery, settings);
  BatteryParameters tried = battery;
  constexpr int fewest = 8;
  tried.fock_dim = fewest;
  // How many solutions it will take is not known, and so no fraction.
  SteadySearch search = {settings.tolerance, {}, without_fraction(watch)};
  OnLevels found = steady_state_on_levels(comm, tried, settings, search);
  std::int64_t applications = found.result.operator_applications;
  const int guessed = guess_steady_levels(battery);
  // The state on many levels, where those were first tried.
  constexpr int many = 32;
  std::optional<SteadyStateResult> on_many;
  // Without a unique state there is no tail to judge by.
  while (!found.state.empty() && found.result.truncation_error > tolerance) {
    const SteadyStateResult& result = found.result;
    if (!on_many && result.fock_dim >= many) {
      on_many = result;
    } else if (on_many && result.fock_dim >= 4 * on_many->fock_dim &&
               result.truncation_error > on_many->truncation_error / 2) {
      throw EnvironmentError(fmt::format(
          "fock_dim: auto does not converge: {:.3g} photons on {} Fock levels and {:.3g} on {}, "
          "and truncation still costs {:.1g}; jumps of the atoms put photons into the cavity, "
          "which "
          "cavity loss takes out again (kappa is {:g})",
          on_many->photon_number, on_many->fock_dim, result.photon_number, result.fock_dim,
          result.truncation_error, battery.kappa));
    }
    const int levels = std::max(more_levels(tried, found.result, tolerance), guessed);
    const std::vector<double> first = on_more_levels(tried, found.state, levels);
    tried.fock_dim = levels;
    search.first = first;
    found = steady_state_on_levels(comm, tried, settings, search);
    applications += found.result.operator_applications;
  }
  found.result.operator_applications = applications;
  return found;
}

}  // namespace

double steady_truncation_tolerance(const BatteryParameters& battery,
                                   const SteadyStateSettings& settings) {
  return std::max(1e-6 * battery.omega_0, settings.tolerance);
}

SteadyStateResult steady_state(MPI_Comm comm, const BatteryParameters& battery,
                               const SteadyStateSettings& settings, const Watch& watch) {
  OnLevels found =
      settings.auto_fock_dim
          ? steady_state_on_enough_levels(comm, battery, settings, watch)
          : steady_state_on_levels(comm, battery, settings, {settings.tolerance, {}, watch});
  SteadyStateResult& result = found.result;
  if (settings.gap && !found.state.empty()) {
    BatteryParameters kept = battery;
    kept.fock_dim = result.fock_dim;
    // The odd half, too, may have zeros: then the state found is one of many.
    if (!add_spectrum(kept, settings, watch, result)) {
      forget_state(result);
    }
  }
  return found.result;
}

}  // namespace qbsweep
