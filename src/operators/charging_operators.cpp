#include "qbsweep/operators/charging_operators.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "qbsweep/model/hamiltonian.hpp"
#include "qbsweep/model/model_terms.hpp"
#include "qbsweep/operators/assembled_operator.hpp"
#include "qbsweep/operators/driven_sector.hpp"
#include "qbsweep/operators/parity_sector.hpp"
#include "qbsweep/operators/pure_state.hpp"
#include "qbsweep/operators/tavis_cummings_sector.hpp"

namespace qbsweep {
namespace {

/// The state vector, in the rotating frame where that removes most of the free evolution: the frame
/// changes no observation. Energies are counted from the middle of their range.
ChargingOperators state_vector_operators(const BatteryParameters& battery) {
  ChargingOperators operators;
  BatteryParameters framed = battery;
  if (excitations_are_bounded(battery)) {
    framed.omega_0 = battery.omega_0 - battery.omega_c;
    framed.omega_c = 0.0;
    operators.frame = Frame::cavity;
  }
  const EnergyRange energies = energy_range(framed);
  const double middle = (energies.low + energies.high) / 2;
  operators.parts.push_back(std::make_unique<PureStateOperator>(framed, middle));
  operators.levels = battery.fock_dim;
  operators.values = field_of_values(battery, battery.fock_dim, {energies.low - middle, 0.0});
  return operators;
}

ChargingOperators tavis_cummings_operators(const BatteryParameters& battery,
                                           const Reductions& reductions, MPI_Comm comm,
                                           std::optional<int> levels) {
  ChargingOperators operators;
  operators.frame = Frame::cavity;
  const ExcitationSectors sectors = excitation_sectors(battery);
  operators.levels = levels.value_or(sectors.excitations + 1);
  const int excitations = operators.levels - 1;
  for (int k = 0; k <= std::min(sectors.last, excitations); ++k) {
    operators.parts.push_back(std::make_unique<TavisCummingsSector>(
        battery, k, excitations, reductions.has(Reduction::real_state), comm));
  }
  operators.values =
      field_of_values(battery, excitations + 1, rotating_energy_range(battery, excitations));
  return operators;
}

/// The even half alone where the initial state has no odd one. Where H is diagonal, in the frame in
/// which atoms and photons stand still: coherences of the battery turn, which no energy shows.
ChargingOperators parity_operators(BatteryParameters battery, const Reductions& reductions,
                                   MPI_Comm comm, std::optional<int> levels) {
  ChargingOperators operators;
  battery.fock_dim = levels.value_or(battery.fock_dim);
  if (Hamiltonian(battery).is_diagonal()) {
    battery.omega_0 = battery.omega_c = 0.0;
    operators.frame = Frame::free;
  }
  operators.levels = battery.fock_dim;
  auto even = std::make_unique<ParitySector>(battery, Parity::even, comm);
  auto odd = reductions.has(Reduction::even_parity) ? nullptr : even->other_half();
  operators.parts.push_back(std::move(even));
  if (odd) {
    operators.parts.push_back(std::move(odd));
  }
  operators.values = field_of_values(battery, battery.fock_dim, energy_range(battery));
  return operators;
}

/// Both halves as one part.
ChargingOperators driven_operators(BatteryParameters battery, std::optional<int> levels) {
  ChargingOperators operators;
  battery.fock_dim = levels.value_or(battery.fock_dim);
  operators.levels = battery.fock_dim;
  operators.frame = frame_of_terms(battery);
  operators.parts.push_back(std::make_unique<DrivenSector>(battery));
  operators.values = field_of_values(battery, battery.fock_dim, energy_range(battery));
  return operators;
}

}  // namespace

ExcitationSectors excitation_sectors(const BatteryParameters& battery) {
  if (battery.initial_state == InitialState::ground_state) {
    return {battery.fock_dim - 1, 0};
  }
  const int atoms = most_excited_at_first(battery);
  const bool rotated = battery.battery_state == BatteryState::rotated;
  const bool one_number = battery.charger == Charger::fock;
  const int excitations = one_number ? atoms + static_cast<int>(battery.m) : battery.fock_dim - 1;
  // A thermal charger has no coherences either.
  const bool diagonal = !rotated && (one_number || battery.charger == Charger::thermal);
  return {excitations, diagonal ? 0 : std::min(battery.N, excitations)};
}

std::int64_t ChargingOperators::unknowns() const {
  std::int64_t sum = 0;
  for (const auto& part : parts) {
    sum += part->unknowns();
  }
  return sum;
}

void ChargingOperators::ask_for(ObservationRequest request, const BatteryParameters& battery) {
  for (const auto& part : parts) {
    part->observe_more(request, battery);
  }
}

std::string terms_kernels_lack(const BatteryParameters& battery) {
  const Reductions reductions = exact_reductions(battery);
  const Carrier carrier = reductions.has(Reduction::state_vector) ? Carrier::state_vector
                          : reductions.has(Reduction::excitation_sectors)
                              ? Carrier::tavis_cummings_kernel
                          : parity_is_conserved(battery) ? Carrier::parity_kernel
                                                         : Carrier::driven_kernel;
  return carries(carrier, battery) ? std::string() : terms_not_carried(carrier, battery);
}

ChargingOperators matrix_free_operators(const BatteryParameters& battery, MPI_Comm comm,
                                        std::optional<int> levels) {
  Reductions reductions = exact_reductions(battery);
  ChargingOperators operators;
  if (reductions.has(Reduction::state_vector)) {
    operators = state_vector_operators(battery);
  } else if (reductions.has(Reduction::excitation_sectors)) {
    operators = tavis_cummings_operators(battery, reductions, comm, levels);
  } else if (parity_is_conserved(battery)) {
    operators = parity_operators(battery, reductions, comm, levels);
  } else {
    operators = driven_operators(battery, levels);
  }
  operators.reductions = reductions;
  return operators;
}

ChargingOperators assembled_operators(const BatteryParameters& battery) {
  ChargingOperators operators;
  operators.frame = frame_of_terms(battery);
  operators.parts.push_back(std::make_unique<AssembledOperator>(battery));
  operators.levels = battery.fock_dim;
  if (!has_local_noise(battery)) {
    operators.reductions.add(Reduction::symmetric_subspace);
  }
  operators.values = field_of_values(battery, battery.fock_dim, energy_range(battery));
  return operators;
}

}  // namespace qbsweep
