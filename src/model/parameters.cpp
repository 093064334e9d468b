#include "qbsweep/model/parameters.hpp"

#include <algorithm>
#include <cmath>

#include "qbsweep/model/dissipators.hpp"

namespace qbsweep {
namespace {

bool is_driven(const BatteryParameters& battery) {
  return battery.drive != 0 || battery.atom_drive != 0 || battery.drive_quadrature != 0 ||
         battery.atom_drive_quadrature != 0;
}

}  // namespace

double effective_coupling(const BatteryParameters& battery) {
  return battery.coupling_scaling == CouplingScaling::sqrt_n ? battery.g / std::sqrt(battery.N)
                                                             : battery.g;
}

double counter_rotating(const BatteryParameters& battery) {
  switch (battery.interaction) {
    case Interaction::dicke:
      return 1.0;
    case Interaction::tavis_cummings:
      return 0.0;
    case Interaction::anisotropic:
      break;
  }
  return battery.anisotropy;
}

double critical_coupling(const BatteryParameters& battery) {
  return std::sqrt(battery.omega_0 * battery.omega_c) / (1 + counter_rotating(battery));
}

double frame_frequency(const BatteryParameters& battery) {
  const bool rotating = battery.g == 0 || counter_rotating(battery) == 0;
  return is_driven(battery) && rotating && battery.ising_x == 0 ? battery.omega_d : 0.0;
}

bool drives_stand_still(const BatteryParameters& battery) {
  return !is_driven(battery) || battery.omega_d == frame_frequency(battery);
}

int most_excited_at_first(const BatteryParameters& battery) {
  switch (battery.battery_state) {
    case BatteryState::ground:
      return 0;
    case BatteryState::dicke:
      return battery.battery_excitations;
    case BatteryState::excited:
    case BatteryState::rotated:
      break;
  }
  return battery.N;
}

bool has_local_noise(const BatteryParameters& battery) {
  return Dissipators(battery).act_on_single_atoms();
}

int paper_fock_dim(double m) {
  return std::max(2, static_cast<int>(std::ceil(4 * m)) + 1);
}

std::int64_t count_unknowns(int N, int fock_dim, bool local_noise) {
  const std::int64_t n = N;
  const std::int64_t spin_elements =
      local_noise ? (n + 1) * (n + 2) * (n + 3) / 6 : (n + 1) * (n + 1);
  return spin_elements * fock_dim * fock_dim;
}

}  // namespace qbsweep
