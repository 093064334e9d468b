#pragma once
/// \file
/// What one battery and its charger are made of: the parameters of the master equation
///
///     H = omega_0 (J_z + N/2) + omega_c a^dag a + H_I
///     Dicke            H_I = g' (J_+ + J_-)(a + a^dag)
///     Tavis-Cummings   H_I = g' (J_+ a + J_- a^dag)
///     d rho/dt = -i [H, rho] + kappa D[a] rho
///                + sum_i ( gamma_down D[sigma_-^i] + gamma_phi D[sigma_z^i] ) rho
///
/// Canzio, Cavina, Polini, Giovannetti, "Single-atom dissipation and dephasing in Dicke and
/// Tavis-Cummings quantum batteries" (2024), Eqs. (1)-(3). hbar = 1: energies and rates share one
/// unit, times are in its inverse.

#include <cstdint>

namespace qbsweep {

enum class Interaction { dicke, tavis_cummings };

/// How the coupling depends on the number of atoms: g' = g / sqrt(N) or g' = g.
enum class CouplingScaling { sqrt_n, bare };

/// The charger's first state: a coherent state |alpha = sqrt(m)> or a Fock state |m>.
enum class Charger { coherent, fock };

/// How a charge begins: the battery in its ground state and a filled cavity, or the ground state of
/// the full H with the interaction switched on, in which the charger has no say.
enum class InitialState { charged_cavity, ground_state };

/// One battery and its charger, with every number resolved.
struct BatteryParameters {
  Interaction interaction = Interaction::dicke;
  CouplingScaling coupling_scaling = CouplingScaling::sqrt_n;
  int N = 1;                ///< number of two-level systems, >= 1
  double g = 0.0;           ///< coupling, before scaling with N
  double omega_0 = 1.0;     ///< level splitting of the two-level systems, > 0
  double omega_c = 1.0;     ///< frequency of the cavity, > 0
  double kappa = 0.0;       ///< photon loss rate of the cavity
  double gamma_down = 0.0;  ///< decay rate of every single atom
  double gamma_phi = 0.0;   ///< dephasing rate of every single atom (belongs to the Pauli sigma_z)
  InitialState initial_state = InitialState::charged_cavity;
  Charger charger = Charger::coherent;
  double m = 1.0;    ///< the charger's first mean photon number, >= 0; an integer for a Fock state
  int fock_dim = 2;  ///< Fock levels kept: n = 0 .. fock_dim - 1, >= 2
};

/// g': g / sqrt(N) for `sqrt_n`, g for `bare`.
[[nodiscard]] double effective_coupling(const BatteryParameters& battery);

/// g_c of the superradiant transition: sqrt(omega_0 omega_c)/2 (Dicke), sqrt(omega_0 omega_c)
/// (Tavis-Cummings). Paper, Eq. (6).
[[nodiscard]] double critical_coupling(Interaction interaction, double omega_0, double omega_c);

/// Whether single-atom decay or dephasing acts: only then are blocks with j < N/2 reached.
[[nodiscard]] bool has_local_noise(const BatteryParameters& battery);

/// The Fock levels the paper keeps: ceil(4 m) + 1 (section "Methods"), and at least 2.
[[nodiscard]] int paper_fock_dim(double m);

/// Number of stored reals: the sum over the blocks j of ((2j+1) fock_dim)^2, which is
/// (N+1)(N+2)(N+3)/6 fock_dim^2 with local noise and ((N+1) fock_dim)^2 without.
[[nodiscard]] std::int64_t count_unknowns(int N, int fock_dim, bool local_noise);

}  // namespace qbsweep
