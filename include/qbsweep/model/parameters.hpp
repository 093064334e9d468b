#pragma once
/// \file
/// What one battery and its charger are made of: the parameters of the master equation
///
///     H = omega_0 (J_z + N/2) + omega_c a^dag a
///         + g' [ (J_+ a + J_- a^dag) + r (J_+ a^dag + J_- a) ]
///         + drive (a e^(i omega_d t) + a^dag e^(-i omega_d t))
///         + atom_drive (J_- e^(i omega_d t) + J_+ e^(-i omega_d t))
///         + (ising_z / N) J_z^2 + (ising_x / N) J_x^2
///     d rho/dt = -i [H, rho] + kappa (n_th + 1) D[a] rho + kappa n_th D[a^dag] rho
///                + sum_i ( gamma_down D[sigma_-^i] + gamma_up D[sigma_+^i]
///                          + gamma_phi D[sigma_z^i] ) rho
///                + ( collective_down D[J_-] + collective_up D[J_+] + collective_phi D[J_z] ) rho
///
/// with r = 1 (Dicke), r = 0 (Tavis-Cummings) or any other. The terms stand as tables in
/// hamiltonian_table.cpp and dissipator_table.cpp.
///
/// Canzio, Cavina, Polini, Giovannetti, "Single-atom dissipation and dephasing in Dicke and
/// Tavis-Cummings quantum batteries" (2024), Eqs. (1)-(3), has the two interactions, kappa,
/// gamma_down and gamma_phi. hbar = 1: energies and rates share one unit, times are in its inverse.

#include <cstdint>

namespace qbsweep {

enum class Interaction { dicke, tavis_cummings, anisotropic };

/// How the coupling depends on the number of atoms: g' = g / sqrt(N) or g' = g.
enum class CouplingScaling { sqrt_n, bare };

/// The charger's initial state, with m photons on average: a coherent state |alpha = sqrt(m)>, a
/// Fock state |m>, a thermal state, or the squeezed vacuum.
enum class Charger { coherent, fock, thermal, squeezed_vacuum };

/// The battery's initial state, always of j = N/2: all atoms down, all up, every atom in
/// cos(theta/2)|down> + sin(theta/2)|up>, or the Dicke state |N/2, k - N/2> of k excitations.
enum class BatteryState { ground, excited, rotated, dicke };

/// How a charging run begins: the battery and the cavity each in a state of its own, or the ground
/// state of the full H with the interaction switched on, in which these have no say.
enum class InitialState { charged_cavity, ground_state };

/// One battery and its charger, with every number resolved.
struct BatteryParameters {
  Interaction interaction = Interaction::dicke;
  CouplingScaling coupling_scaling = CouplingScaling::sqrt_n;
  int N = 1;                ///< number of two-level systems, >= 1
  double g = 0.0;           ///< coupling, before scaling with N
  double anisotropy = 0.0;  ///< r of the counter-rotating terms, >= 0; for `anisotropic` alone
  double omega_0 = 1.0;     ///< level splitting of the two-level systems, > 0
  double omega_c = 1.0;     ///< frequency of the cavity, > 0
  double kappa = 0.0;       ///< photon loss rate of the cavity
  double n_th = 0.0;        ///< thermal photons of the cavity's surroundings
  double gamma_down = 0.0;  ///< decay rate of every single atom
  double gamma_up = 0.0;    ///< pumping rate of every single atom
  double gamma_phi = 0.0;   ///< dephasing rate of every single atom (belongs to the Pauli sigma_z)
  double collective_down = 0.0;  ///< rate of D[J_-]
  double collective_up = 0.0;    ///< rate of D[J_+]
  double collective_phi = 0.0;   ///< rate of D[J_z]
  double ising_z = 0.0;          ///< of J_z^2/N
  double ising_x = 0.0;          ///< of J_x^2/N
  double drive = 0.0;            ///< amplitude of the cavity's drive
  double atom_drive = 0.0;       ///< amplitude of the atoms' drive
  double omega_d = 0.0;          ///< frequency of both drives, in the frame of the laboratory
  /// Of i (a - a^dag) and i (J_- - J_+), beside the drives' real parts: what drives that turn in the
  /// laboratory are made of (turning_drives.hpp). No parameters of a sweep file.
  double drive_quadrature = 0.0;
  double atom_drive_quadrature = 0.0;
  InitialState initial_state = InitialState::charged_cavity;
  BatteryState battery_state = BatteryState::ground;
  double battery_angle = 0.0;   ///< theta of `rotated`
  int battery_excitations = 0;  ///< k of `dicke`, 0 .. N
  Charger charger = Charger::coherent;
  double m = 1.0;    ///< the charger's first mean photon number, >= 0; an integer for a Fock state
  int fock_dim = 2;  ///< Fock levels kept: n = 0 .. fock_dim - 1, >= 2
};

/// g': g / sqrt(N) for `sqrt_n`, g for `bare`.
[[nodiscard]] double effective_coupling(const BatteryParameters& battery);

/// r: 1 for `dicke`, 0 for `tavis_cummings`.
[[nodiscard]] double counter_rotating(const BatteryParameters& battery);

/// g_c of the superradiant transition: sqrt(omega_0 omega_c)/(1 + r). Paper, Eq. (6), has r = 1, 0.
[[nodiscard]] double critical_coupling(const BatteryParameters& battery);

/// The frequency of the frame in which the battery is described: omega_d where something drives it
/// and nothing counter-rotates, ising_x included, so that the drive stands still there; 0, the
/// laboratory's, elsewhere. Energies of battery and photons are those of the laboratory in either.
[[nodiscard]] double frame_frequency(const BatteryParameters& battery);

/// Whether there is such a frame for the drives, or no drive.
[[nodiscard]] bool drives_stand_still(const BatteryParameters& battery);

/// Atoms that are excited at most in the battery's initial state.
[[nodiscard]] int most_excited_at_first(const BatteryParameters& battery);

/// Whether single atoms are acted on: only then are blocks with j < N/2 reached.
[[nodiscard]] bool has_local_noise(const BatteryParameters& battery);

/// The Fock levels the paper keeps: ceil(4 m) + 1 (section "Methods"), and at least 2.
[[nodiscard]] int paper_fock_dim(double m);

/// Number of stored reals: the sum over the blocks j of ((2j+1) fock_dim)^2, which is
/// (N+1)(N+2)(N+3)/6 fock_dim^2 with local noise and ((N+1) fock_dim)^2 without.
[[nodiscard]] std::int64_t count_unknowns(int N, int fock_dim, bool local_noise);

}  // namespace qbsweep
