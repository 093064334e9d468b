#include "qbsweep/model/observations.hpp"

namespace qbsweep {

ObservationLayout::ObservationLayout(const StateBasis& basis, const BatteryParameters& battery,
                                     ObservationRequest request)
    : has_other_energy(!Hamiltonian(battery, EnergyOf::other).empty()),
      distribution_size(request.photon_distribution ? basis.fock_dim() : 0) {
  for (const SpinBlock block : basis.blocks()) {
    battery_size += static_cast<std::int64_t>(block.dim()) * block.dim();
  }
}

std::vector<std::int64_t> CavityObservations::positions() const {
  std::vector<std::int64_t> all = {layout_.photon_number(), layout_.fock_tail(),
                                   layout_.below_fock_tail()};
  for (int n = 0; n < layout_.distribution_size; ++n) {
    all.push_back(layout_.population(n));
  }
  return all;
}

}  // namespace qbsweep
