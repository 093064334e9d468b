#include "qbsweep/physics/parameters.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "qbsweep/physics/model_terms.hpp"

namespace qbsweep {

double effective_coupling(const BatteryParameters& battery) {
  return battery.coupling_scaling == CouplingScaling::sqrt_n ? battery.g / std::sqrt(battery.N)
                                                             : battery.g;
}

double critical_coupling(Interaction interaction, double omega_0, double omega_c) {
  const double geometric_mean = std::sqrt(omega_0 * omega_c);
  return interaction == Interaction::dicke ? geometric_mean / 2 : geometric_mean;
}

bool has_local_noise(const BatteryParameters& battery) {
  // What is not known to be collective counts as local: the larger basis holds it either way.
  constexpr Terms collective(std::array{Term::coupling, Term::free_evolution, Term::cavity_loss});
  return !present_terms(battery).without(collective).empty();
}

int paper_fock_dim(double m) {
  return std::max(2, static_cast<int>(std::ceil(4 * m)) + 1);
}

std::int64_t count_unknowns(int N, int fock_dim, bool local_noise) {
  const std::int64_t n = N;
  const std::int64_t spin_elements =
      local_noise ? (n + 1) * (n + 2) * (n + 3) / 6 : (n + 1) * (n + 1);
  return spin_elements * fock_dim * fock_dim;
}

}  // namespace qbsweep
