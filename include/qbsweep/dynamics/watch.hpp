#pragma once
/// \file
/// What a long computation is told while it is under way, and what it tells.

#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <string>

#include "qbsweep/dynamics/checkpoint.hpp"

namespace qbsweep {

/// How far a computation is.
struct Progress {
  double time = 0.0;      ///< where in the charging window it is at least
  double fraction = 0.0;  ///< of the work that is done, 0 .. 1; NaN where unknown
  double seconds_left = std::numeric_limits<double>::quiet_NaN();  ///< NaN where unknown
  double bytes = 0.0;  ///< that saving it would write; 0 where it cannot be saved
};

/// What it is told to do.
enum class WatchAction : std::int8_t {
  proceed,
  save,           ///< save the state and continue
  save_and_stop,  ///< save the state and end
  stop            ///< end
};

/// Who looks after a computation. With several ranks at it, the first one's answers count.
struct Watch {
  /// Asked now and then, at least about twice a second where single steps are not longer. What it
  /// throws comes out of the computation.
  std::function<WatchAction(const Progress&)> look = {};
  /// Where states are kept; none: nothing is saved, and `save_and_stop` is `stop`.
  CheckpointStore* store = nullptr;
  /// Told why a state could not be saved. The computation continues, or ends if it was to leave.
  std::function<void(const std::string&)> warn = {};
};

/// Comes out of a computation that was told to end, on all of its ranks.
class ComputationLeft : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override { return "told to end"; }
};

/// One look in on a computation that cannot be saved, on the rank that does it: tells how far it
/// is, and ends it with ComputationLeft where it is told to. What no library lets go of is not
/// interrupted: a factorisation by MUMPS and the diagonalisation of a dense matrix. There is a look
/// before and after.
void look_in(const Watch& watch, double fraction = std::numeric_limits<double>::quiet_NaN());

/// The same watch, for a part of a computation of which nobody knows how large it is.
[[nodiscard]] Watch without_fraction(const Watch& watch);

}  // namespace qbsweep
