#include "qbsweep/scheduler/time_left.hpp"

#include <algorithm>
#include <numeric>

namespace qbsweep {
namespace {

/// The prediction counts as much as this fraction of a point's work: what a point does first,
/// before its pace shows, is less.
constexpr double weight_of_prediction = 0.02;

}  // namespace

void TimeLeft::add_done(double estimates, double seconds) {
  estimated_ += estimates;
  measured_ += seconds;
}

void TimeLeft::add_begun(const BegunPoint& point) {
  begun_.push_back(point);
  add_done(point.estimate * point.fraction, point.seconds);
}

void TimeLeft::add_waiting(double estimates, double largest) {
  waiting_ += estimates;
  largest_waiting_ = std::max(largest_waiting_, largest);
}

double TimeLeft::slowness() const {
  return estimated_ > 0 && measured_ > 0 ? measured_ / estimated_ : 1.0;
}

double TimeLeft::of(const BegunPoint& point) const {
  const double whole = (point.seconds + weight_of_prediction * slowness() * point.estimate) /
                       (point.fraction + weight_of_prediction);
  return whole * (1 - point.fraction);
}

double TimeLeft::core_seconds() const {
  return std::accumulate(begun_.begin(), begun_.end(), slowness() * waiting_,
                         [this](double sum, const BegunPoint& point) { return sum + of(point); });
}

double TimeLeft::seconds(double at_once) const {
  double longest = slowness() * largest_waiting_;
  for (const BegunPoint& point : begun_) {
    longest = std::max(longest, of(point));
  }
  return std::max(longest, core_seconds() / at_once);
}

}  // namespace qbsweep
