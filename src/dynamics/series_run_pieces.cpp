// How a run goes through the pieces of its schedule.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <utility>

#include "series_run.hpp"

namespace qbsweep {
namespace {

/// Where the second operator has a control that moves; the first has it at 1.
constexpr double moved_control = 0.5;

/// The powers of x that make f on [0, 1] within `tolerance`, by its Chebyshev series; nothing where
/// more than `most` are needed. Fewer are needed than of its Taylor series.
std::vector<double> fitting_polynomial(const std::function<double(double)>& f, int most,
                                       double tolerance) {
  const int nodes = most + 4;
  // cos(pi turns/(2 nodes)), without rounding of large angles.
  const auto cosine = [nodes](int turns) {
    return std::cos(std::numbers::pi * (turns % (4 * nodes)) / (2 * nodes));
  };
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(nodes));
  for (int p = 0; p < nodes; ++p) {
    values.push_back(f((1 + cosine(2 * p + 1)) / 2));
  }
  std::vector<double> series;
  double size = 1.0;
  for (int k = 0; k < nodes; ++k) {
    double sum = 0.0;
    for (int p = 0; p < nodes; ++p) {
      sum += values[static_cast<std::size_t>(p)] * cosine(k * (2 * p + 1));
    }
    series.push_back((k == 0 ? 1.0 : 2.0) / nodes * sum);
    size = std::max(size, std::abs(series.back()));
  }
  const double negligible = std::max(tolerance, 4 * std::numeric_limits<double>::epsilon() * size);
  while (series.size() > 1 && std::abs(series.back()) < negligible) {
    series.pop_back();
  }
  if (std::ssize(series) > most) {
    return {};
  }
  // T_k(2 x - 1) as powers of x, by their recursion.
  std::vector<double> sum(series.size(), 0.0);
  std::vector<double> before(series.size(), 0.0);
  std::vector<double> now(series.size(), 0.0);
  now[0] = 1.0;
  for (std::size_t k = 0; k < series.size(); ++k) {
    for (std::size_t m = 0; m < sum.size(); ++m) {
      sum[m] += series[k] * now[m];
    }
    std::vector<double> next(series.size(), 0.0);
    const double twice = k == 0 ? 1.0 : 2.0;
    for (std::size_t m = 0; m < sum.size(); ++m) {
      next[m] = twice * ((m > 0 ? 2 * now[m - 1] : 0.0) - now[m]) - (k == 0 ? 0.0 : before[m]);
    }
    before = std::exchange(now, std::move(next));
  }
  return sum;
}

}  // namespace

void SeriesRun::enter_piece(double t) {
  const auto ends_later = [&](const SchedulePiece& piece) { return piece.end * (1 - 1e-12) > t; };
  const auto found = std::ranges::find_if(pieces_, ends_later);
  const bool first = operators_.parts.empty();
  const auto levels = first ? std::optional<int>() : operators_.levels;
  piece_ = static_cast<std::size_t>(std::distance(pieces_.begin(), found));
  moving_ = settings_.schedule.moving(*found);
  run_.longest = found->end - found->begin;
  run_.failures = 0;
  make_operators(levels);
  ControlValues observed_with;  // state vectors, with all controls at 1
  if (!operators_.reductions.has(Reduction::state_vector)) {
    observed_with = settings_.schedule.at(*found, found->middle());
    for (const Control control : moving_) {
      observed_with[control] = 1.0;
    }
  }
  recorder_.begin_piece(*found, observed_with);
}

void SeriesRun::make_operators(std::optional<int> levels) {
  const SchedulePiece& piece = pieces_[piece_];
  ControlValues values = settings_.schedule.at(piece, piece.middle());
  for (const Control control : moving_) {
    values[control] = 1.0;
  }
  const auto make = [&] {
    const BatteryParameters battery =
        settings_.schedule.empty() ? battery_ : settings_.schedule.battery_with(battery_, values);
    ChargingOperators operators =
        settings_.liouvillian == LiouvillianKind::assembled || !kernels_carry(battery)
            ? assembled_operators(battery)
            : matrix_free_operators(battery, watch_.comm(), levels);
    operators.ask_for(request_of(settings_.observables));
    return operators;
  };
  operators_ = make();
  moved_.clear();
  for (const Control control : moving_) {
    values[control] = moved_control;
    moved_.push_back(make());
    values[control] = 1.0;
  }
}

std::optional<PowerWeights> SeriesRun::weights_of_step(double duration, double tolerance) const {
  constexpr int most_coefficients = 24;
  PowerWeights weights;
  for (const Control control : moving_) {
    const auto weight = [&](double x) {
      const double t = run_.t + x * duration;
      // u = 1 - w + moved_control w.
      return (settings_.schedule.at(pieces_[piece_], t)[control] - 1.0) / (moved_control - 1.0);
    };
    // What rounding of the time does to a control that changes fast.
    double steepest = 0.0;
    for (const double t : {run_.t, run_.t + duration / 2, run_.t + duration}) {
      std::array<double, 2> series = {};
      settings_.schedule.expand(control, pieces_[piece_], t, series);
      steepest = std::max(steepest, std::abs(series[1]));
    }
    const double noise =
        8 * std::numeric_limits<double>::epsilon() * (run_.t + duration) * steepest;
    std::vector<double> powers =
        fitting_polynomial(weight, most_coefficients, std::max(tolerance, noise));
    if (powers.empty()) {
      return std::nullopt;
    }
    weights.push_back(std::move(powers));
  }
  return weights;
}

}  // namespace qbsweep
