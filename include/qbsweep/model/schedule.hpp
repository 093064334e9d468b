#pragma once
/// \file
/// What changes during a charging run: shapes of controls over a window.

#include <span>
#include <vector>

#include "qbsweep/model/control.hpp"
#include "qbsweep/model/shape.hpp"

namespace qbsweep {

class Schedule {
 public:
  /// Nothing changes.
  Schedule() = default;

  explicit Schedule(double t_max) : t_max_(t_max) {}
  void add(Control control, const ControlShape& shape) { entries_.push_back({control, shape}); }

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] bool has(Control control) const;

  /// The window, cut where a control jumps or has a kink. One piece where nothing changes.
  [[nodiscard]] std::vector<SchedulePiece> pieces() const;

  /// The controls that are not constant within a piece.
  [[nodiscard]] std::vector<Control> moving(const SchedulePiece& piece) const;

  /// All factors at a time of a piece, its ends included.
  [[nodiscard]] ControlValues at(const SchedulePiece& piece, double t) const;

  /// Their time derivatives; 0 where a parameter stays as it is.
  [[nodiscard]] ControlValues slopes(const SchedulePiece& piece, double t) const;

  /// `battery` with its parameters multiplied by `values` (with_controls()). omega_0 and omega_c that
  /// are equal differ in the last digit where one of them is controlled: symmetries are the same at
  /// all times, and states are stored alike.
  [[nodiscard]] BatteryParameters battery_with(const BatteryParameters& battery,
                                               const ControlValues& values) const;

  /// The same with the largest factors.
  [[nodiscard]] BatteryParameters widest(const BatteryParameters& battery) const {
    return battery_with(battery, largest());
  }

  /// Sets the coefficients of u(t + s) = sum_m c_m s^m for one control: all of `c`.
  void expand(Control control, const SchedulePiece& piece, double t, std::span<double> c) const;

  /// The largest factors, of a sample of times: what bounds of L go by.
  [[nodiscard]] ControlValues largest() const;
  /// The smallest factor of a control, likewise.
  [[nodiscard]] double smallest(Control control) const;

 private:
  struct Entry {
    Control control;
    ControlShape shape;
  };
  /// Calls visit(at a time) for some times of every piece, its ends among them.
  template <typename Visit>
  void for_each_sample(Visit&& visit) const;

  double t_max_ = 0.0;
  std::vector<Entry> entries_;
};

}  // namespace qbsweep
