#include "qbsweep/dynamics/scheduled_liouvillian.hpp"

#include <array>

namespace qbsweep {
namespace {

using petsc::check;

constexpr const char* doing = "apply the Liouvillian of a schedule";

}  // namespace

ScheduledLiouvillian::ScheduledLiouvillian(
    const BatteryParameters& battery, const Schedule& schedule,
    const std::function<petsc::Matrix(const BatteryParameters&)>& make)
    : schedule_(schedule) {
  matrices_.push_back(make(battery));
  for (const ControlInfo& info : control_table()) {
    if (schedule.has(info.control)) {
      ControlValues values;
      values[info.control] = moved_control;
      matrices_.push_back(make(schedule.battery_with(battery, values)));
      controls_.push_back(info.control);
    }
  }
  check(MatCreateVecs(standing(), nullptr, product_.out()), doing);
}

void ScheduledLiouvillian::apply(double t, Vec x, Vec y) const {
  check(MatMult(standing(), x, y), doing);
  if (stands_still()) {
    return;
  }
  const ControlValues now = schedule_.at(piece_, t);
  std::vector<double> weights;
  double first = 1.0;
  for (const Control control : controls_) {
    weights.push_back(weight_of_moved(now[control]));
    first -= weights.back();
  }
  check(VecScale(y, first), doing);
  for (std::size_t c = 0; c < controls_.size(); ++c) {
    check(MatMult(matrices_[c + 1].get(), x, product_.get()), doing);
    check(VecAXPY(y, weights[c], product_.get()), doing);
  }
}

void ScheduledLiouvillian::add_rate(double t, Vec x, Vec y) const {
  double first = 0.0;
  for (std::size_t c = 0; c < controls_.size(); ++c) {
    std::array<double, 2> series = {};
    schedule_.expand(controls_[c], piece_, t, series);
    const double weight = series[1] * weight_of_moved(2.0);  // linear, and 0 at 1
    first -= weight;
    check(MatMult(matrices_[c + 1].get(), x, product_.get()), doing);
    check(VecAXPY(y, weight, product_.get()), doing);
  }
  check(MatMult(standing(), x, product_.get()), doing);
  check(VecAXPY(y, first, product_.get()), doing);
}

}  // namespace qbsweep
