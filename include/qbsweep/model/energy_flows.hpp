#pragma once
/// \file
/// Where energy comes from: what changes <H> while a battery is charged. Paper, section III.
///
///     d<H>/dt = sum_k u_k'(t) <H_k> + <dH_drive/dt> + Tr(H D_cavity[rho]) + Tr(H D_atoms[rho])
///
/// of H(t) = sum_k u_k(t) H_k (control.hpp). The first sum is work of switching where u_k is the
/// factor of the coupling or of a frequency; the drives' own changes, by their controls and by
/// e^(i omega_d t), are work of the drives; the dissipators exchange heat with the baths.

#include <cstddef>
#include <span>
#include <vector>

#include "qbsweep/model/control.hpp"
#include "qbsweep/model/observations.hpp"
#include "qbsweep/model/parameters.hpp"
#include "qbsweep/model/spin_blocks.hpp"

namespace qbsweep {

/// Energies in the unit of omega_0, or powers in omega_0^2. Positive is what <H> gains.
struct EnergyFlows {
  double work_switching = 0.0;
  double work_drive = 0.0;
  double heat_cavity = 0.0;
  double heat_atoms = 0.0;

  /// Calls visit(member) for each.
  template <typename Flows, typename Visit>
  static void for_each(Flows& flows, Visit&& visit) {
    visit(flows.work_switching);
    visit(flows.work_drive);
    visit(flows.heat_cavity);
    visit(flows.heat_atoms);
  }
};

/// The control that multiplies an energy, if any.
[[nodiscard]] const ControlInfo* control_of(EnergyOf energy);

/// One state's part in the flows, from its observations.
class FlowingState {
 public:
  /// \param observed_with  the controls that the observations were made with
  FlowingState(const BatteryParameters& battery, const std::vector<SpinBlock>& blocks,
               const ObservationLayout& layout, std::span<const double> observations,
               const ControlValues& observed_with);

  /// Where the controls are `now` and change by `slopes` per time. Heat is there only if the layout
  /// has it, and work by e^(i omega_d t) if it has the cavity's field.
  [[nodiscard]] EnergyFlows rates(const ControlValues& now, const ControlValues& slopes) const;

  /// Of a jump of the controls.
  [[nodiscard]] EnergyFlows jump(const ControlValues& before, const ControlValues& after) const;

 private:
  /// The mean of H_k, with a control of 1.
  [[nodiscard]] double energy(EnergyOf energy) const;
  [[nodiscard]] EnergyFlows work(const ControlValues& changes) const;

  const BatteryParameters& battery_;
  const std::vector<SpinBlock>& blocks_;
  const ObservationLayout& layout_;
  std::span<const double> observations_;
  ControlValues observed_with_;
};

}  // namespace qbsweep
