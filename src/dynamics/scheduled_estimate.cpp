#include "scheduled_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "qbsweep/dynamics/power_series.hpp"
#include "qbsweep/dynamics/quick_field_of_values.hpp"

namespace qbsweep {
namespace {

/// Pieces that are looked at; the others are as these on average.
constexpr std::size_t most_looked_at = 12;

/// What the sums of a step cost beside the applications.
constexpr double sums_beside = 1.7;

/// Steps of a piece in which `moving` controls move, in units of a piece in which none does.
ChargingEstimate estimate_moving(const BatteryParameters& now, const ChargingSettings& settings,
                                 double duration, double moving, double steps,
                                 const WindowEstimate& of_window,
                                 const ChargingEstimate& of_a_run) {
  // The cost of an application, from a window of about as many terms.
  ChargingEstimate estimate = of_window(now, settings, duration);
  const double applications = steps * power_series_terms * (1 + moving);
  const double per_application =
      (estimate.seconds - of_a_run.seconds) / std::max(1.0, estimate.operator_applications);
  estimate.seconds = of_a_run.seconds + sums_beside * per_application * applications;
  estimate.operator_applications = applications;
  // A dozen terms are kept.
  constexpr double more_vectors = 6;
  estimate.memory_bytes += (more_vectors / 2 - 1) * (estimate.memory_bytes - of_a_run.memory_bytes);
  return estimate;
}

}  // namespace

double moving_steps(const FieldOfValues& values, const Schedule& schedule,
                    const SchedulePiece& piece) {
  const double duration = piece.end - piece.begin;
  return std::max({1.0, std::ceil(duration * values.reach() / power_series_radians),
                   std::ceil(duration / schedule.time_scale(piece))});
}

ChargingEstimate estimate_scheduled(const BatteryParameters& battery,
                                    const ChargingSettings& settings,
                                    const WindowEstimate& of_window,
                                    const ChargingEstimate& of_a_run) {
  ChargingSettings without = settings;
  without.schedule = {};
  const std::vector<SchedulePiece> pieces = settings.schedule.pieces();
  const std::size_t looked_at = std::min(pieces.size(), most_looked_at);
  const double stands_for = static_cast<double>(pieces.size()) / static_cast<double>(looked_at);
  ChargingEstimate sum;
  for (std::size_t p = 0; p < looked_at; ++p) {
    const SchedulePiece& piece = pieces[p * pieces.size() / looked_at];
    const double duration = piece.end - piece.begin;
    const auto moving = static_cast<double>(settings.schedule.moving(piece).size());
    ControlValues controls = settings.schedule.at(piece, piece.middle());
    if (moving > 0) {
      controls = settings.schedule.largest();
    }
    const BatteryParameters now = settings.schedule.battery_with(battery, controls);
    const ChargingEstimate part =
        moving > 0
            ? estimate_moving(now, without, duration, moving,
                              moving_steps(quick_field_of_values(now), settings.schedule, piece),
                              of_window, of_a_run)
            : of_window(now, without, duration);
    sum.unknowns = std::max(sum.unknowns, part.unknowns);
    sum.memory_bytes = std::max(sum.memory_bytes, part.memory_bytes);
    sum.operator_applications += stands_for * part.operator_applications;
    sum.seconds += stands_for * (part.seconds - of_a_run.seconds);
  }
  sum.seconds += of_a_run.seconds;
  return sum;
}

}  // namespace qbsweep
