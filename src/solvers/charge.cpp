#include "qbsweep/solvers/charge.hpp"

#include "qbsweep/solvers/chebyshev_charge.hpp"
#include "qbsweep/solvers/ts_charge.hpp"

namespace qbsweep {

ChargeResult charge(MPI_Comm comm, const BatteryParameters& battery, const ChargeSettings& settings,
                    const StepCallback& on_step) {
  switch (settings.propagator) {
    case Propagator::ts:
      return ts_charge(comm, battery, settings, on_step);
    case Propagator::chebyshev:
      break;
  }
  return chebyshev_charge(battery, settings, on_step);
}

}  // namespace qbsweep
