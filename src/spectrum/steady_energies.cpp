#include "steady_energies.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "qbsweep/model/observations.hpp"

namespace qbsweep {
namespace {

std::span<const double> battery_part(const ObservationLayout& layout,
                                     const std::vector<double>& observations) {
  return {observations.data(), static_cast<std::size_t>(layout.battery_size)};
}

}  // namespace

SteadyObserver::SteadyObserver(const BatteryParameters& battery,
                               std::vector<const Observable*> observables,
                               const ObservableSizes& sizes)
    : battery_(battery),
      basis_(battery.N, battery.fock_dim, has_local_noise(battery)),
      observables_(std::move(observables)),
      sizes_(sizes),
      layout_(basis_, battery, request_of(observables_)),
      observer_(battery.N, basis_.blocks(), battery.omega_0) {}

std::vector<double> SteadyObserver::observe(const std::vector<double>& state) const {
  std::vector<double> observations(static_cast<std::size_t>(layout_.size()), 0.0);
  for_each_observation(layout_, basis_, battery_,
                       [&](std::int64_t position, std::int64_t element, double weight) {
                         observations[position] += weight * state[element];
                       });
  return observations;
}

SteadyEnergies SteadyObserver::energies(const std::vector<double>& state) {
  const std::vector<double> observations = observe(state);
  SteadyEnergies energies;
  energies.battery = observer_.energies(battery_part(layout_, observations));
  const ObservedState seen =
      observed_state(battery_, basis_.blocks(), layout_, observations, energies.battery);
  energies.photon_number = seen.photon_number;
  energies.interaction = seen.interaction_energy;
  energies.total = find_observable("total_energy")->value(seen);
  for (const Observable* const observable : observables_) {
    observable->append(seen, sizes_, energies.observables);
  }
  energies.fock_tail = observations[layout_.fock_tail()];
  energies.below_tail = observations[layout_.below_fock_tail()];
  return energies;
}

double SteadyObserver::change(const std::vector<double>& state,
                              const std::vector<double>& deviation) {
  const std::vector<double> here = observe(state);
  const std::vector<double> moved = observe(deviation);
  BatteryEnergies rates;
  static_cast<void>(
      observer_.energies(battery_part(layout_, here), battery_part(layout_, moved), rates));
  const double photons = battery_.omega_c * moved[layout_.photon_number()];
  const double interaction = moved[layout_.interaction_energy()];
  double other = 0.0;
  for (const EnergyOf energy : layout_.more_energies) {
    other += moved[layout_.position(energy)];
  }
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
