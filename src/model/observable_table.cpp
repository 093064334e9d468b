#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>
#include <numbers>
#include <numeric>

#include "battery_functions.hpp"
#include "qbsweep/model/observable.hpp"

namespace qbsweep {
namespace {

using State = const ObservedState&;

double square(double x) {
  return x * x;
}

/// <n(n-1)>, or <n^2> with n(n-1) + n.
double mean_of_pairs(State state) {
  double sum = 0.0;
  for (std::size_t n = 2; n < state.photon_distribution.size(); ++n) {
    const auto photons = static_cast<double>(n);
    sum += photons * (photons - 1) * state.photon_distribution[n];
  }
  return sum;
}

constexpr ObservationRequest photon_distribution = {.photon_distribution = true};
constexpr ObservationRequest cavity_field = {.cavity_field = true};
constexpr ObservationRequest heat = {.heat = true};

BatteryBlocks blocks_of(State state) {
  return {state.battery.N, state.blocks, state.rho_B};
}

std::complex<double> lowering_in_laboratory(State state) {
  return mean_lowering(blocks_of(state)) * std::polar(1.0, -state.turned.atoms);
}

std::complex<double> field_in_laboratory(State state) {
  return state.field * std::polar(1.0, -state.turned.photons);
}

void store_photon_distribution(State state, std::span<double> out) {
  std::ranges::fill(out, 0.0);
  std::copy_n(state.photon_distribution.begin(),
              std::min(out.size(), state.photon_distribution.size()), out.begin());
}

/// Blocks that are not reached are 0; what lies beyond the blocks of a point is NaN.
void store_battery_state(State state, std::span<double> out) {
  std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  std::ranges::fill(out.first(static_cast<std::size_t>(2 * battery_state_size(state.battery.N))),
                    0.0);
  auto next = out.begin();
  for_each_block(blocks_of(state), [&](SpinBlock block, const double* elements) {
    for (int i = 0; i < block.dim(); ++i) {
      for (int k = 0; k < block.dim(); ++k) {
        const std::complex<double> element =
            density_element(block, elements, i, k) * std::polar(1.0, -(i - k) * state.turned.atoms);
        *next++ = element.real();
        *next++ = element.imag();
      }
    }
  });
}

/// All that is looked at in a state. A new observable is an entry here.
constexpr std::array table = {
    Observable{"battery_energy", "omega", R"(E_B)", "energy of the battery",
               "E_B = <H_B>, H_B = omega_0 (J_z + N/2)", [](State s) { return s.energies.energy; },
               true},
    Observable{"photon_number", "1", R"(\langle a^\dagger a\rangle)",
               "mean photon number of the cavity", "<a^dag a>",
               [](State s) { return s.photon_number; }, true},
    Observable{"interaction_energy", "omega", R"(\langle H_I\rangle)",
               "energy <H_I> of the interaction", "<H_I>",
               [](State s) { return s.interaction_energy; }, true},
    Observable{"total_energy", "omega", R"(\langle H\rangle)",
               "energy <H> with the interaction switched on", "<H>",
               [](State s) {
                 return s.controls[Control::omega_0] * s.energies.energy +
                        s.controls[Control::omega_c] * s.battery.omega_c * s.photon_number +
                        s.interaction_energy + s.other_energy +
                        std::accumulate(s.drive_energies.begin(), s.drive_energies.end(), 0.0);
               },
               true},
    Observable{"battery_energy_variance", "omega^2", R"(\mathrm{Var}(H_B))",
               "variance of the battery's energy", "<H_B^2> - <H_B>^2",
               [](State s) {
                 return square(s.battery.omega_0) * (mean_square_excitations(blocks_of(s)) -
                                                     square(mean_excitations(blocks_of(s))));
               }},
    Observable{"jz", "1", R"(\langle J_z\rangle)", "mean of J_z",
               "<J_z>, from -N/2 (all down) to N/2",
               [](State s) { return mean_excitations(blocks_of(s)) - s.battery.N / 2.0; }},
    Observable{"jx", "1", R"(\langle J_x\rangle)", "mean of J_x", "<J_x>",
               [](State s) { return lowering_in_laboratory(s).real(); }},
    Observable{"jy", "1", R"(\langle J_y\rangle)", "mean of J_y", "<J_y>",
               [](State s) { return -lowering_in_laboratory(s).imag(); }},
    Observable{"spin_squeezing", "1", R"(\xi^2)", "Wineland's squeezing parameter of the spins",
               "N min Var(J_perp)/|<J>|^2 over the directions across <J>, below 1 where the spins "
               "are squeezed; NaN where <J> is 0 (Wineland et al., PRA 46, R6797 (1992))",
               [](State s) { return spin_squeezing(blocks_of(s)); }},
    Observable{"single_atom_ergotropy", "omega", R"(\mathcal{E}_1)",
               "ergotropy of a single atom's state",
               "of the reduced state of one atom, with Bloch vector b: omega_0 (|b| + b_z)/2",
               [](State s) {
                 const double z = 2 * mean_excitations(blocks_of(s)) / s.battery.N - 1;
                 const double across = 2 * std::abs(mean_lowering(blocks_of(s))) / s.battery.N;
                 return s.battery.omega_0 / 2 * (std::hypot(z, across) + z);
               }},
    Observable{
        "ergotropy_incoherent", "omega", R"(\mathcal{E}_i)", "ergotropy of the populations alone",
        "global ergotropy of rho_B without its coherences between energies (Francica et al., "
        "PRL 125, 180603 (2020))",
        [](State s) { return incoherent_ergotropy(blocks_of(s), s.battery.omega_0); }},
    Observable{"battery_entropy", "1", R"(S(\rho_B))", "von Neumann entropy of the battery",
               "-Tr(rho_B ln rho_B) on the 2^N space",
               [](State s) { return entropy(blocks_of(s)); }},
    Observable{"battery_purity", "1", R"(\mathrm{Tr}\,\rho_B^2)", "purity of the battery",
               "Tr(rho_B^2) on the 2^N space", [](State s) { return purity(blocks_of(s)); }},
    Observable{
        "battery_coherence", "1", R"(C(\rho_B))", "relative entropy of coherence of the battery",
        "S of the populations in the energy basis less S(rho_B) (Baumgratz, Cramer, Plenio, "
        "PRL 113, 140401 (2014))",
        [](State s) { return entropy_of_populations(blocks_of(s)) - entropy(blocks_of(s)); }},
    Observable{"photon_variance", "1", R"(\mathrm{Var}(a^\dagger a))",
               "variance of the photon number", "<n^2> - <n>^2",
               [](State s) { return mean_of_pairs(s) + s.photon_number - square(s.photon_number); },
               false, photon_distribution},
    Observable{"g2", "1", R"(g^{(2)}(0))", "second-order coherence of the cavity",
               "<a^dag a^dag a a>/<a^dag a>^2; NaN without photons",
               [](State s) {
                 return s.photon_number > 0 ? mean_of_pairs(s) / square(s.photon_number)
                                            : std::numeric_limits<double>::quiet_NaN();
               },
               false, photon_distribution},
    Observable{"cavity_x", "1", R"(\langle x\rangle)", "mean of the cavity's quadrature x",
               "<a + a^dag>/sqrt(2)",
               [](State s) { return std::numbers::sqrt2 * field_in_laboratory(s).real(); }, false,
               cavity_field},
    Observable{"cavity_p", "1", R"(\langle p\rangle)", "mean of the cavity's quadrature p",
               "<a - a^dag>/(sqrt(2) i)",
               [](State s) { return std::numbers::sqrt2 * field_in_laboratory(s).imag(); }, false,
               cavity_field},
    Observable{
        "work_switching",
        "omega",
        R"(W_\mathrm{sw})",
        "work of switching since the start",
        "the integral of the changes of `coupling`, `omega_0` and `omega_c` times the means of "
        "what they multiply, jumps included; what they have been from t = 0 on is not switched",
        [](State s) { return s.flowed.work_switching; },
        false,
        {},
        true},
    Observable{
        "work_drive", "omega", R"(W_\mathrm{d})", "work of the drives since the start",
        "the integral of <dH_drive/dt>, which e^(i omega_d t) and the drives' controls change",
        [](State s) { return s.flowed.work_drive; }, false, cavity_field, true},
    Observable{
        "heat_cavity", "omega", R"(Q_\mathrm{c})", "heat from the cavity's bath since the start",
        "the integral of Tr(H D[rho]) with the dissipators of the cavity; negative where the "
        "cavity loses energy",
        [](State s) { return s.flowed.heat_cavity; }, false, heat, true},
    Observable{
        "heat_atoms", "omega", R"(Q_\mathrm{a})", "heat from the atoms' baths since the start",
        "the integral of Tr(H D[rho]) with the dissipators of the atoms. With `work_switching`, "
        "`work_drive` and `heat_cavity` it adds up to the change of `total_energy` since t = 0",
        [](State s) { return s.flowed.heat_atoms; }, false, heat, true},
    Observable{"photon_distribution", "1", R"(p_n)", "population of each Fock level",
               "<n| rho |n>, dimension `photon`", nullptr, false, photon_distribution, false,
               ObservableExtent::photons, store_photon_distribution},
    Observable{
        "battery_state",
        "1",
        R"(\rho_B)",
        "blocks of the battery's state",
        "<j, M| rho_j |j, M'> of j = N/2, N/2 - 1, ..., each summed over its d_j equal copies "
        "([three ergotropies](three-ergotropies.md)), as rows of M = -j .. j; those of fewer atoms "
        "are followed by NaN; dimensions `element` and `complex`",
        nullptr,
        false,
        {},
        false,
        ObservableExtent::battery_state,
        store_battery_state},
};

}  // namespace

std::span<const Observable> observable_table() {
  return table;
}

}  // namespace qbsweep
