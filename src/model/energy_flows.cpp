#include "qbsweep/model/energy_flows.hpp"

#include <array>
#include <numbers>

#include "battery_functions.hpp"

namespace qbsweep {
namespace {

bool is_of_drive(EnergyOf energy) {
  return energy >= EnergyOf::drive;
}

}  // namespace

const ControlInfo* control_of(EnergyOf energy) {
  switch (energy) {
    case EnergyOf::battery:
      return &info_of(Control::omega_0);
    case EnergyOf::photons:
      return &info_of(Control::omega_c);
    case EnergyOf::interaction:
      return &info_of(Control::coupling);
    case EnergyOf::drive:
      return &info_of(Control::drive);
    case EnergyOf::atom_drive:
      return &info_of(Control::atom_drive);
    case EnergyOf::drive_quadrature:
      return &info_of(Control::drive_quadrature);
    case EnergyOf::atom_drive_quadrature:
      return &info_of(Control::atom_drive_quadrature);
    case EnergyOf::other:
      break;
  }
  return nullptr;
}

FlowingState::FlowingState(const BatteryParameters& battery, const std::vector<SpinBlock>& blocks,
                           const ObservationLayout& layout, std::span<const double> observations,
                           const ControlValues& observed_with)
    : battery_(battery),
      blocks_(blocks),
      layout_(layout),
      observations_(observations),
      observed_with_(observed_with) {}

double FlowingState::energy(EnergyOf energy) const {
  const auto at = [&](std::int64_t position) {
    return observations_[static_cast<std::size_t>(position)];
  };
  switch (energy) {
    case EnergyOf::battery:
      return battery_.omega_0 * mean_excitations({battery_.N, blocks_, observations_});
    case EnergyOf::photons:
      return battery_.omega_c * at(layout_.photon_number());
    case EnergyOf::interaction:
      return at(layout_.interaction_energy()) *
             change_of_control(1.0, observed_with_[Control::coupling]);
    case EnergyOf::other:
    case EnergyOf::drive:
    case EnergyOf::atom_drive:
    case EnergyOf::drive_quadrature:
    case EnergyOf::atom_drive_quadrature:
      break;
  }
  if (!layout_.has(energy)) {
    return 0.0;
  }
  const ControlInfo* const control = control_of(energy);
  return at(layout_.position(energy)) *
         (control == nullptr ? 1.0 : change_of_control(1.0, observed_with_[control->control]));
}

EnergyFlows FlowingState::work(const ControlValues& changes) const {
  EnergyFlows flows;
  for (const EnergyOf of : all_energies) {
    const ControlInfo* const control = control_of(of);
    if (control == nullptr || changes[control->control] == 0) {
      continue;
    }
    (is_of_drive(of) ? flows.work_drive : flows.work_switching) +=
        changes[control->control] * energy(of);
  }
  return flows;
}

EnergyFlows FlowingState::jump(const ControlValues& before, const ControlValues& after) const {
  ControlValues changes;
  for (const ControlInfo& info : control_table()) {
    changes[info.control] = after[info.control] - before[info.control];
  }
  return work(changes);
}

EnergyFlows FlowingState::rates(const ControlValues& now, const ControlValues& slopes) const {
  EnergyFlows flows = work(slopes);
  std::int64_t position = layout_.first_requested();
  for (const RequestedObservation& requested : layout_.requested) {
    const double seen = observations_[static_cast<std::size_t>(position++)];
    switch (requested.kind) {
      case RequestedObservation::Kind::cavity_x:
        break;
      case RequestedObservation::Kind::cavity_p:
        // <d/dt (a e^(i omega_d t) + h.c.)> = -sqrt(2) omega_d <p>, p in the frame of the drive.
        flows.work_drive -=
            std::numbers::sqrt2 * battery_.omega_d * now[Control::drive] * battery_.drive * seen;
        break;
      case RequestedObservation::Kind::heat: {
        const auto scale = [&](Control control) {
          return change_of_control(now[control], observed_with_[control]);
        };
        double heat = seen;
        if (const ControlInfo* const control = control_of(requested.energy)) {
          heat *= scale(control->control);
        }
        if (requested.bath == Bath::cavity) {
          flows.heat_cavity += heat * scale(Control::kappa);
        } else {
          flows.heat_atoms += heat;
        }
        break;
      }
    }
  }
  if (battery_.omega_d != 0 && battery_.atom_drive != 0) {
    // <d/dt (J_- e^(i omega_d t) + h.c.)> = -2 omega_d Im<J_->, likewise.
    flows.work_drive -= 2 * battery_.omega_d * now[Control::atom_drive] * battery_.atom_drive *
                        mean_lowering({battery_.N, blocks_, observations_}).imag();
  }
  return flows;
}

}  // namespace qbsweep
