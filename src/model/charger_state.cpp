#include "qbsweep/model/charger_state.hpp"

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

/// m^n / (m + 1)^(n + 1), of a thermal state.
double geometric(double m, int n) {
  return std::exp(n * (std::log(m) - std::log1p(m)) - std::log1p(m));
}

/// Of the squeezed vacuum with m photons: (2k)! / (2^k k!)^2 tanh(r)^2k / cosh(r) for n = 2k.
double squeezed(double m, int n) {
  if (n % 2 != 0) {
    return 0.0;
  }
  const int k = n / 2;
  return std::exp(std::lgamma(n + 1.0) - 2 * (k * std::log(2.0) + std::lgamma(k + 1.0)) +
                  k * (std::log(m) - std::log1p(m)) - std::log1p(m) / 2);
}

double population(Charger charger, double m, int n) {
  if (m == 0) {
    return n == 0 ? 1.0 : 0.0;
  }
  switch (charger) {
    case Charger::fock:
      return n == m ? 1.0 : 0.0;
    case Charger::coherent:
      return poisson(m, n);
    case Charger::thermal:
      return geometric(m, n);
    case Charger::squeezed_vacuum:
      break;
  }
  return squeezed(m, n);
}

/// The weight above the levels kept, summed directly: 1 minus the kept weight would lose every
/// small value to rounding.
double weight_above(Charger charger, double m, int first) {
  if (m == 0 || charger == Charger::fock) {
    return 0.0;
  }
  if (charger == Charger::thermal) {
    return std::exp(first * (std::log(m) - std::log1p(m)));
  }
  double tail = 0.0;
  for (int n = first + (charger == Charger::squeezed_vacuum ? first % 2 : 0);;
       n += charger == Charger::squeezed_vacuum ? 2 : 1) {
    const double p = population(charger, m, n);
    tail += p;
    if (n > m && p <= 1e-17 * tail) {
      return tail;
    }
  }
}

const char* name_of(Charger charger) {
  switch (charger) {
    case Charger::fock:
      return "a Fock";
    case Charger::coherent:
      return "a coherent";
    case Charger::thermal:
      return "a thermal";
    case Charger::squeezed_vacuum:
      break;
  }
  return "a squeezed";
}

}  // namespace

ChargerState charger_state(Charger charger, double m, int fock_dim) {
  ChargerState state;
  if (charger == Charger::fock && (m < 0 || m >= fock_dim || m != std::floor(m))) {
    throw InputError("a Fock charger with m = " + std::to_string(m) +
                     " does not fit: a whole number below fock_dim = " + std::to_string(fock_dim) +
                     " is accepted");
  }
  double kept = 0.0;
  for (int n = 0; n < fock_dim; ++n) {
    const double p = population(charger, m, n);
    // Squeezed in x: the signs of successive pairs of photons alternate.
    const bool negative = charger == Charger::squeezed_vacuum && n % 4 == 2;
    state.amplitudes.push_back((negative ? -1 : 1) * std::sqrt(p));
    kept += p;
  }
  if (!(kept > 0)) {
    throw InputError(std::string(name_of(charger)) + " charger with m = " + std::to_string(m) +
                     " has no weight in fock_dim = " + std::to_string(fock_dim) + " levels");
  }
  for (double& amplitude : state.amplitudes) {
    amplitude /= std::sqrt(kept);
  }
  state.mixed = charger == Charger::thermal && m > 0;
  state.weight_cut = weight_above(charger, m, fock_dim);
  return state;
}

}  // namespace qbsweep
