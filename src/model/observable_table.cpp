#include <array>
#include <cmath>
#include <limits>

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
                        s.interaction_energy + s.other_energy + s.drive_energy +
                        s.atom_drive_energy;
               },
               true},
    Observable{"battery_energy_variance", "omega^2", R"(\mathrm{Var}(H_B))",
               "variance of the battery's energy", "<H_B^2> - <H_B>^2",
               [](State s) {
                 return square(s.battery.omega_0) *
                        (mean_square_excitations(s) - square(mean_excitations(s)));
               }},
    Observable{"jz", "1", R"(\langle J_z\rangle)", "mean of J_z",
               "<J_z>, from -N/2 (all down) to N/2",
               [](State s) { return mean_excitations(s) - s.battery.N / 2.0; }},
    Observable{"single_atom_ergotropy", "omega", R"(\mathcal{E}_1)",
               "ergotropy of a single atom's state",
               "of the reduced state of one atom, with Bloch vector b: omega_0 (|b| + b_z)/2",
               [](State s) {
                 const double z = 2 * mean_excitations(s) / s.battery.N - 1;
                 const double across = 2 * mean_lowering(s) / s.battery.N;
                 return s.battery.omega_0 / 2 * (std::hypot(z, across) + z);
               }},
    Observable{
        "ergotropy_incoherent", "omega", R"(\mathcal{E}_i)", "ergotropy of the populations alone",
        "global ergotropy of rho_B without its coherences between energies (Francica et al., "
        "PRL 125, 180603 (2020))",
        [](State s) { return incoherent_ergotropy(s); }},
    Observable{"battery_entropy", "1", R"(S(\rho_B))", "von Neumann entropy of the battery",
               "-Tr(rho_B ln rho_B) on the 2^N space", [](State s) { return entropy(s); }},
    Observable{"battery_purity", "1", R"(\mathrm{Tr}\,\rho_B^2)", "purity of the battery",
               "Tr(rho_B^2) on the 2^N space", [](State s) { return purity(s); }},
    Observable{"battery_coherence", "1", R"(C(\rho_B))",
               "relative entropy of coherence of the battery",
               "S of the populations in the energy basis less S(rho_B) (Baumgratz, Cramer, Plenio, "
               "PRL 113, 140401 (2014))",
               [](State s) { return entropy_of_populations(s) - entropy(s); }},
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
};

}  // namespace

std::span<const Observable> observable_table() {
  return table;
}

}  // namespace qbsweep
