#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "point_estimates.hpp"
#include "qbsweep/commands/commands.hpp"
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
constexpr std::int64_t predicted_points = 300;

struct CostlyPoint {
  std::int64_t index;
  PointEstimate estimate;
};

}  // namespace

void print_plan(const SweepSource& source, const ChargeMethod& method) {
  const Sweep sweep = Sweep::from_file(source.path, source.overrides);
  std::vector<CostlyPoint> costliest;  // the first shown_points, descending
  PointEstimate least;
  PointEstimate most;
  double seconds = 0;
  // Automatic Fock levels take milliseconds to predict: all of them for a small sweep, otherwise
  // those of the points that are shown.
  const bool all_closely = sweep.size() <= predicted_points;
  for (std::int64_t index = 0; index < sweep.size(); ++index) {
    const PointEstimate estimate = all_closely ? estimate_point_closely(sweep, index, method)
                                               : estimate_point(sweep, index, method);
    if (index == 0) {
      least = most = estimate;
    }
    least.unknowns = std::min(least.unknowns, estimate.unknowns);
    most.unknowns = std::max(most.unknowns, estimate.unknowns);
    most.memory_bytes = std::max(most.memory_bytes, estimate.memory_bytes);
    least.operator_applications =
        std::min(least.operator_applications, estimate.operator_applications);
    most.operator_applications =
        std::max(most.operator_applications, estimate.operator_applications);
    seconds += estimate.seconds;
    const auto place = std::upper_bound(
        costliest.begin(), costliest.end(), estimate.seconds,
        [](double cost, const CostlyPoint& point) { return cost > point.estimate.seconds; });
    costliest.insert(place, {index, estimate});
    if (costliest.size() > shown_points) {
      costliest.pop_back();
    }
  }

  if (!all_closely) {
    for (CostlyPoint& point : costliest) {
      point.estimate = estimate_point_closely(sweep, point.index, method);
      most.memory_bytes = std::max(most.memory_bytes, point.estimate.memory_bytes);
    }
  }

  fmt::print("{}: {}\n", sweep.name(), grid_text(sweep));
  fmt::print("unknowns               {:.0f} to {:.0f}\n", least.unknowns, most.unknowns);
  if (sweep.charging()) {
    fmt::print("operator applications  about {:.0f} to {:.0f}{}\n", least.operator_applications,
               most.operator_applications, sweep.steady_state() ? " for the charge" : "");
  }
  fmt::print("memory                 up to {} for each rank, {} available here\n",
             size_text(most.memory_bytes), size_text(available_memory_bytes()));
  fmt::print("time                   about {} on one core (a guess, within a factor of 3)\n",
             duration_text(seconds));
  fmt::print("the costliest:\n");
  for (const CostlyPoint& point : costliest) {
    fmt::print("  {:>9}  {:>8}  {:>12.0f} unknowns  {}\n", duration_text(point.estimate.seconds),
               size_text(point.estimate.memory_bytes), point.estimate.unknowns,
               sweep.describe(point.index));
  }
}

void print_validation(const SweepSource& source) {
  const Sweep sweep = Sweep::from_file(source.path, source.overrides);
  fmt::print("{}: acceptable, {}\n", source.path, grid_text(sweep));
}

}  // namespace qbsweep
