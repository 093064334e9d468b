#pragma once
/// \file
/// From the index of a point to its numbers, without touching text: millions of points are looked
/// at.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "qbsweep/config/parameter_table.hpp"
#include "qbsweep/config/sweep.hpp"

namespace qbsweep {

/// Parameters that have one value on the whole grid.
using FixedParameters = std::vector<std::pair<ParameterId, ParameterValue>>;

/// Values that are each acceptable but do not go together at a point.
struct PointProblem {
  std::string parameter;  ///< that is to blame, or "schedule." and the control
  std::string found;
  std::string accepted;
};

class PointResolver {
 public:
  /// \param fixed  every parameter that has no axis, defaults included
  /// \param charging  what is charged; without a window of its own g' sqrt(N) t_max = 5
  PointResolver(const FixedParameters& fixed, const std::vector<Axis>& axes,
                const std::optional<ChargingSection>& charging, bool steady_state,
                const std::vector<ScheduledControl>& schedule);

  /// \throws PointProblem
  [[nodiscard]] SweepPoint point(std::int64_t index) const;

 private:
  /// Every parameter as a number: words by their position in the table, NaN if not given.
  using Slots = std::vector<double>;
  struct Column {
    std::size_t slot;
    std::vector<double> values;
  };

  [[nodiscard]] SweepPoint resolve(const Slots& slots) const;
  /// \throws PointProblem for terms that do not go together
  void check_model(const BatteryParameters& battery) const;
  /// \throws PointProblem for an initial state of the atoms that does not fit
  void check_battery_state(const BatteryParameters& battery, double fock_dim) const;
  /// The photons that the point names, checked where a charging run starts with them.
  [[nodiscard]] double resolve_m(const Slots& slots, const BatteryParameters& battery) const;
  /// Whether the charger and m say how the point's charging run begins.
  [[nodiscard]] bool starts_with_charger(const BatteryParameters& battery) const {
    return charging_ && battery.initial_state == InitialState::charged_cavity;
  }
  [[nodiscard]] double resolve_t_max(const BatteryParameters& battery,
                                     std::string_view coupling) const;

  /// \throws PointProblem for a shape that does not fit the window
  [[nodiscard]] Schedule resolve_schedule(const Slots& slots, double t_max) const;

  Slots fixed_;
  std::vector<std::vector<Column>> axes_;
  std::optional<ChargingSection> charging_;
  bool steady_state_;  // whether it is looked for
  std::vector<ScheduledControl> schedule_;
};

}  // namespace qbsweep
