#include "qbsweep/model/observable.hpp"

#include <algorithm>
#include <iterator>
#include <numbers>

namespace qbsweep {

namespace {

/// In the order of ObservedState::drive_energies.
constexpr std::array drives = {EnergyOf::drive, EnergyOf::atom_drive, EnergyOf::drive_quadrature,
                               EnergyOf::atom_drive_quadrature};

std::complex<double> field_of(const ObservationLayout& layout,
                              std::span<const double> observations) {
  using Kind = RequestedObservation::Kind;
  double x = 0.0;
  double p = 0.0;
  for (std::size_t r = 0; r < layout.requested.size(); ++r) {
    const double seen = observations[static_cast<std::size_t>(layout.first_requested()) + r];
    x += layout.requested[r].kind == Kind::cavity_x ? seen : 0.0;
    p += layout.requested[r].kind == Kind::cavity_p ? seen : 0.0;
  }
  return std::complex(x, p) / std::numbers::sqrt2;
}

}  // namespace

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
          {energy_at(drives[0]), energy_at(drives[1]), energy_at(drives[2]), energy_at(drives[3])},
          observations.subspan(static_cast<std::size_t>(layout.population(0)),
                               static_cast<std::size_t>(layout.distribution_size)),
          field_of(layout, observations)};
}

void ObservedState::set_controls(const ControlValues& now, const ControlValues& observed_with) {
  const auto change = [&](EnergyOf of, double& energy) {
    const Control control = control_of(of)->control;
    if (now[control] != observed_with[control]) {
      energy *= change_of_control(now[control], observed_with[control]);
    }
  };
  change(EnergyOf::interaction, interaction_energy);
  for (std::size_t d = 0; d < drives.size(); ++d) {
    change(drives[d], drive_energies[d]);
  }
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

std::int64_t battery_state_size(int N) {
  const std::int64_t n = N;
  return (n + 1) * (n + 2) * (n + 3) / 6;
}

std::int64_t Observable::size(const ObservableSizes& sizes) const {
  switch (extent) {
    case ObservableExtent::photons:
      return sizes.photons;
    case ObservableExtent::battery_state:
      return 2 * sizes.battery_state;
    case ObservableExtent::number:
      break;
  }
  return 1;
}

void Observable::append(const ObservedState& state, const ObservableSizes& sizes,
                        std::vector<double>& numbers) const {
  if (extent == ObservableExtent::number) {
    numbers.push_back(value(state));
    return;
  }
  const std::size_t before = numbers.size();
  numbers.resize(before + static_cast<std::size_t>(size(sizes)), 0.0);
  values(state, std::span(numbers).subspan(before));
}

std::int64_t size_of(std::span<const Observable* const> observables, const ObservableSizes& sizes) {
  std::int64_t all = 0;
  for (const Observable* const observable : observables) {
    all += observable->size(sizes);
  }
  return all;
}

std::vector<const Observable*> steady_observables(std::span<const Observable* const> observables) {
  std::vector<const Observable*> steady(observables.begin(), observables.end());
  std::erase_if(steady, [](const Observable* observable) { return observable->since_begin; });
  return steady;
}

ObservationRequest request_of(std::span<const Observable* const> observables) {
  ObservationRequest request;
  for (const Observable* const observable : observables) {
    request.photon_distribution |= observable->needs.photon_distribution;
    request.cavity_field |= observable->needs.cavity_field;
    request.heat |= observable->needs.heat;
  }
  return request;
}

}  // namespace qbsweep
