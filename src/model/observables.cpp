#include "qbsweep/model/observables.hpp"

namespace qbsweep {

ObservationLayout::ObservationLayout(const StateBasis& basis, const BatteryParameters& battery)
    : has_other_energy(!Hamiltonian(battery, EnergyOf::other).empty()) {
  for (const SpinBlock block : basis.blocks()) {
    battery_size += static_cast<std::int64_t>(block.dim()) * block.dim();
  }
}

}  // namespace qbsweep
