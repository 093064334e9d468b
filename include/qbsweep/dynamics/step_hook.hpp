#pragma once
/// \file
/// Looking in on a computation that takes long, and ending it.

#include <functional>
#include <limits>

namespace qbsweep {

/// Called now and then while something is computed, at least about once a second where it is big,
/// with a rough fraction of the work that is done, NaN where that is unknown. What it throws ends
/// the computation and comes out of it. Where several ranks compute together it is called on each
/// of them, and throws on all or on none. May be empty.
///
/// What no library lets go of is not interrupted: a factorisation by MUMPS and the diagonalisation
/// of a dense matrix. The hook is called before and after.
using StepHook = std::function<void(double done)>;

/// Calls the hook, if there is one.
inline void look_in(const StepHook& on_step,
                    double done = std::numeric_limits<double>::quiet_NaN()) {
  if (on_step) {
    on_step(done);
  }
}

}  // namespace qbsweep
