#include "qbsweep/dynamics/charging_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "qbsweep/dynamics/power_series.hpp"
#include "qbsweep/dynamics/quick_field_of_values.hpp"
#include "qbsweep/dynamics/series_steps.hpp"
#include "qbsweep/operators/charging_operators.hpp"
#include "qbsweep/operators/stored_size.hpp"
#include "radau_collocation.hpp"
#include "scheduled_estimate.hpp"

namespace qbsweep {
namespace {

/// So few applications are always done.
constexpr double few_applications = 2e5;

/// The largest matrix that is factorised.
constexpr double most_unknowns = 10'000;

/// Time over the square of the unknowns, of a solution (refined) and of a factorisation: measured
/// for N = 1 .. 3 with all noise, 36 to 2560 unknowns, within a factor of 3.5.
constexpr double seconds_per_solution = 2e-9;
constexpr double seconds_per_factorisation = 15e-9;
constexpr double most_seconds = 1000;

/// An application takes so long for each unknown.
constexpr double seconds_per_unknown = 1e-9;

/// What a step of the collocation follows of the fastest motion, in radians.
constexpr double turns_per_step = 8;

double reach_left(const FieldOfValues& values) {
  return values.support(std::numbers::pi);
}

double series_applications(const BatteryParameters& battery, const ChargingSettings& settings,
                           const FieldOfValues& values) {
  // Without watching for growth: stiff points would grow. The observations bound the steps' length,
  // which is not what makes them many.
  const SeriesStep step =
      series_step(values, battery, settings.tolerance, settings.t_max, true, 1.0);
  return std::ceil(settings.t_max / step.duration) * static_cast<double>(step.terms);
}

/// Series alone, with the largest of all controls throughout.
ChargingPath scheduled_path(const BatteryParameters& battery, const ChargingSettings& settings) {
  ChargingPath path;
  const BatteryParameters widest = settings.schedule.widest(battery);
  const FieldOfValues values = quick_field_of_values(widest);
  for (const SchedulePiece& piece : settings.schedule.pieces()) {
    const double duration = piece.end - piece.begin;
    const auto moving = static_cast<double>(settings.schedule.moving(piece).size());
    if (moving > 0) {
      path.applications +=
          moving_steps(values, settings.schedule, piece) * power_series_terms * (1 + moving);
    } else {
      const SeriesStep step = series_step(values, widest, settings.tolerance, duration, true, 1.0);
      path.applications += std::ceil(duration / step.duration) * static_cast<double>(step.terms);
    }
  }
  if (path.applications > most_applications) {
    path.method = ChargingPath::Method::none;
    path.refusal = fmt::format(
        "in the charging window t_max = {} the schedule takes {:.1e} applications of the "
        "Liouvillian: accepted are {:.0e}",
        settings.t_max, path.applications, most_applications);
  }
  return path;
}

struct CollocationWork {
  double unknowns = 0;
  double solutions = 0;
  double factorisations = 0;
  [[nodiscard]] double seconds() const {
    return unknowns * unknowns *
           (seconds_per_solution * solutions + seconds_per_factorisation * factorisations);
  }
};

CollocationWork collocation_work(const BatteryParameters& battery, const ChargingSettings& settings,
                                 const FieldOfValues& values) {
  const double norm = 2 * values.reach();
  constexpr double pairs = RadauCollocation::stages / 2.0;
  // Doublings of the first step, and as many lengths; then steps as long as the motion allows.
  const double doublings = std::log2(std::max(2.0, norm * settings.t_max));
  const double steps = doublings + values.energy_spread * settings.t_max / turns_per_step;
  return {matrix_free_size(battery).unknowns, pairs * steps, pairs * doublings};
}

}  // namespace

ChargingPath charging_path(const BatteryParameters& battery, const ChargingSettings& settings) {
  ChargingPath path;
  if (settings.propagator == Propagator::ts) {
    path.method = ChargingPath::Method::integrator;
    return path;
  }
  if (!settings.schedule.empty()) {
    return scheduled_path(battery, settings);
  }
  const FieldOfValues values = quick_field_of_values(battery);
  const double turned = values.energy_spread * settings.t_max;
  const double decayed = reach_left(values) * settings.t_max;
  if (turned + 100 * decayed < few_applications) {
    return path;  // where growth shortens the steps, they have less than 100 terms a decay
  }
  // A term for every radian at least. Where those alone are too many nothing else is looked at.
  path.applications =
      turned > most_applications ? turned : series_applications(battery, settings, values);
  if (path.applications <= few_applications) {
    return path;
  }
  const CollocationWork work = collocation_work(battery, settings, values);
  const double series_seconds = path.applications * seconds_per_unknown * work.unknowns;
  if (decayed > turned && work.unknowns <= most_unknowns && work.seconds() <= most_seconds &&
      (work.seconds() < series_seconds || path.applications > most_applications)) {
    path.method = ChargingPath::Method::collocation;
    path.applications = work.solutions;
    path.unknowns = static_cast<std::int64_t>(work.unknowns);
    path.factorisations = work.factorisations;
    path.seconds = work.seconds();
    return path;
  }
  if (path.applications <= most_applications) {
    return path;
  }
  path.method = ChargingPath::Method::none;
  path.refusal = fmt::format(
      "in the charging window t_max = {} the fastest motion turns through {:.1e} radians and the "
      "fastest decay falls by {:.1e} powers of e, which takes {:.1e} applications of the "
      "Liouvillian: accepted are {:.0e}, and any decay where the motion turns less and the state "
      "has up to {:.0f} unknowns (here {:.0f})",
      settings.t_max, turned, decayed, path.applications, most_applications, most_unknowns,
      work.unknowns);
  return path;
}

}  // namespace qbsweep
