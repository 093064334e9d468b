#include "qbsweep/dynamics/result_scales.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "qbsweep/model/dissipators.hpp"
#include "qbsweep/operators/field_of_values.hpp"
#include "qbsweep/support/error.hpp"

namespace qbsweep {

double largest_energy(const BatteryParameters& battery) {
  // |J_+ + J_-| <= N and |a + a^dag| <= 2 sqrt(fock_dim); without the counter-rotating terms half.
  const double field = std::sqrt(battery.fock_dim);
  const double interaction =
      effective_coupling(battery) * battery.N * field * (1 + counter_rotating(battery));
  const double driven = 2 * std::hypot(battery.drive, battery.drive_quadrature) * field +
                        std::hypot(battery.atom_drive, battery.atom_drive_quadrature) * battery.N;
  return std::max({battery.N * battery.omega_0, (battery.fock_dim - 1) * battery.omega_c,
                   interaction, std::abs(driven), ising_spread(battery)});
}

double relative_tolerance(const BatteryParameters& battery, double tolerance) {
  return std::max(tolerance / largest_energy(battery), 4 * std::numeric_limits<double>::epsilon());
}

void require_trace(double trace_error, const BatteryParameters& battery, double tolerance) {
  const double accepted = 10 * tolerance / (battery.N * battery.omega_0);
  if (!(trace_error <= accepted)) {
    throw EnvironmentError(
        fmt::format("rounding has cost more than the tolerance {:.0e}: the trace deviates from 1 "
                    "by {:.1e}, and "
                    "{:.1e} is accepted",
                    tolerance, trace_error, accepted));
  }
}

std::vector<double> observation_scales(const ObservationLayout& layout,
                                       const BatteryParameters& battery) {
  std::vector<double> scales(static_cast<std::size_t>(layout.size()), 1.0);
  scales[static_cast<std::size_t>(layout.photon_number())] = battery.fock_dim - 1;
  scales[static_cast<std::size_t>(layout.interaction_energy())] = largest_energy(battery);
  for (const EnergyOf energy : layout.more_energies) {
    scales[static_cast<std::size_t>(layout.position(energy))] = largest_energy(battery);
  }
  // Heat per time is an energy times a rate; the field is at most sqrt(2 fock_dim).
  std::size_t position = static_cast<std::size_t>(layout.first_requested());
  for (const RequestedObservation& requested : layout.requested) {
    scales[position++] = requested.kind == RequestedObservation::Kind::heat
                             ? largest_energy(battery) * std::max(1.0, sum_of_rates(battery))
                             : std::sqrt(2.0 * battery.fock_dim);
  }
  return scales;
}

}  // namespace qbsweep
