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
  /// The same times cos(frequency t + phase).
  void add_turning(Control control, const ControlShape& shape, double frequency, double phase) {
    entries_.push_back({control, shape, frequency, phase});
  }
  /// The shape of a control, none if it has none.
  [[nodiscard]] const ControlShape* shape_of(Control control) const;
  void remove(Control control);

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

  /// The largest moduli of the factors, those of the shapes alone where one turns: what bounds of L go
  /// by.
  [[nodiscard]] ControlValues largest() const;
  /// The smallest factor of a control.
  [[nodiscard]] double smallest(Control control) const;

  /// About how far series in time of the factors reach within a piece.
  [[nodiscard]] double time_scale(const SchedulePiece& piece) const;

 private:
  struct Entry {
    Control control;
    ControlShape shape;
    double frequency = 0.0;  // of the cosine that the shape is multiplied by
    double phase = 0.0;
    [[nodiscard]] bool turns() const { return frequency != 0; }
  };
  void expand(const Entry& entry, const SchedulePiece& piece, double t, std::span<double> c) const;
  /// Calls visit(factor) for the largest and the smallest factor of a shape, and for others.
  template <typename Visit>
  void for_each_extreme(const Entry& entry, Visit&& visit) const;

  double t_max_ = 0.0;
  std::vector<Entry> entries_;
};

}  // namespace qbsweep
