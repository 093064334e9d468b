#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "qbsweep/model/shape.hpp"

namespace qbsweep {
namespace {

using Shape = const ControlShape&;

/// A Gaussian is nothing beyond so many widths: less than 1e-19.
constexpr double gaussian_reach = 9.5;

void set_constant(std::span<double> c, double value) {
  std::ranges::fill(c, 0.0);
  c[0] = value;
}

/// Adds the series of amplitude cos(frequency s + phase).
void add_cosine(std::span<double> c, double amplitude, double frequency, double phase) {
  double power = amplitude;  // amplitude frequency^m / m!
  for (std::size_t m = 0; m < c.size(); ++m) {
    // The m-th derivative is a quarter of a turn ahead each time.
    const double turned = m % 2 == 0 ? std::cos(phase) : -std::sin(phase);
    c[m] += power * (m % 4 < 2 ? turned : -turned);
    power *= frequency / static_cast<double>(m + 1);
  }
}

std::string no_problem(Shape, double) {
  return {};
}

void no_ends(Shape, double, std::vector<double>&) {}

void expand_constant(Shape shape, double, const SchedulePiece&, double, std::span<double> c) {
  set_constant(c, shape.numbers[0]);
}

void expand_linear(Shape shape, double t_max, const SchedulePiece&, double t, std::span<double> c) {
  const auto [from, to, unused] = shape.numbers;
  set_constant(c, from + (to - from) * t / t_max);
  if (c.size() > 1) {
    c[1] = (to - from) / t_max;
  }
}

std::string sin2_problem(Shape shape, double t_max) {
  const double changing = shape.numbers[0] + shape.numbers[1];
  return changing > t_max ? fmt::format("rise + fall = {} in a window of {}", changing, t_max)
                          : std::string();
}

void sin2_ends(Shape shape, double t_max, std::vector<double>& times) {
  times.push_back(shape.numbers[0]);
  times.push_back(t_max - shape.numbers[1]);
}

void expand_sin2(Shape shape, double t_max, const SchedulePiece& piece, double t,
                 std::span<double> c) {
  const auto [rise, fall, unused] = shape.numbers;
  if (piece.middle() < rise) {
    const double frequency = std::numbers::pi / rise;
    set_constant(c, 0.5);
    add_cosine(c, -0.5, frequency, frequency * t);
  } else if (piece.middle() > t_max - fall) {
    const double frequency = std::numbers::pi / fall;
    set_constant(c, 0.5);
    add_cosine(c, -0.5, frequency, frequency * (t - t_max));
  } else {
    set_constant(c, 1.0);
  }
}

void gaussian_ends(Shape shape, double, std::vector<double>& times) {
  const auto [center, width, unused] = shape.numbers;
  times.push_back(center - gaussian_reach * width);
  times.push_back(center + gaussian_reach * width);
}

void expand_gaussian(Shape shape, double, const SchedulePiece& piece, double t,
                     std::span<double> c) {
  const auto [center, width, unused] = shape.numbers;
  if (std::abs(piece.middle() - center) > gaussian_reach * width) {
    set_constant(c, 0.0);
    return;
  }
  // In x = (t - center)/width u' = -x u, and so (m + 1) c_(m+1) = -(x c_m + c_(m-1)).
  const double x = (t - center) / width;
  double before = 0.0;
  double now = std::exp(-x * x / 2);
  double scale = 1.0;
  for (std::size_t m = 0; m < c.size(); ++m) {
    c[m] = now * scale;
    const double next = -(x * now + before) / static_cast<double>(m + 1);
    before = now;
    now = next;
    scale /= width;
  }
}

void gaussian_extremes(Shape shape, double, std::vector<double>& times) {
  times.push_back(shape.numbers[0]);
}

/// The first maximum and the first minimum.
void sine_extremes(Shape shape, double, std::vector<double>& times) {
  const auto [frequency, phase, offset] = shape.numbers;
  for (const double turn : {std::numbers::pi / 2, -std::numbers::pi / 2}) {
    const double whole = 2 * std::numbers::pi;
    const double angle = std::fmod(frequency >= 0 ? turn - phase : phase - turn, whole);
    times.push_back((angle < 0 ? angle + whole : angle) / std::abs(frequency));
  }
}

void expand_sine(Shape shape, double, const SchedulePiece&, double t, std::span<double> c) {
  const auto [frequency, phase, offset] = shape.numbers;
  set_constant(c, offset);
  add_cosine(c, 1.0, frequency, frequency * t + phase - std::numbers::pi / 2);
}

double length_of_step(Shape shape, double t_max) {
  return shape.numbers[0] > 0 ? shape.numbers[0]
                              : t_max / static_cast<double>(shape.values->size());
}

std::string steps_problem(Shape shape, double t_max) {
  const double covered = length_of_step(shape, t_max) * static_cast<double>(shape.values->size());
  return covered < t_max * (1 - same_time_of_window)
             ? fmt::format("steps until t = {} in a window of {}", covered, t_max)
             : std::string();
}

void steps_ends(Shape shape, double t_max, std::vector<double>& times) {
  for (std::size_t k = 1; k < shape.values->size(); ++k) {
    times.push_back(length_of_step(shape, t_max) * static_cast<double>(k));
  }
}

void expand_steps(Shape shape, double t_max, const SchedulePiece& piece, double,
                  std::span<double> c) {
  const auto last = static_cast<double>(shape.values->size() - 1);
  const double step = std::floor(piece.middle() / length_of_step(shape, t_max));
  set_constant(c, (*shape.values)[static_cast<std::size_t>(std::min(step, last))]);
}

std::string table_problem(Shape shape, double t_max) {
  const double first = shape.times->front();
  const double last = shape.times->back();
  return first > 0 || last < t_max * (1 - same_time_of_window)
             ? fmt::format("times from {} to {} in a window of {}", first, last, t_max)
             : std::string();
}

void table_ends(Shape shape, double, std::vector<double>& times) {
  times.insert(times.end(), shape.times->begin(), shape.times->end());
}

void expand_table(Shape shape, double, const SchedulePiece& piece, double t, std::span<double> c) {
  const std::vector<double>& times = *shape.times;
  const auto after = std::ranges::upper_bound(times, piece.middle());
  const auto right = std::clamp<std::ptrdiff_t>(after - times.begin(), 1, std::ssize(times) - 1);
  const double t0 = times[static_cast<std::size_t>(right - 1)];
  const double u0 = (*shape.values)[static_cast<std::size_t>(right - 1)];
  const double slope = ((*shape.values)[static_cast<std::size_t>(right)] - u0) /
                       (times[static_cast<std::size_t>(right)] - t0);
  set_constant(c, u0 + slope * (t - t0));
  if (c.size() > 1) {
    c[1] = slope;
  }
}

/// A new shape is an entry here.
const std::vector<ShapeInfo>& table() {
  static const std::vector<ShapeInfo> shapes = {
      {"constant",
       "u = value",
       {{"value", "1", "the factor"}},
       ShapeList::none,
       no_problem,
       no_ends,
       no_ends,
       expand_constant},
      {"linear",
       "u = from + (to - from) t/t_max",
       {{"from", "1", "the factor at t = 0"}, {"to", "1", "the factor at t_max"}},
       ShapeList::none,
       no_problem,
       no_ends,
       no_ends,
       expand_linear},
      {"sin2",
       "u = sin^2(pi t/(2 rise)) until `rise`, then 1, and sin^2(pi (t_max - t)/(2 fall)) over the "
       "last `fall`",
       {{"rise", "1/omega", "how long it rises from 0 to 1", true, 0.0},
        {"fall", "1/omega", "how long it falls to 0 at t_max", true, 0.0}},
       ShapeList::none,
       sin2_problem,
       sin2_ends,
       no_ends,
       expand_sin2},
      {"gaussian",
       "u = exp(-(t - center)^2/(2 width^2))",
       {{"center", "1/omega", "the time of the maximum"},
        {"width", "1/omega", "the standard deviation", true}},
       ShapeList::none,
       no_problem,
       gaussian_ends,
       gaussian_extremes,
       expand_gaussian},
      {"sine",
       "u = offset + sin(frequency t + phase)",
       {{"frequency", "omega", "the angular frequency"},
        {"phase", "1", "the phase at t = 0, in radians", false, 0.0},
        {"offset", "1", "what is added to the sine", false, 0.0}},
       ShapeList::none,
       no_problem,
       no_ends,
       sine_extremes,
       expand_sine},
      {"steps",
       "u = the k-th of `steps` from (k - 1) `step` to k `step`",
       {{"step", "1/omega", "how long each lasts; 0: t_max over their number", true, 0.0}},
       ShapeList::steps,
       steps_problem,
       steps_ends,
       no_ends,
       expand_steps},
      {"table",
       "u = `values` at `times`, and straight lines between them",
       {},
       ShapeList::table,
       table_problem,
       table_ends,
       no_ends,
       expand_table},
  };
  return shapes;
}

}  // namespace

std::span<const ShapeInfo> shape_table() {
  return table();
}

const ShapeInfo* find_shape(std::string_view word) {
  const auto found = std::ranges::find(table(), word, &ShapeInfo::word);
  return found == table().end() ? nullptr : &*found;
}

}  // namespace qbsweep
