#include "qbsweep/model/schedule.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace qbsweep {
namespace {

/// Coefficients that show whether a shape changes in a piece.
constexpr std::size_t telling_coefficients = 6;

}  // namespace

bool Schedule::has(Control control) const {
  return std::ranges::find(entries_, control, &Entry::control) != entries_.end();
}

std::vector<SchedulePiece> Schedule::pieces() const {
  std::vector<double> times;
  for (const Entry& entry : entries_) {
    entry.shape.info->ends(entry.shape, t_max_, times);
  }
  std::ranges::sort(times);
  std::vector<SchedulePiece> pieces = {{0.0, t_max_}};
  for (const double time : times) {
    if (time - pieces.back().begin > same_time_of_window * t_max_ &&
        t_max_ - time > same_time_of_window * t_max_) {
      pieces.back().end = time;
      pieces.push_back({time, t_max_});
    }
  }
  return pieces;
}

std::vector<Control> Schedule::moving(const SchedulePiece& piece) const {
  std::vector<Control> found;
  for (const Entry& entry : entries_) {
    std::array<double, telling_coefficients> c = {};
    expand(entry, piece, piece.middle(), c);
    if (entry.turns() ||
        std::ranges::any_of(std::span(c).subspan(1), [](double x) { return x != 0; })) {
      found.push_back(entry.control);
    }
  }
  return found;
}

ControlValues Schedule::at(const SchedulePiece& piece, double t) const {
  ControlValues values;
  for (const Entry& entry : entries_) {
    expand(entry, piece, t, {&values[entry.control], 1});
  }
  return values;
}

ControlValues Schedule::slopes(const SchedulePiece& piece, double t) const {
  ControlValues slopes;
  for (const ControlInfo& info : control_table()) {
    slopes[info.control] = 0.0;
  }
  for (const Entry& entry : entries_) {
    std::array<double, 2> c = {};
    expand(entry, piece, t, c);
    slopes[entry.control] = c[1];
  }
  return slopes;
}

BatteryParameters Schedule::battery_with(const BatteryParameters& battery,
                                         const ControlValues& values) const {
  BatteryParameters now = with_controls(battery, values);
  if ((has(Control::omega_0) || has(Control::omega_c)) && now.omega_0 == now.omega_c) {
    now.omega_0 = std::nextafter(now.omega_0, std::numeric_limits<double>::infinity());
  }
  return now;
}

void Schedule::expand(Control control, const SchedulePiece& piece, double t,
                      std::span<double> c) const {
  expand(*std::ranges::find(entries_, control, &Entry::control), piece, t, c);
}

void Schedule::expand(const Entry& entry, const SchedulePiece& piece, double t,
                      std::span<double> c) const {
  entry.shape.info->expand(entry.shape, t_max_, piece, t, c);
  if (!entry.turns()) {
    return;
  }
  // The product of two series, from the highest power down: each needs the lower ones as they were.
  std::vector<double> cosine(c.size());
  double power = 1.0;
  for (std::size_t m = 0; m < c.size(); ++m) {
    cosine[m] = power * std::cos(entry.frequency * t + entry.phase +
                                 static_cast<double>(m) * std::numbers::pi / 2);
    power *= entry.frequency / static_cast<double>(m + 1);
  }
  for (std::size_t m = c.size(); m-- > 0;) {
    double sum = 0.0;
    for (std::size_t k = 0; k <= m; ++k) {
      sum += c[k] * cosine[m - k];
    }
    c[m] = sum;
  }
}

const ControlShape* Schedule::shape_of(Control control) const {
  const auto found = std::ranges::find(entries_, control, &Entry::control);
  return found == entries_.end() ? nullptr : &found->shape;
}

void Schedule::remove(Control control) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.control == control; });
}

template <typename Visit>
void Schedule::for_each_extreme(const Entry& entry, Visit&& visit) const {
  std::vector<double> times;
  entry.shape.info->extremes(entry.shape, t_max_, times);
  const auto see = [&](const SchedulePiece& piece, double t) {
    double factor = 0.0;
    entry.shape.info->expand(entry.shape, t_max_, piece, t, {&factor, 1});
    visit(factor);
  };
  for (const SchedulePiece& piece : pieces()) {
    see(piece, piece.begin);
    see(piece, piece.end);
    for (const double t : times) {
      if (t > piece.begin && t < piece.end) {
        see(piece, t);
      }
    }
  }
}

ControlValues Schedule::largest() const {
  ControlValues largest;
  for (const Entry& entry : entries_) {
    double& modulus = largest[entry.control];
    modulus = 0.0;
    for_each_extreme(entry, [&](double factor) { modulus = std::max(modulus, std::abs(factor)); });
  }
  return largest;
}

double Schedule::smallest(Control control) const {
  double smallest = std::numeric_limits<double>::infinity();
  for_each_extreme(*std::ranges::find(entries_, control, &Entry::control),
                   [&](double factor) { smallest = std::min(smallest, factor); });
  return smallest;
}

double Schedule::time_scale(const SchedulePiece& piece) const {
  constexpr std::size_t first = 24;  // those before it may be large
  constexpr double left_out = 1e-10;
  double shortest = piece.end - piece.begin;
  std::array<double, 28> c = {};
  for (const Entry& entry : entries_) {
    for (const double at : {0.25, 0.5, 0.75}) {
      expand(entry, piece, piece.begin + at * (piece.end - piece.begin), c);
      for (std::size_t m = first; m < c.size(); ++m) {
        if (c[m] != 0) {
          shortest =
              std::min(shortest, std::pow(left_out / std::abs(c[m]), 1.0 / static_cast<double>(m)));
        }
      }
    }
  }
  return shortest;
}

}  // namespace qbsweep
