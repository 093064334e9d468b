#include "steady_energies.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "qbsweep/model/observables.hpp"

namespace qbsweep {
namespace {

std::span<const double> battery_part(const ObservationLayout& layout,
                                     const std::vector<double>& observations) {
  return {observations.data(), static_cast<std::size_t>(layout.battery_size)};
}

}  // namespace

SteadyObserver::SteadyObserver(const BatteryParameters& battery)
    : battery_(battery),
      basis_(battery.N, battery.fock_dim, has_local_noise(battery)),
      observer_(battery.N, basis_.blocks(), battery.omega_0) {}

std::vector<double> SteadyObserver::observe(const std::vector<double>& state) const {
  const ObservationLayout layout(basis_, battery_);
  std::vector<double> observations(static_cast<std::size_t>(layout.size()), 0.0);
  for_each_observation(basis_, battery_,
                       [&](std::int64_t position, std::int64_t element, double weight) {
                         observations[position] += weight * state[element];
                       });
  return observations;
}

SteadyEnergies SteadyObserver::energies(const std::vector<double>& state) {
  const ObservationLayout layout(basis_, battery_);
  const std::vector<double> observations = observe(state);
  SteadyEnergies energies;
  energies.battery = observer_.energies(battery_part(layout, observations));
  energies.photon_number = observations[layout.photon_number()];
  energies.interaction = observations[layout.interaction_energy()];
  energies.total = energies.battery.energy + battery_.omega_c * energies.photon_number +
                   energies.interaction +
                   (layout.has_other_energy ? observations[layout.other_energy()] : 0.0);
  energies.fock_tail = observations[layout.fock_tail()];
  energies.below_tail = observations[layout.below_fock_tail()];
  return energies;
}

double SteadyObserver::change(const std::vector<double>& state,
                              const std::vector<double>& deviation) {
  const ObservationLayout layout(basis_, battery_);
  const std::vector<double> here = observe(state);
  const std::vector<double> moved = observe(deviation);
  BatteryEnergies rates;
  static_cast<void>(
      observer_.energies(battery_part(layout, here), battery_part(layout, moved), rates));
  const double photons = battery_.omega_c * moved[layout.photon_number()];
  const double interaction = moved[layout.interaction_energy()];
  const double other = layout.has_other_energy ? moved[layout.other_energy()] : 0.0;
  double largest = std::abs(rates.energy + photons + interaction + other);
  for (const double energy : {rates.energy, photons, interaction}) {
    largest = std::max(largest, std::abs(energy));
  }
  for (const double ergotropy : rates.ergotropy) {
    largest = std::max(largest, std::abs(ergotropy));
  }
  return largest;
}

double SteadyObserver::rounding(const SteadyEnergies& energies) const {
  constexpr double units = 8 * std::numeric_limits<double>::epsilon();
  return units * (battery_.omega_0 * battery_.N + battery_.omega_c * energies.photon_number +
                  std::abs(energies.interaction));
}

}  // namespace qbsweep
