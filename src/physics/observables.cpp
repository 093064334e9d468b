#include "qbsweep/physics/observables.hpp"

namespace qbsweep {

ObservationLayout::ObservationLayout(const StateBasis& basis) {
  for (const SpinBlock block : basis.blocks()) {
    battery_size += static_cast<std::int64_t>(block.dim()) * block.dim();
  }
}

}  // namespace qbsweep
