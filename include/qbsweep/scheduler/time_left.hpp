#pragma once
/// \file
/// How long a sweep will still take, by what its points have taken so far.

#include <vector>

namespace qbsweep {

/// A point that was begun and is not done.
struct BegunPoint {
  double estimate = 0;  ///< seconds of the whole point, as predicted
  double fraction = 0;  ///< of its work that is done
  double seconds = 0;   ///< that this took
};

/// Predictions are within a factor of 3 of each other, but may all be off by more on a machine or a
/// build of its own. So they are scaled by what was measured: those of points that were not begun
/// by all that was done, those of points under way by their own pace.
class TimeLeft {
 public:
  /// Points that are done: the sums of their estimates and of what they took.
  void add_done(double estimates, double seconds);
  void add_begun(const BegunPoint& point);
  /// Points that were not begun: the sum of their estimates, and the largest of these.
  void add_waiting(double estimates, double largest);

  /// In seconds of one core, or of one group of ranks.
  [[nodiscard]] double core_seconds() const;

  /// With so many points computed at once: no less than the longest of them takes alone.
  [[nodiscard]] double seconds(double at_once) const;

 private:
  [[nodiscard]] double slowness() const;
  [[nodiscard]] double of(const BegunPoint& point) const;

  double estimated_ = 0;  // of the work that is done
  double measured_ = 0;
  double waiting_ = 0;
  double largest_waiting_ = 0;
  std::vector<BegunPoint> begun_;
};

}  // namespace qbsweep
