#pragma once
/// \file
/// Points that nobody computes, to try out how points are handed out: what each would take, and
/// what was estimated of it.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "qbsweep/scheduler/point_queue.hpp"

namespace qbsweep {

struct ImaginaryPoints {
  std::vector<float> seconds;           ///< what point k takes
  std::vector<PendingPoint> estimated;  ///< the same points as the queue gets them

  [[nodiscard]] double total_seconds() const {
    double sum = 0.0;
    for (const float each : seconds) {
      sum += each;
    }
    return sum;
  }
};

/// `count` points that take `mean_seconds` on average.
/// \param measured  seconds of real points, from which theirs are drawn and then scaled; empty:
///                  within a factor of 3 of each other's middle, evenly in the logarithm
///
/// Estimates are off by another factor of up to 3 in either direction, and come in steps of sqrt(2)
/// as those of `run` do. The same call gives the same points everywhere.
[[nodiscard]] inline ImaginaryPoints imagine_points(std::int64_t count, double mean_seconds,
                                                    const std::vector<double>& measured = {}) {
  const double widest = std::log(3.0);
  std::mt19937_64 random(20240731);
  // Not a standard distribution: those give other numbers with another standard library.
  const auto uniform = [&random] { return static_cast<double>(random() >> 11U) * 0x1p-53; };
  const auto off_by = [&] { return std::exp(widest * (2 * uniform() - 1)); };
  ImaginaryPoints points;
  points.seconds.resize(count);
  double sum = 0.0;
  for (float& seconds : points.seconds) {
    const auto drawn = static_cast<std::size_t>(uniform() * static_cast<double>(measured.size()));
    seconds = static_cast<float>(measured.empty() ? off_by() : measured[drawn]);
    sum += seconds;
  }
  const double scale = mean_seconds * static_cast<double>(count) / sum;
  points.estimated.reserve(count);
  for (std::int64_t index = 0; index < count; ++index) {
    float& seconds = points.seconds[index];
    seconds = static_cast<float>(scale * seconds);
    const double step = std::round(2 * std::log2(seconds * off_by())) / 2;
    points.estimated.push_back({index, std::exp2(step)});
  }
  return points;
}

}  // namespace qbsweep
