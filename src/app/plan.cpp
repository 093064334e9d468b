#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "earlier_runs.hpp"
#include "qbsweep/app/commands.hpp"
#include "qbsweep/scheduler/point_estimates.hpp"
#include "qbsweep/scheduler/representative_points.hpp"
#include "qbsweep/support/duration.hpp"
#include "qbsweep/support/node_memory.hpp"

namespace qbsweep {
namespace {

/// "96 points: interaction 2 x noise 4 x N 12".
std::string grid_text(const Sweep& sweep) {
  std::string text;
  for (const Axis& axis : sweep.axes()) {
    text += fmt::format("{}{} {}", text.empty() ? ": " : " x ", axis.name, axis.size());
  }
  return fmt::format("{} point{}{}", sweep.size(), sweep.size() == 1 ? "" : "s", text);
}

constexpr std::size_t shown_points = 10;

struct CostlyPoint {
  std::int64_t index;
  PointEstimate estimate;
};

/// What all points of a sweep take.
struct Plan {
  PointEstimate least;
  PointEstimate most;
  double seconds = 0;  ///< of all points
  double refused = 0;  ///< points that will fail at once
  std::int64_t first_refused = -1;
  std::string refusal;   ///< of that one
  double assembled = 0;  ///< points that take the assembled matrix
  std::int64_t first_assembled = -1;
  std::string assembled_for;           ///< its terms
  std::vector<CostlyPoint> costliest;  ///< the first shown_points, descending
};

Plan make_plan(const Sweep& sweep, const RepresentativePoints& points,
               const ChargingMethod& method) {
  Plan plan;
  for (std::int64_t number = 0; number < points.size(); ++number) {
    const std::int64_t index = points.index(number);
    const PointEstimate estimate = estimate_point(sweep, index, method);
    PointEstimate& least = plan.least;
    PointEstimate& most = plan.most;
    if (number == 0) {
      least = most = estimate;
    }
    least.unknowns = std::min(least.unknowns, estimate.unknowns);
    most.unknowns = std::max(most.unknowns, estimate.unknowns);
    most.memory_bytes = std::max(most.memory_bytes, estimate.memory_bytes);
    least.operator_applications =
        std::min(least.operator_applications, estimate.operator_applications);
    most.operator_applications =
        std::max(most.operator_applications, estimate.operator_applications);
    plan.seconds += points.weight(number) * estimate.seconds;
    if (!estimate.refusal.empty()) {
      plan.refused += points.weight(number);
      if (plan.first_refused < 0) {
        plan.first_refused = index;
        plan.refusal = estimate.refusal;
      }
    }
    if (!estimate.assembled_for.empty()) {
      plan.assembled += points.weight(number);
      if (plan.first_assembled < 0) {
        plan.first_assembled = index;
        plan.assembled_for = estimate.assembled_for;
      }
    }
    const auto place = std::upper_bound(
        plan.costliest.begin(), plan.costliest.end(), estimate.seconds,
        [](double cost, const CostlyPoint& point) { return cost > point.estimate.seconds; });
    plan.costliest.insert(place, {index, estimate});
    if (plan.costliest.size() > shown_points) {
      plan.costliest.pop_back();
    }
  }
  return plan;
}

/// A count as it is read: digits while they are few.
std::string count_text(double count) {
  return count < 1e15 ? fmt::format("{:.0f}", count) : fmt::format("{:.1e}", count);
}

}  // namespace

void print_plan(const SweepSource& source, const ChargingMethod& method) {
  const Sweep sweep = Sweep::from_file(source.path, source.overrides);
  const RepresentativePoints points(sweep);
  const Plan plan = make_plan(sweep, points, method);
  const PointEstimate& least = plan.least;
  const PointEstimate& most = plan.most;
  const std::string sample =
      points.size() < sweep.size() ? fmt::format(", from {} of the points", points.size()) : "";

  fmt::print("{}: {}\n", sweep.name(), grid_text(sweep));
  fmt::print("unknowns               {} to {}\n", count_text(least.unknowns),
             count_text(most.unknowns));
  if (sweep.charging()) {
    fmt::print("operator applications  about {} to {}{}\n", count_text(least.operator_applications),
               count_text(most.operator_applications),
               sweep.steady_state() ? " for the charging run" : "");
  }
  fmt::print("memory                 up to {} for each rank, {} available here\n",
             size_text(most.memory_bytes), size_text(available_memory_bytes()));
  fmt::print("time                   {} on one core (a guess, within a factor of 3{})\n",
             about_text(plan.seconds), sample);
  if (plan.assembled > 0) {
    fmt::print("assembled matrix       at {:.0f} of {} points, as {}: no kernel carries {}\n",
               plan.assembled, sweep.size(), sweep.describe(plan.first_assembled),
               plan.assembled_for);
  }
  if (plan.refused > 0) {
    fmt::print("refused                {:.0f} of {} points, as {}: {}\n", plan.refused,
               sweep.size(), sweep.describe(plan.first_refused), plan.refusal);
  }
  fmt::print("the costliest:\n");
  for (const CostlyPoint& point : plan.costliest) {
    fmt::print("  {:>9}  {:>8}  {:>12} unknowns  {}\n", duration_text(point.estimate.seconds),
               size_text(point.estimate.memory_bytes), count_text(point.estimate.unknowns),
               sweep.describe(point.index));
  }
}

void print_validation(const RunOptions& options) {
  const SweepSource& source = options.source;
  const Sweep sweep = Sweep::from_file(source.path, source.overrides);
  check_archive(sweep, options);
  fmt::print("{}: acceptable, {}\n", source.path, grid_text(sweep));
}

}  // namespace qbsweep
