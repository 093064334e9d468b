#include "qbsweep/physics/charger_state.hpp"

#include <cmath>
#include <string>

#include "qbsweep/support/error.hpp"

namespace qbsweep {
namespace {

/// exp(-m) m^n / n!, the photon statistics of a coherent state. In logarithms, so that neither
/// factor overflows.
double poisson(double m, int n) {
  if (m == 0) {
    return n == 0 ? 1.0 : 0.0;
  }
  return std::exp(n * std::log(m) - m - std::lgamma(n + 1.0));
}

/// The weight above the levels kept, summed directly: 1 minus the kept weight would lose every
/// small value to rounding.
double poisson_tail(double m, int first) {
  double tail = 0.0;
  for (int n = first;; ++n) {
    const double p = poisson(m, n);
    tail += p;
    if (n > m && p <= 1e-17 * tail) {
      return tail;
    }
  }
}

}  // namespace

ChargerState charger_state(Charger charger, double m, int fock_dim) {
  ChargerState state;
  state.amplitudes.assign(fock_dim, 0.0);
  if (charger == Charger::fock) {
    if (m < 0 || m >= fock_dim || m != std::floor(m)) {
      throw InputError("a Fock charger with m = " + std::to_string(m) +
                       " does not fit: a whole number below fock_dim = " +
                       std::to_string(fock_dim) + " is accepted");
    }
    state.amplitudes[static_cast<int>(m)] = 1.0;
    return state;
  }
  double kept = 0.0;
  for (int n = 0; n < fock_dim; ++n) {
    const double p = poisson(m, n);
    state.amplitudes[n] = std::sqrt(p);
    kept += p;
  }
  if (!(kept > 0)) {
    throw InputError("a coherent charger with m = " + std::to_string(m) +
                     " has no weight in fock_dim = " + std::to_string(fock_dim) + " levels");
  }
  for (double& amplitude : state.amplitudes) {
    amplitude /= std::sqrt(kept);
  }
  state.weight_cut = poisson_tail(m, fock_dim);
  return state;
}

}  // namespace qbsweep
