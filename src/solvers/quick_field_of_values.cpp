#include "qbsweep/solvers/quick_field_of_values.hpp"

#include <cmath>

#include "qbsweep/liouvillian/charge_operators.hpp"
#include "qbsweep/physics/reductions.hpp"

namespace qbsweep {

double quick_energy_spread(const BatteryParameters& battery, int fock_dim) {
  const double coupling = 2 * effective_coupling(battery) * battery.N * std::sqrt(fock_dim);
  const double free = battery.omega_c * (fock_dim - 1) + battery.omega_0 * battery.N;
  return 1.05 * std::hypot(free, coupling);
}

FieldOfValues quick_field_of_values(const BatteryParameters& battery) {
  const Reductions reductions = exact_reductions(battery);
  const bool rotating = battery.interaction == Interaction::tavis_cummings;
  const int fock_dim = rotating && reductions.has(Reduction::bounded_excitations)
                           ? excitation_sectors(battery).excitations + 1
                           : battery.fock_dim;
  if (rotating) {
    return field_of_values(battery, fock_dim, {0.0, rotating_energy_spread(battery, fock_dim - 1)});
  }
  return field_of_values(battery, fock_dim, {0.0, quick_energy_spread(battery, fock_dim)});
}

}  // namespace qbsweep
