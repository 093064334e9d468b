#include "qbsweep/model/hamiltonian.hpp"

namespace qbsweep {
namespace {

using Battery = const BatteryParameters&;

/// The whole model's H (parameters.hpp). A new term is an entry here.
constexpr std::array table = {
    HamiltonianTerm{"free evolution", "omega_0 (J_z + N/2)",
                    [](Battery b) { return b.omega_0 - frame_frequency(b); },
                    SpinFactor::excited_atoms, CavityFactor::one, false, EnergyOf::battery},
    HamiltonianTerm{"free evolution", "omega_c a^dag a",
                    [](Battery b) { return b.omega_c - frame_frequency(b); }, SpinFactor::one,
                    CavityFactor::photons, false, EnergyOf::photons},
    HamiltonianTerm{"coupling", "g' (J_+ a + J_- a^dag)",
                    [](Battery b) { return effective_coupling(b); }, SpinFactor::raising,
                    CavityFactor::annihilation, true, EnergyOf::interaction},
    HamiltonianTerm{"coupling", "g' r (J_+ a^dag + J_- a)",
                    [](Battery b) { return effective_coupling(b) * counter_rotating(b); },
                    SpinFactor::raising, CavityFactor::creation, true, EnergyOf::interaction},
    HamiltonianTerm{"drive of the cavity", "drive (a e^(i omega_d t) + a^dag e^(-i omega_d t))",
                    [](Battery b) { return b.drive; }, SpinFactor::one, CavityFactor::annihilation,
                    true, EnergyOf::drive},
    HamiltonianTerm{"drive of the atoms", "atom_drive (J_- e^(i omega_d t) + J_+ e^(-i omega_d t))",
                    [](Battery b) { return b.atom_drive; }, SpinFactor::raising, CavityFactor::one,
                    true, EnergyOf::atom_drive},
    HamiltonianTerm{"ising_z", "(ising_z / N) J_z^2", [](Battery b) { return b.ising_z / b.N; },
                    SpinFactor::jz_squared, CavityFactor::one, false, EnergyOf::other},
    HamiltonianTerm{"ising_x", "(ising_x / N) J_x^2", [](Battery b) { return b.ising_x / b.N; },
                    SpinFactor::jx_squared, CavityFactor::one, false, EnergyOf::other},
    HamiltonianTerm{"turned drive of the cavity", "drive_quadrature i (a - a^dag)",
                    [](Battery b) { return b.drive_quadrature; }, SpinFactor::one,
                    CavityFactor::annihilation, true, EnergyOf::drive_quadrature, true},
    HamiltonianTerm{"turned drive of the atoms", "atom_drive_quadrature i (J_- - J_+)",
                    [](Battery b) { return -b.atom_drive_quadrature; }, SpinFactor::raising,
                    CavityFactor::one, true, EnergyOf::atom_drive_quadrature, true},
};

}  // namespace

std::span<const HamiltonianTerm> hamiltonian_table() {
  return table;
}

}  // namespace qbsweep
