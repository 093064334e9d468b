#include "qbsweep/model/observable.hpp"

#include <algorithm>
#include <iterator>

namespace qbsweep {

ObservedState observed_state(const BatteryParameters& battery, const std::vector<SpinBlock>& blocks,
                             const ObservationLayout& layout, std::span<const double> observations,
                             const BatteryEnergies& energies) {
  const auto at = [&](std::int64_t position) {
    return observations[static_cast<std::size_t>(position)];
  };
  const auto energy_at = [&](EnergyOf energy) {
    return layout.has(energy) ? at(layout.position(energy)) : 0.0;
  };
  return {battery,
          blocks,
          observations.first(static_cast<std::size_t>(layout.battery_size)),
          energies,
          at(layout.photon_number()),
          at(layout.interaction_energy()),
          energy_at(EnergyOf::other),
          energy_at(EnergyOf::drive),
          energy_at(EnergyOf::atom_drive),
          observations.subspan(static_cast<std::size_t>(layout.population(0)),
                               static_cast<std::size_t>(layout.distribution_size))};
}

void ObservedState::set_controls(const ControlValues& now, const ControlValues& observed_with) {
  const auto change = [&](Control control, double& energy) {
    if (now[control] != observed_with[control]) {
      energy *= now[control] / factor_of_parameter(observed_with[control]);
    }
  };
  change(Control::coupling, interaction_energy);
  change(Control::drive, drive_energy);
  change(Control::atom_drive, atom_drive_energy);
  controls = now;
}

const Observable* find_observable(std::string_view name) {
  const auto table = observable_table();
  const auto found = std::ranges::find(table, name, &Observable::name);
  return found == table.end() ? nullptr : &*found;
}

std::vector<const Observable*> sampled_observables(std::span<const std::string_view> names) {
  std::vector<const Observable*> asked_for;
  std::ranges::transform(names, std::back_inserter(asked_for), find_observable);
  return sampled_observables(asked_for);
}

std::vector<const Observable*> sampled_observables(std::span<const Observable* const> asked_for) {
  std::vector<const Observable*> sampled;
  for (const Observable& observable : observable_table()) {
    if (observable.always || std::ranges::find(asked_for, &observable) != asked_for.end()) {
      sampled.push_back(&observable);
    }
  }
  return sampled;
}

ObservationRequest request_of(std::span<const Observable* const> observables) {
  ObservationRequest request;
  for (const Observable* const observable : observables) {
    request.photon_distribution |= observable->needs.photon_distribution;
  }
  return request;
}

}  // namespace qbsweep
