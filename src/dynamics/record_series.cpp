#include "record_series.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

#include "qbsweep/dynamics/chebyshev_segment.hpp"
#include "qbsweep/dynamics/observation_series.hpp"
#include "qbsweep/dynamics/result_scales.hpp"
#include "qbsweep/operators/ellipse_series.hpp"
#include "qbsweep/operators/pure_state.hpp"

namespace qbsweep {
namespace {

/// What the parts see at some times, side by side.
Table observations_of_parts(const SeriesUnderWay& step, const ObservationSeries& series,
                            std::span<const double> times) {
  std::vector<Table> parts;
  std::int64_t columns = 0;
  for (const SharedTerms& terms : step.terms) {
    columns += parts.emplace_back(terms.at(series, times)).columns;
  }
  Table all(static_cast<std::int64_t>(times.size()), columns);
  for (std::int64_t r = 0; r < all.rows; ++r) {
    double* row = all.row(r);
    for (const Table& part : parts) {
      row = std::copy_n(part.row(r), part.columns, row);
    }
  }
  return all;
}

/// The observations of pure states, which a state vector gives by its amplitudes.
Table observations_of_amplitudes(const BatteryParameters& battery, const ObservationLayout& layout,
                                 const Table& amplitudes) {
  Table observations(amplitudes.rows, layout.size());
  for (std::int64_t r = 0; r < amplitudes.rows; ++r) {
    pure_state_observations(battery, layout,
                            {amplitudes.row(r), static_cast<std::size_t>(amplitudes.columns)},
                            {observations.row(r), static_cast<std::size_t>(observations.columns)});
  }
  return observations;
}

}  // namespace

void record_series(const BatteryParameters& battery, const ObservationLayout& layout,
                   const ChargingOperators& operators, const SeriesUnderWay& step, double t_begin,
                   double tolerance, FiguresRecorder& recorder) {
  const SeriesStep& plan = step.plan;
  const ObservationSeries series = plan.in_powers
                                       ? ObservationSeries(plan.duration)
                                       : ObservationSeries(EllipseSeries(plan.ellipse), tolerance);
  const bool pure = operators.reductions.has(Reduction::state_vector);
  const ObservationsAt at = [&](std::span<const double> times) {
    Table seen = observations_of_parts(step, series, times);
    return pure ? observations_of_amplitudes(battery, layout, seen) : seen;
  };
  auto positions = std::make_shared<std::vector<std::int64_t>>();
  if (pure) {
    positions->resize(static_cast<std::size_t>(layout.size()));
    std::iota(positions->begin(), positions->end(), 0);
  } else {
    for (const auto& part : operators.parts) {
      positions->insert(positions->end(), part->observed().begin(), part->observed().end());
    }
  }
  constexpr double rounding = std::numeric_limits<double>::epsilon();
  const double noise = 16 * rounding * std::sqrt(static_cast<double>(plan.terms));
  SegmentSettings segments;
  segments.t_begin = t_begin;
  segments.duration = plan.duration;
  // What a power series of a step holds one segment does: they have as many powers.
  segments.frequency =
      plan.in_powers ? 12 / plan.duration : plan.ellipse.imaginary_axis + plan.ellipse.real_axis;
  segments.tolerance = std::max(10 * tolerance, noise);
  segments.first_tolerance = t_begin == 0 ? noise : segments.tolerance;
  const std::vector<double> scales = observation_scales(layout, battery);
  for (const std::int64_t position : *positions) {
    segments.scales.push_back(scales[static_cast<std::size_t>(position)]);
  }
  for_each_segment(at, positions, layout.size(), segments,
                   [&](const ChebyshevSegment& segment) { recorder.step(segment); });
}

}  // namespace qbsweep
