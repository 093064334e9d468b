#include "requested_observations.hpp"

#include <cmath>

#include "qbsweep/model/dissipators.hpp"

namespace qbsweep {
namespace {

using Kind = RequestedObservation::Kind;
using VisitElement = std::function<void(const Element&, double)>;

/// H is that of the laboratory, whatever the frame: with the drives as they stand in it.
BatteryParameters in_laboratory(BatteryParameters battery, int fock_dim) {
  battery.omega_d = 0.0;
  battery.fock_dim = fock_dim;
  return battery;
}

/// Whether an energy has factors that the noise of a bath acts on.
bool is_reached(Bath bath, EnergyOf energy) {
  switch (energy) {
    case EnergyOf::battery:
    case EnergyOf::other:
    case EnergyOf::atom_drive:
    case EnergyOf::atom_drive_quadrature:
      return bath == Bath::atoms;
    case EnergyOf::photons:
    case EnergyOf::drive:
    case EnergyOf::drive_quadrature:
      return bath == Bath::cavity;
    case EnergyOf::interaction:
      break;
  }
  return true;
}

std::vector<ActiveJump> jumps_of(Bath bath, const BatteryParameters& battery) {
  std::vector<ActiveJump> jumps = active_jumps(battery);
  std::erase_if(jumps, [&](const ActiveJump& active) {
    return acts_on_cavity(active.jump) != (bath == Bath::cavity);
  });
  return jumps;
}

/// Tr(H D[rho]) = sum_pq (A + S)_pq D[R]_pq.
void for_each_heat_element(const RequestedObservation& heat, const StateBasis& basis,
                           const BatteryParameters& battery, const VisitElement& visit) {
  const Hamiltonian H(in_laboratory(battery, basis.fock_dim()), heat.energy);
  const std::vector<ActiveJump> jumps = jumps_of(heat.bath, battery);
  for (int b = 0; b < static_cast<int>(basis.blocks().size()); ++b) {
    const SpinBlock block = basis.blocks()[b];
    for (int i = 0; i < block.dim(); ++i) {
      for (int n = 0; n < basis.fock_dim(); ++n) {
        for_each_energy_element(H, block, i, n, [&](int k, int l, double energy) {
          const Element element = {b, i, k, n, l};
          for (const auto& [jump, rate] : jumps) {
            for_each_jump_source(jump, basis, element,
                                 [&, rate = rate](const Element& from, double weight) {
                                   visit(from, rate * weight * energy);
                                 });
            const double lost = jump_loss(jump, basis.N(), basis.fock_dim(), block, i, n) +
                                jump_loss(jump, basis.N(), basis.fock_dim(), block, k, l);
            visit(element, -rate * lost / 2 * energy);
          }
        });
      }
    }
  }
}

/// <a> = sum sqrt(n) rho[n, n - 1], where the frame of the spins plays no part: of a pair of adjoint
/// elements R the real part of rho is half the sum, the imaginary part half the difference.
void for_each_field_element(Kind kind, const StateBasis& basis, const VisitElement& visit) {
  const double adjoint_sign = kind == Kind::cavity_x ? 1.0 : -1.0;
  for (int b = 0; b < static_cast<int>(basis.blocks().size()); ++b) {
    for (int i = 0; i < basis.blocks()[b].dim(); ++i) {
      for (int n = 1; n < basis.fock_dim(); ++n) {
        const double weight = std::sqrt(n / 2.0);
        visit({b, i, i, n, n - 1}, weight);
        visit({b, i, i, n - 1, n}, adjoint_sign * weight);
      }
    }
  }
}

}  // namespace

std::vector<RequestedObservation> requested_observations(const BatteryParameters& battery,
                                                         ObservationRequest request) {
  std::vector<RequestedObservation> requested;
  if (request.cavity_field) {
    requested.push_back({Kind::cavity_x});
    requested.push_back({Kind::cavity_p});
  }
  for (const Bath bath : {Bath::cavity, Bath::atoms}) {
    if (!request.heat || jumps_of(bath, battery).empty()) {
      continue;
    }
    for (const EnergyOf energy : all_energies) {
      if (is_reached(bath, energy) &&
          !Hamiltonian(in_laboratory(battery, battery.fock_dim), energy).empty()) {
        requested.push_back({Kind::heat, bath, energy});
      }
    }
  }
  return requested;
}

void for_each_requested_observation(
    const ObservationLayout& layout, const StateBasis& basis, const BatteryParameters& battery,
    const std::function<void(std::int64_t, const Element&, double)>& visit) {
  std::int64_t position = layout.first_requested();
  for (const RequestedObservation& requested : layout.requested) {
    const VisitElement visit_element = [&](const Element& element, double weight) {
      visit(position, element, weight);
    };
    if (requested.kind == Kind::heat) {
      for_each_heat_element(requested, basis, battery, visit_element);
    } else {
      for_each_field_element(requested.kind, basis, visit_element);
    }
    ++position;
  }
}

}  // namespace qbsweep
