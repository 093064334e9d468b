#include "qbsweep/model/observations.hpp"

#include <algorithm>

#include "requested_observations.hpp"

namespace qbsweep {

ObservationLayout::ObservationLayout(const StateBasis& basis, const BatteryParameters& battery,
                                     ObservationRequest request)
    : distribution_size(request.photon_distribution ? basis.fock_dim() : 0) {
  for (const EnergyOf energy : all_energies) {
    if (energy >= EnergyOf::other && !Hamiltonian(battery, energy).empty()) {
      more_energies.push_back(energy);
    }
  }
  requested = requested_observations(battery, request);
  for (const SpinBlock block : basis.blocks()) {
    battery_size += static_cast<std::int64_t>(block.dim()) * block.dim();
  }
}

bool ObservationLayout::has(EnergyOf energy) const {
  return std::ranges::find(more_energies, energy) != more_energies.end();
}

std::int64_t ObservationLayout::position(EnergyOf energy) const {
  return battery_size + 4 + (std::ranges::find(more_energies, energy) - more_energies.begin());
}

std::vector<ObservedEnergy> observed_energies(const ObservationLayout& layout,
                                              const BatteryParameters& battery) {
  std::vector<ObservedEnergy> energies = {
      {layout.interaction_energy(), Hamiltonian(battery, EnergyOf::interaction)}};
  for (const EnergyOf energy : layout.more_energies) {
    energies.push_back({layout.position(energy), Hamiltonian(battery, energy)});
  }
  return energies;
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
