#include "qbsweep/dynamics/watch.hpp"

namespace qbsweep {

void look_in(const Watch& watch, double fraction) {
  if (!watch.look) {
    return;
  }
  Progress progress;
  progress.fraction = fraction;
  const WatchAction action = watch.look(progress);
  if (action == WatchAction::save_and_stop || action == WatchAction::stop) {
    throw ComputationLeft();
  }
}

Watch without_fraction(const Watch& watch) {
  Watch part = watch;
  if (watch.look) {
    part.look = [look = watch.look](Progress progress) {
      progress.fraction = std::numeric_limits<double>::quiet_NaN();
      return look(progress);
    };
  }
  return part;
}

}  // namespace qbsweep
