#include "qbsweep/model/schedule.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

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
    expand(entry.control, piece, piece.middle(), c);
    if (std::ranges::any_of(std::span(c).subspan(1), [](double x) { return x != 0; })) {
      found.push_back(entry.control);
    }
  }
  return found;
}

ControlValues Schedule::at(const SchedulePiece& piece, double t) const {
  ControlValues values;
  for (const Entry& entry : entries_) {
    expand(entry.control, piece, t, {&values[entry.control], 1});
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
    expand(entry.control, piece, t, c);
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
  const Entry& entry = *std::ranges::find(entries_, control, &Entry::control);
  entry.shape.info->expand(entry.shape, t_max_, piece, t, c);
}

template <typename Visit>
void Schedule::for_each_sample(Visit&& visit) const {
  constexpr int looks = 16;
  for (const SchedulePiece& piece : pieces()) {
    for (int look = 0; look <= looks; ++look) {
      visit(at(piece, piece.begin + (piece.end - piece.begin) * look / looks));
    }
  }
}

ControlValues Schedule::largest() const {
  ControlValues largest;
  for (const Entry& entry : entries_) {
    largest[entry.control] = 0.0;
  }
  for_each_sample([&](const ControlValues& now) {
    for (const Entry& entry : entries_) {
      largest[entry.control] = std::max(largest[entry.control], std::abs(now[entry.control]));
    }
  });
  return largest;
}

double Schedule::smallest(Control control) const {
  double smallest = std::numeric_limits<double>::infinity();
  for_each_sample([&](const ControlValues& now) { smallest = std::min(smallest, now[control]); });
  return smallest;
}

}  // namespace qbsweep
