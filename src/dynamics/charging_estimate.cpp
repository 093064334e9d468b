#include "qbsweep/dynamics/charging_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "level_control.hpp"
#include "qbsweep/dynamics/charging_path.hpp"
#include "qbsweep/dynamics/level_estimate.hpp"
#include "qbsweep/dynamics/quick_field_of_values.hpp"
#include "qbsweep/dynamics/series_steps.hpp"
#include "qbsweep/dynamics/storage.hpp"
#include "qbsweep/dynamics/truncation_estimate.hpp"
#include "qbsweep/model/reductions.hpp"
#include "qbsweep/model/turning_drives.hpp"
#include "qbsweep/operators/assembled.hpp"
#include "qbsweep/operators/charging_operators.hpp"
#include "qbsweep/operators/ellipse_series.hpp"
#include "qbsweep/operators/field_of_values.hpp"
#include "qbsweep/operators/stored_size.hpp"
#include "scheduled_estimate.hpp"

namespace qbsweep {
namespace {

// Measured on one core with PETSc 3.18 (N = 2 .. 30, both interactions).
constexpr double process_bytes = 48e6;
constexpr double seconds_per_point = 0.8e-3;

// The assembled matrix: peak memory over its entries, and time over entries times applications.
constexpr double bytes_per_entry = 42;
constexpr double seconds_per_entry_application = 0.8e-9;
constexpr double seconds_per_application = 1e-6;

// The kernels and what is done with every term: time over stored doubles times applications, in the
// caches and beyond, and for each application.
constexpr double seconds_per_term = 4e-6;
constexpr double seconds_per_double = 0.9e-9;
constexpr double seconds_per_far_double = 1.7e-9;
constexpr double cached_doubles = 1.5e6;

/// Vectors of TS with Runge-Kutta of order 5.
constexpr double integrator_vectors = 12;

/// How fast the observables and the elements that matter turn, which sets the step of TS:
/// coherences of the photon distribution turn with omega_c times its width, populations with the
/// Rabi frequency.
double motion_rate(const BatteryParameters& battery) {
  const bool dicke = !excitations_are_bounded(battery);
  const bool coherent = battery.charger == Charger::coherent;
  const double rabi =
      4 * effective_coupling(battery) * std::sqrt(std::max(battery.m, 1.0) * battery.N);
  const double free = battery.omega_c * std::sqrt(std::max(battery.m, 1.0));
  return 0.5 + (dicke || coherent ? 2 * free : 0.0) + (dicke ? 0.9 : 0.3) * rabi;
}

double fastest_decay(const BatteryParameters& battery) {
  return quick_field_of_values(battery).expected_support(std::numbers::pi);
}

double integrator_applications(const BatteryParameters& battery, const ChargingSettings& settings) {
  // An order-5 step of 6 stages is as long as its error estimate of order 4 allows ...
  const double accuracy_rate = motion_rate(battery) * std::pow(settings.tolerance, -0.2);
  // ... and no longer than the stability of the fastest decay.
  const double decay_rate = fastest_decay(battery);
  const double stability_rate = 6 * decay_rate / 3.3;
  return 50 + settings.t_max * std::max(accuracy_rate, stability_rate);
}

/// The spread of H without an eigensolver: the free ladder and the coupling at its upper end.
double guess_energy_spread(const BatteryParameters& battery, bool rotating, int fock_dim) {
  const double coupling = 2 * effective_coupling(battery) * battery.N * std::sqrt(fock_dim);
  if (rotating) {
    const double detuning = (battery.omega_0 - battery.omega_c) * battery.N;
    return std::hypot(coupling, detuning);
  }
  return quick_energy_spread(battery, fock_dim);
}

FieldOfValues guess_field_of_values(const BatteryParameters& battery,
                                    const Reductions& reductions) {
  const bool pure = reductions.has(Reduction::state_vector);
  const bool rotating = excitations_are_bounded(battery);
  const bool bounded = reductions.has(Reduction::bounded_excitations);
  const int fock_dim = bounded ? excitation_sectors(battery).excitations + 1 : battery.fock_dim;
  const double spread = rotating && !pure
                            ? rotating_energy_spread(battery, fock_dim - 1)
                            : guess_energy_spread(battery, rotating, fock_dim) / (pure ? 2 : 1);
  return field_of_values(battery, fock_dim, {0.0, spread});
}

/// How a window is cut into steps, each one series.
struct Steps {
  double number = 1;
  double terms = 0;  ///< of each
};

/// What longest_step() finds, in a few tries for any length of the window.
Steps estimate_steps(const Ellipse& ellipse, double window, double tolerance, double observations) {
  constexpr double most_bytes = 128e6;
  constexpr double most_terms = 1600;
  constexpr double fewest_terms = 64;
  const double allowed =
      std::clamp(most_bytes / (8 * std::max(observations, 1.0)), fewest_terms, most_terms);
  const EllipseSeries series(ellipse);
  // A series has at least as many terms as the fastest coherence turns through radians.
  Steps steps;
  steps.number = std::max(1.0, std::ceil(ellipse.imaginary_axis * window / allowed));
  if (!(steps.number < 1e15)) {
    steps.terms = allowed;  // beyond what is ever computed
    return steps;
  }
  constexpr int most_tries = 24;
  for (int t = 0; t < most_tries; ++t) {
    steps.terms = static_cast<double>(series.terms(window / steps.number, tolerance));
    if (steps.terms <= allowed) {
      break;
    }
    steps.number = std::ceil(steps.number * std::min(2.0, 0.1 + steps.terms / allowed) + 0.5);
  }
  return steps;
}

/// A series on the smaller ellipse is begun again with shorter steps where it grows, which a strong
/// decay over a long window makes likely; for Tavis-Cummings less often.
double growth_factor(const FieldOfValues& values, double window, bool bounded) {
  constexpr double some_decays = 6;
  const double again = bounded ? 0.4 : 1.0;
  const double decays = (values.ladder_loss + values.single_loss + 2 * values.dephasing) * window;
  // Whatever is infinite decays often.
  return 1 + again / (1 + some_decays / std::max(decays, 1e-9));
}

/// By its axes alone: to find the best one takes longer than an estimate may.
Ellipse quick_ellipse(double left, double right, double height) {
  return {(left + right) / 2, std::max((right - left) / 2, 1e-6), std::max(height, 1e-6)};
}

/// Of careful steps, which are many where something decays fast; 0 where they are none.
double careful_applications(const FieldOfValues& values, const BatteryParameters& battery,
                            const ChargingSettings& settings, double observations) {
  const Ellipse ellipse = quick_ellipse(-values.support(std::numbers::pi), values.support(0.0),
                                        values.support(std::numbers::pi / 2));
  const double number =
      steps_for_growth(ellipse, settings.t_max, growth_allowed(battery, settings.tolerance));
  if (number <= 1) {
    return 0.0;
  }
  const Steps steps = estimate_steps(ellipse, settings.t_max / number,
                                     series_tolerance(battery, settings.tolerance), observations);
  return number * steps.number * steps.terms;
}

/// Where a series on the smaller ellipse grows, shorter steps may do, or careful ones are needed.
/// Seen with kappa = 0.3 .. 1000: over short windows all goes well, over long ones some of both is
/// needed, and the geometric mean is the best guess.
double share_of_careful_steps(const FieldOfValues& values, double window) {
  constexpr double seldom = 60;  // radians that the fastest coherence turns through
  constexpr double often = 150;
  const double turned = values.energy_spread * window;
  constexpr double most = 0.5;
  return most * std::clamp(std::log(turned / seldom) / std::log(often / seldom), 0.0, 1.0);
}

/// \param window  of the charging window, with the levels of `battery`
ChargingEstimate estimate_series(const BatteryParameters& battery, const ChargingSettings& settings,
                                 double window) {
  const Reductions reductions = exact_reductions(battery);
  const StoredSize size = matrix_free_size(battery);
  const FieldOfValues values = guess_field_of_values(battery, reductions);
  const Ellipse ellipse =
      quick_ellipse(-values.expected_support(std::numbers::pi), values.expected_support(0.0),
                    values.expected_support(std::numbers::pi / 2));
  const Steps steps = estimate_steps(ellipse, window, series_tolerance(battery, settings.tolerance),
                                     size.observations);
  const double parts = std::max(1.0, std::round(size.doubles / std::max(size.largest_part, 1.0)));

  ChargingEstimate estimate;
  estimate.unknowns = size.unknowns;
  const double expected = steps.number * steps.terms *
                          growth_factor(values, settings.t_max, excitations_are_bounded(battery));
  const double careful = careful_applications(values, battery, settings, size.observations) *
                         (window / settings.t_max);
  const double applied =
      careful > expected
          ? expected * std::pow(careful / expected, share_of_careful_steps(values, settings.t_max))
          : expected;
  estimate.operator_applications =
      (careful > expected ? applied : steps.number * steps.terms) * parts;
  const bool assembled = settings.liouvillian == LiouvillianKind::assembled;
  if (assembled) {
    const auto entries = static_cast<double>(estimate_liouvillian_entries(battery));
    const auto unknowns =
        static_cast<double>(count_unknowns(battery.N, battery.fock_dim, has_local_noise(battery)));
    estimate.unknowns = unknowns;
    estimate.operator_applications = applied;
    estimate.memory_bytes = process_bytes + bytes_per_entry * entries;
    estimate.seconds = seconds_per_point + applied * entries * seconds_per_entry_application;
    return estimate;
  }
  // Two vectors of the series, and between steps the states at both of their ends; the observations
  // of all terms.
  const bool several = steps.number > 1 || window < settings.t_max;
  const double vectors = 2 * size.largest_part + (several ? 2 * size.doubles : 0.0);
  estimate.memory_bytes = process_bytes + 8 * (vectors + 2 * steps.terms * size.observations);
  const double per_double =
      size.largest_part < cached_doubles
          ? seconds_per_double
          : seconds_per_far_double -
                (seconds_per_far_double - seconds_per_double) * cached_doubles / size.largest_part;
  // Of every term all observations are added up at the nodes of the segments, some for each turn.
  const double nodes = std::max(0.75 * steps.terms * steps.number, 64.0);
  const double added = nodes * steps.terms * size.observations;
  // There, and at each sample, the battery's state is diagonalised, unless it is diagonal.
  const bool diagonal = reductions.has(Reduction::excitation_sectors) &&
                        excitation_sectors(battery).last == 0 &&
                        battery.initial_state == InitialState::charged_cavity;
  const double per_state =
      diagonal ? 1e-6 + 3e-7 * battery.N
               : 1e-6 + 2e-7 * std::pow(battery.N, 2) + 1e-9 * std::pow(battery.N, 3.5);
  estimate.seconds =
      seconds_per_point + applied * (parts * seconds_per_term + size.doubles * per_double) +
      2.8e-10 * added +
      (static_cast<double>(settings.samples) * window / settings.t_max + nodes) * per_state;
  return estimate;
}

/// `battery` after half of its photons were lost so many times, with the levels that it then keeps.
BatteryParameters after_halvings(const BatteryParameters& battery, const ChargingSettings& settings,
                                 int halvings) {
  BatteryParameters later = battery;
  later.m = battery.m * std::pow(0.5, halvings);
  BatteryParameters coherent = later;
  coherent.charger = Charger::coherent;
  coherent.initial_state = InitialState::charged_cavity;
  const LevelEstimate levels = estimate_fock_levels(
      coherent, settings.t_max, LevelControl::share_of_cut * settings.tolerance);
  // Excitations are of the atoms as well.
  const int atoms = excitations_are_bounded(battery) ? battery.N : 0;
  const int margin = LevelControl::first_margin(battery) + atoms;
  later.fock_dim = std::min(battery.fock_dim, levels.kept + margin);
  if (battery.charger == Charger::fock) {
    later.m = std::min(battery.m, later.fock_dim - 1.0);
  }
  return later;
}

/// With fewer levels from step to step where photons are lost (LevelControl).
ChargingEstimate estimate_series(const BatteryParameters& battery,
                                 const ChargingSettings& settings) {
  constexpr double fewest_halvings = 3;
  const double halving = std::log(2.0) / battery.kappa;
  if (!(fewest_halvings * halving < settings.t_max) ||
      settings.liouvillian != LiouvillianKind::matrix_free || !kernels_carry(battery)) {
    return estimate_series(battery, settings, settings.t_max);
  }
  ChargingEstimate sum = estimate_series(battery, settings, halving);
  constexpr int most_halvings = 8;
  double begin = halving;
  for (int halvings = 1; begin < settings.t_max && halvings <= most_halvings; ++halvings) {
    // A step ends before its state is cut.
    const BatteryParameters later = after_halvings(battery, settings, halvings - 1);
    const double end =
        halvings == most_halvings ? settings.t_max : std::min(begin + halving, settings.t_max);
    const ChargingEstimate part = estimate_series(later, settings, end - begin);
    sum.seconds += part.seconds;
    sum.operator_applications += part.operator_applications;
    begin = end;
  }
  return sum;
}

ChargingEstimate estimate_integration(const BatteryParameters& battery,
                                      const ChargingSettings& settings) {
  const auto entries = static_cast<double>(estimate_liouvillian_entries(battery));
  ChargingEstimate estimate;
  estimate.unknowns =
      static_cast<double>(count_unknowns(battery.N, battery.fock_dim, has_local_noise(battery)));
  estimate.operator_applications = integrator_applications(battery, settings);
  if (settings.liouvillian == LiouvillianKind::assembled) {
    estimate.memory_bytes = process_bytes + bytes_per_entry * entries;
    estimate.seconds =
        seconds_per_point + estimate.operator_applications *
                                (seconds_per_application + entries * seconds_per_entry_application);
  } else {
    estimate.memory_bytes = process_bytes + 8 * (integrator_vectors + 4) * estimate.unknowns;
    estimate.seconds = seconds_per_point + 3 * estimate.operator_applications * estimate.unknowns *
                                               seconds_per_far_double;
  }
  return estimate;
}

ChargingEstimate estimate_collocation(const ChargingPath& path) {
  // Ten factors, whose fill grows with about that power.
  const auto unknowns = static_cast<double>(path.unknowns);
  ChargingEstimate estimate;
  estimate.unknowns = unknowns;
  estimate.operator_applications = path.applications;
  estimate.memory_bytes = process_bytes + 480 * std::pow(unknowns, 1.5);
  estimate.seconds = seconds_per_point + path.seconds;
  return estimate;
}

/// Of a point that is refused before it starts.
ChargingEstimate estimate_refusal(const std::string& reason) {
  ChargingEstimate estimate;
  estimate.memory_bytes = process_bytes;
  estimate.seconds = seconds_per_point;
  estimate.refusal = reason;
  return estimate;
}

ChargingEstimate estimate_on(const ChargingPath& path, const BatteryParameters& battery,
                             const ChargingSettings& settings) {
  switch (path.method) {
    case ChargingPath::Method::integrator:
      return estimate_integration(battery, settings);
    case ChargingPath::Method::collocation:
      return estimate_collocation(path);
    case ChargingPath::Method::none:
      return estimate_refusal(path.refusal);
    case ChargingPath::Method::series:
      break;
  }
  if (!settings.schedule.empty()) {
    ChargingEstimate of_a_run;
    of_a_run.memory_bytes = process_bytes;
    of_a_run.seconds = seconds_per_point;
    return estimate_scheduled(
        battery, settings,
        [](const BatteryParameters& now, const ChargingSettings& constant, double window) {
          return estimate_series(now, constant, window);
        },
        of_a_run);
  }
  return estimate_series(battery, settings);
}

ChargingEstimate estimate_without_storage(const BatteryParameters& battery,
                                          const ChargingSettings& settings) {
  const auto on_levels = [&](int fock_dim) {
    BatteryParameters tried = battery;
    tried.fock_dim = fock_dim;
    ChargingEstimate estimate = estimate_on(charging_path(tried, settings), tried, settings);
    estimate.fock_dim = fock_dim;
    if (estimate.refusal.empty()) {
      estimate.seconds += no_jump_seconds(tried, settings.t_max);
    }
    return estimate;
  };
  if (!settings.auto_fock_dim) {
    return on_levels(battery.fock_dim);
  }
  const LevelEstimate levels = estimate_fock_levels(battery, settings.t_max, settings.tolerance);
  ChargingEstimate estimate = on_levels(levels.kept);
  if (!estimate.refusal.empty()) {
    return estimate;
  }
  BatteryParameters searched = battery;
  searched.fock_dim = levels.tried;
  // The search brings the comparison for the levels that it finds.
  estimate.seconds +=
      level_search_seconds(searched, settings.t_max) - no_jump_seconds(searched, settings.t_max);
  return estimate;
}

}  // namespace

ChargingEstimate estimate_charging(const BatteryParameters& given, const ChargingSettings& asked) {
  BatteryParameters battery = given;
  ChargingSettings settings = asked;
  turn_drives(battery, settings.schedule, settings.t_max);
  ChargingEstimate estimate = estimate_without_storage(battery, settings);
  if (settings.storage && estimate.refusal.empty()) {
    const StorageEstimate storage =
        estimate_storage(battery, *settings.storage, settings.tolerance);
    estimate.seconds += storage.seconds;
    estimate.refusal = storage.refusal;
  }
  return estimate;
}

double memory_per_rank(const BatteryParameters& battery, double memory_bytes, int ranks) {
  if (ranks == 1 || exact_reductions(battery).has(Reduction::state_vector) ||
      !parity_is_conserved(battery)) {
    return memory_bytes;
  }
  // Two slices of as many as there are Fock levels (Dicke) or excited atoms are ghosts.
  const double slices = excitations_are_bounded(battery) ? battery.N + 1.0 : battery.fock_dim;
  const double share = std::min(1.0, 1.0 / ranks + 2 / slices);
  return process_bytes + share * (memory_bytes - process_bytes) +
         8 * matrix_free_size(battery, ranks).buffers;
}

}  // namespace qbsweep
