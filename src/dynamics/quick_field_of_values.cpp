#include "qbsweep/dynamics/quick_field_of_values.hpp"

#include <cmath>

#include "qbsweep/model/reductions.hpp"
#include "qbsweep/operators/charging_operators.hpp"

namespace qbsweep {

double quick_energy_spread(const BatteryParameters& battery, int fock_dim) {
  const double field = std::sqrt(fock_dim);
  const double coupling =
      (1 + counter_rotating(battery)) * effective_coupling(battery) * battery.N * field;
  const double frame = frame_frequency(battery);
  const double free = std::abs(battery.omega_c - frame) * (fock_dim - 1) +
                      std::abs(battery.omega_0 - frame) * battery.N;
  const double driven =
      4 * (std::abs(battery.drive) + std::abs(battery.drive_quadrature)) * field +
      2 * (std::abs(battery.atom_drive) + std::abs(battery.atom_drive_quadrature)) * battery.N +
      ising_spread(battery);
  return 1.05 * (std::hypot(free, coupling) + driven);
}

FieldOfValues quick_field_of_values(const BatteryParameters& battery) {
  const Reductions reductions = exact_reductions(battery);
  const bool rotating = excitations_are_bounded(battery);
  const int fock_dim = reductions.has(Reduction::bounded_excitations)
                           ? excitation_sectors(battery).excitations + 1
                           : battery.fock_dim;
  if (rotating) {
    return field_of_values(battery, fock_dim, {0.0, rotating_energy_spread(battery, fock_dim - 1)});
  }
  return field_of_values(battery, fock_dim, {0.0, quick_energy_spread(battery, fock_dim)});
}

}  // namespace qbsweep
